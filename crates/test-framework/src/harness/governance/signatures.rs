//! Signatures: alone, in batches, as certificates, twice, and where they do not belong.

use alys_governance::{
    certificate::{Certificate, CertificateRefusal},
    engine::Effect,
    message::Choice,
    scheme::{Bls, SignatureBytes},
};
use alys_governance_properties::reference::{Ballot, How, Step};
use alys_models::governance::ModelChoice;

use super::{
    council::{Council, VERIFIER, by_model, judge_council},
    workflows::weights,
};
use crate::{
    case::{Pace, TestCase, no_gates},
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::GovernanceIntegration,
    stage::{DriveError, Driven, Stage},
};

use ModelChoice::{Abstain, Approve, Reject};

/// A test of signatures, on virtual time.
const CASE: TestCase = TestCase {
    name: "",
    phase: GovernanceIntegration,
    category: "signature_validation",
    summary: "",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(single(stage)),
    judge: |_, _| {},
    gates: no_gates,
};

/// How signatures go wrong.
const WRONG: [How; 10] = [
    How::ForAnotherChain,
    How::ForAnotherProposal,
    How::ForAnotherRegistry,
    How::ForAnotherChoice,
    How::ByAnother,
    How::Flipped,
    How::Nothing,
    How::Summed,
    How::Up,
    How::Down,
];

pub(super) const SINGLE: TestCase = TestCase {
    name: "test_signature_validation",
    summary: "Forged, flipped and empty signatures are refused, one by one.",
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        judge_council(
            seen,
            judge,
            "GV-1",
            &[("BadSignature", 20), ("Counted(", 2), ("Approved, ModelTally", 1)],
        );
    },
    ..CASE
};

pub(super) const MULTIPLE: TestCase = TestCase {
    name: "test_multi_signature_validation",
    summary: "In batches exactly the wrong votes are refused, also two that add up.",
    drive: |stage| Box::pin(multiple(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        let wanted = [("BadSignature", 4), ("Counted(", 6), ("Known(", 1), ("TooMany(17)", 1)];
        judge_council(seen, judge, "GV-4", &wanted);
    },
    ..CASE
};

pub(super) const AGGREGATE: TestCase = TestCase {
    name: "test_aggregate_signature_validation",
    summary: "Certificates prove what was decided, and every change of one is refused.",
    drive: |stage| Box::pin(aggregate(stage)),
    judge: judge_aggregate,
    ..CASE
};

pub(super) const EQUIVOCATION: TestCase = TestCase {
    name: "test_equivocation_detection",
    summary: "Members who sign two choices count for neither, in any order, and the evidence proves itself.",
    drive: |stage| Box::pin(equivocation(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        judge_council(seen, judge, "GV-3", &[("Equivocated(", 4), ("Late(", 1), ("Known(", 1)]);
        let proved = seen.words(Observed, VERIFIER, "evidence");
        judge.same("GV-3", "what evidence proves", &["proved"; 5], &proved);
    },
    ..CASE
};

pub(super) const REPLAY: TestCase = TestCase {
    name: "test_replay_protection",
    summary: "A vote counts on no other proposal, registry or chain.",
    drive: |stage| Box::pin(replay(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        judge_council(seen, judge, "GV-1", &[("BadSignature", 15), ("Counted(", 8), ("Known(", 4)]);
    },
    ..CASE
};

async fn single(stage: Stage) -> Driven {
    let mut council = Council::assemble(&stage, &weights(&stage, 3))?;
    let proposal = council.submit(1, 0, 60).await?;
    for member in 0..3 {
        for how in WRONG {
            council.votes(proposal, member, Approve, how).await?;
        }
        council.votes(proposal, member, Approve, How::Well).await?;
        council.until(council.now() + 5).await;
    }
    council.adjourn().await
}

async fn multiple(stage: Stage) -> Driven {
    let mut rng = stage.rng();
    let mut council = Council::assemble(&stage, &weights(&stage, 8))?;
    let proposal = council.submit(1, 0, 60).await?;
    let ballot = |member: u64, how: How| Ballot { proposal, member, choice: Approve, how };
    // Two that are right together, and sound ones beside them.
    let pair = [ballot(0, How::Up), ballot(1, How::Down), ballot(2, How::Well), ballot(3, How::Well)];
    council.ask(Step::Votes(pair.to_vec())).await?;
    let mut all: Vec<Ballot> = (0..8).map(|member| ballot(member, How::Well)).collect();
    for _ in 0..2 {
        let place = rng.usize(0..8);
        all[place].how = WRONG[rng.usize(0..WRONG.len())];
    }
    rng.shuffle(&mut all);
    council.ask(Step::Votes(all)).await?;
    council.ask(Step::Votes(vec![ballot(0, How::Well); 17])).await?;
    let again: Vec<Ballot> = (0..8).map(|member| ballot(member, How::Well)).collect();
    council.ask(Step::Votes(again)).await?;
    council.ask(Step::Votes(Vec::new())).await?;
    council.adjourn().await
}

async fn equivocation(stage: Stage) -> Driven {
    let mut council = Council::assemble(&stage, &weights(&stage, 5))?;
    let proposal = council.submit(1, 0, 60).await?;
    let ballot = |member, choice| Ballot { proposal, member, choice, how: How::Well };
    // In both orders, in one batch, and with a third choice; the last member is honest.
    let steps = [
        Step::Vote(ballot(0, Approve)),
        Step::Vote(ballot(0, Reject)),
        Step::Vote(ballot(1, Reject)),
        Step::Vote(ballot(1, Approve)),
        Step::Votes(vec![ballot(2, Approve), ballot(4, Approve), ballot(2, Abstain)]),
        Step::Vote(ballot(0, Abstain)),
        Step::Vote(ballot(1, Reject)),
        Step::Vote(ballot(3, Abstain)),
        Step::Vote(ballot(3, Approve)),
    ];
    for step in steps {
        for effect in council.ask(step).await? {
            let Effect::Equivocated(evidence) = effect else { continue };
            let known =
                council.known(proposal).ok_or_else(|| DriveError("the proposal is gone".to_owned()))?;
            let verified = evidence.verify(&Bls, &known);
            let told = verified.map_or_else(|error| error.to_string(), |()| "proved".to_owned());
            stage.record(Observed, VERIFIER, [("evidence", told.into())]);
        }
    }
    council.until(60).await;
    council.votes(proposal, 4, Reject, How::Well).await?;
    council.adjourn().await
}

async fn replay(stage: Stage) -> Driven {
    let mut council = Council::assemble(&stage, &weights(&stage, 4))?;
    // The same terms twice: what stands for them is the same, and only the numbers differ.
    let planned = |council: &Council| {
        let now = council.now();
        alys_models::governance::ModelDraft {
            payload: 4,
            tag: 7,
            threshold: (2, 3),
            quorum: 1,
            opens: now,
            closes: now + 60,
        }
    };
    for _ in 0..2 {
        let draft = planned(&council);
        council.ask(Step::Submit(draft)).await?;
    }
    for proposal in 0..2 {
        for member in 0..4 {
            for how in [How::ForAnotherProposal, How::ForAnotherRegistry, How::ForAnotherChain] {
                council.votes(proposal, member, Approve, how).await?;
            }
            council.votes(proposal, member, Approve, How::Well).await?;
            if proposal == 0 {
                council.votes(proposal, member, Approve, How::Well).await?;
            }
        }
        council.until(council.now() + 10).await;
    }
    council.adjourn().await
}

/// What is done to a certificate, and what must be said of it.
fn variants(sound: &Certificate) -> Vec<(&'static str, Certificate)> {
    let without_first = sound.signers.get(1..).unwrap_or_default().to_vec();
    let twice = sound.signers.iter().chain(sound.signers.last()).copied().collect();
    let stranger = sound.signers.iter().copied().chain([99]).collect();
    vec![
        ("as it is", sound.clone()),
        ("for the other choice", Certificate { choice: Choice::Reject, ..sound.clone() }),
        ("of another proposal", Certificate { proposal: sound.proposal + 1, ..sound.clone() }),
        ("without a signer", Certificate { signers: without_first, ..sound.clone() }),
        ("with a signer twice", Certificate { signers: twice, ..sound.clone() }),
        ("with a stranger", Certificate { signers: stranger, ..sound.clone() }),
        ("of nobody", Certificate { signers: Vec::new(), ..sound.clone() }),
        ("without a signature", Certificate { signature: SignatureBytes::ZERO, ..sound.clone() }),
    ]
}

/// The first word of a refusal.
fn named(refusal: CertificateRefusal) -> String {
    let words = format!("{refusal:?}");
    words.split([' ', '{']).next().unwrap_or_default().to_owned()
}

async fn aggregate(stage: Stage) -> Driven {
    // Each weighs enough less than a third that no two of them are needed, or enough.
    let mut council = Council::assemble(&stage, &[3, 3, 3, 3, 2])?;
    let approved = council.submit(1, 0, 40).await?;
    let undecided = council.submit(1, 0, 90).await?;
    for member in 0..4 {
        council.votes(approved, member, Approve, How::Well).await?;
    }
    council.votes(approved, 4, Reject, How::Well).await?;
    council.votes(undecided, 0, Approve, How::Well).await?;
    council.until(40).await;
    for (proposal, choice) in [(undecided, Approve), (approved, Reject), (approved, Approve), (9, Approve)] {
        let told = match council.certify(proposal, choice).await? {
            None => "no such proposal".to_owned(),
            Some(Err(error)) => error.to_string(),
            Some(Ok(certificate)) => {
                let known =
                    council.known(proposal).ok_or_else(|| DriveError("the proposal is gone".to_owned()))?;
                for (what, variant) in variants(&certificate) {
                    let said = match variant.verify(&Bls, &known) {
                        Ok(weight) => format!("{what}: {weight}"),
                        Err(refusal) => format!("{what}: {}", named(refusal)),
                    };
                    stage.record(Observed, VERIFIER, [("variant", said.into())]);
                }
                format!("signed by {:?}", certificate.signers)
            }
        };
        stage.record(Observed, VERIFIER, [("certificate", told.into())]);
    }
    council.adjourn().await
}

fn judge_aggregate(seen: Evidence<'_>, judge: &mut Judge) {
    judge_council(seen, judge, "GV-5", &[("Counted(", 6), ("Decided(0, Approved", 1)]);
    let Some((state, _)) = by_model(seen) else { return };
    let side = state.model.proposals.first().map(|proposal| proposal.side(Approve)).unwrap_or_default();
    let carried = state.model.proposals.first().map_or(0, |proposal| proposal.tally().approve);
    let told = |key| seen.words(Observed, VERIFIER, key).into_iter().filter(|(_, words)| !words.is_empty());
    let certificates: Vec<_> = told("certificate").map(|(event, words)| (event, words.to_owned())).collect();
    let expected = [
        "the proposal is active, and not decided".to_owned(),
        "a weight of 2 has voted so, a certificate is of 10 or more".to_owned(),
        format!("signed by {side:?}"),
        "no such proposal".to_owned(),
    ];
    judge.same("GV-5", "certificates", &expected, &certificates);
    let variants: Vec<_> = told("variant").map(|(event, words)| (event, words.to_owned())).collect();
    let expected = [
        format!("as it is: {carried}"),
        "for the other choice: BadSignature".to_owned(),
        "of another proposal: Proposal".to_owned(),
        "without a signer: TooLight".to_owned(),
        "with a signer twice: Order".to_owned(),
        "with a stranger: UnknownMember".to_owned(),
        "of nobody: TooLight".to_owned(),
        "without a signature: BadSignature".to_owned(),
    ];
    judge.same("GV-5", "what changed certificates prove", &expected, &variants);
}
