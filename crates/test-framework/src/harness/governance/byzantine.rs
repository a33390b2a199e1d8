//! Byzantine members, up to and beyond one third: what their weight allows, and what it does not.

use alys_governance::{
    engine::{Effect, Event, Governance, Settings},
    scheme::Ideal,
    tally::Tally,
    vote::Vote,
};
use alys_governance_properties::{
    real::{
        coalitions::Coalition,
        keys::IdealKeys,
        machine::draft,
        signing::{Signing, choice},
    },
    reference::{How, Proof},
};
use alys_models::governance::{ModelChoice, ModelDraft, ModelKey, ModelProposal, shares};

use super::{
    council::{Council, judge_council},
    workflows::weights,
};
use crate::{
    case::{Pace, TestCase, no_gates},
    chaos::{Seen, name},
    event::TestEventType::{FailureInjected, Observed},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::GovernanceIntegration,
    stage::{DriveError, Driven, Stage},
};

use ModelChoice::{Approve, Reject};

pub(super) const THIRDS: TestCase = TestCase {
    name: "test_byzantine_thirds",
    phase: GovernanceIntegration,
    category: "signature_validation",
    summary: "Up to and beyond one third, Byzantine members can do what their weight allows, and nothing else.",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(thirds(stage)),
    judge,
    gates: no_gates,
};

/// Thresholds that are attacked.
const SHARES: [(u64, u64); 2] = [(1, 2), (2, 3)];

async fn thirds(stage: Stage) -> Driven {
    let weights = weights(&stage, 6);
    let told: Vec<String> = weights.iter().map(u64::to_string).collect();
    stage.record(Observed, "coalitions", [("weights", told.join(" ").into())]);
    let total: u64 = weights.iter().sum();
    for (above, below) in SHARES {
        for count in 0..=weights.len() {
            let byzantine: Vec<bool> = (0..weights.len()).map(|member| member < count).collect();
            let coalition = Coalition::new(&weights, &byzantine, (above, below), total / 2);
            let (passes, blocks) = (coalition.passes().is_some(), coalition.blocks().is_some());
            let told = [
                ("byzantine", count.into()),
                ("above", above.into()),
                ("below", below.into()),
                ("passes", u64::from(passes).into()),
                ("blocks", u64::from(blocks).into()),
                ("opposite", u64::from(coalition.splits().is_some()).into()),
            ];
            stage.record(FailureInjected, "coalitions", told);
        }
    }
    // The same with real signatures: two of seven sign both, the others approve; then four of seven.
    let mut council = Council::assemble(&stage, &[1; 7])?;
    for liars in [2, 4] {
        let proposal = council.submit(3, 0, 50).await?;
        for member in 0..7 {
            council.votes(proposal, member, Approve, How::Well).await?;
            if member < liars {
                council.votes(proposal, member, Reject, How::Well).await?;
                // And in the name of somebody honest.
                council.votes(proposal, 6, Reject, How::ByAnother).await?;
            }
        }
        council.until(council.now() + 50).await;
    }
    council.adjourn().await
}

fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let wanted =
        [("Equivocated(", 6), ("BadSignature", 6), ("Decided(0, Approved", 1), ("Decided(1, Rejected", 1)];
    judge_council(seen, judge, "GV-6", &wanted);
    let told = seen.from(Observed, "coalitions").map(|event| event.words("weights")).next();
    let weights: Vec<u64> = told.unwrap_or_default().split(' ').filter_map(|one| one.parse().ok()).collect();
    let total: u64 = weights.iter().sum();
    let mut expected = Vec::new();
    for (above, below) in SHARES {
        for count in 0..=weights.len() {
            let (byzantine, passing) = (weights[..count].iter().sum(), shares::passing(total, above, below));
            expected.push([
                count as u64,
                above,
                u64::from(shares::passes_alone(byzantine, passing)),
                u64::from(shares::blocks_alone(total, byzantine, passing, total / 2)),
                u64::from(shares::two_certificates(&weights[count..], byzantine, passing)),
            ]);
        }
    }
    let keys = ["byzantine", "above", "passes", "blocks", "opposite"];
    let found: Vec<_> = seen
        .from(FailureInjected, "coalitions")
        .map(|event| (event.event_id, keys.map(|key| event.count(key).unwrap_or(u64::MAX))))
        .collect();
    judge.same("GV-6", "what coalitions can do", &expected, &found);
    for (what, at) in [("pass alone", 2), ("block alone", 3), ("certify both", 4)] {
        let can = found.iter().filter(|(_, told)| told[at] == 1).count();
        judge.at_least("gate", &format!("coalitions that {what}"), 1_u64, can);
        judge.at_least("gate", &format!("coalitions that do not {what}"), 1_u64, found.len() - can);
    }
}

/// When voting closes.
const CLOSES: u64 = 10;

/// An engine with members of weight 1, and one open proposal.
fn opened(seed: u64, members: u64) -> (Signing<IdealKeys>, Governance<Ideal>) {
    let mut signing = Signing::<IdealKeys>::new(seed);
    let settings = Settings { chain_id: seed, ..Settings::default() };
    let mut engine = Governance::new(settings, signing.scheme.clone());
    for owner in 0..members {
        let application = signing.application(ModelKey::Of(owner), Proof::Own, 1);
        drop(engine.handle(Event::Admit(application), 0));
    }
    let planned = ModelDraft { payload: 1, tag: 1, threshold: (2, 3), quorum: 1, opens: 0, closes: CLOSES };
    let listed = (0..members).map(|owner| (owner, owner, 1)).collect();
    let (votes, late, executed) = (Vec::new(), Vec::new(), false);
    signing.submitted(&ModelProposal { draft: planned, members: listed, votes, late, executed });
    drop(engine.handle(Event::Submit(draft(&planned)), 0));
    (signing, engine)
}

/// Lets so many of the members vote in the names of others, flip a bit, replay and sign both, while everybody else approves;
/// and says what was noticed. It has recovered from an attack when right after it exactly what was signed counts.
pub(in crate::harness) fn attacked(seed: u64, members: u32, liars: u32) -> Result<Seen, DriveError> {
    let (members, liars) = (u64::from(members), u64::from(liars));
    let (signing, mut engine) = opened(seed, members);
    let mut rng = fastrand::Rng::with_seed(seed);
    let (mut noticed, mut counted, mut recovered) = (0, 0, 0);
    let vote = |owner: u64, voted: ModelChoice| {
        let signature = signing.sound(owner, 0, voted);
        Vote { proposal: 0, member: owner, choice: choice(voted), signature }
    };
    for liar in 0..liars {
        drop(engine.handle(Event::Vote(vote(liar, Approve)), 1));
        let both = vote(liar, Reject);
        let forged = Vote { member: (liar + rng.u64(1..members)) % members, ..both };
        let stranger = Vote { proposal: 1, ..both };
        let mut flipped = both;
        flipped.signature[rng.usize(0..96)] ^= 1 << rng.u8(0..8);
        // What the liar signed first counts until it signs both; earlier liars count for nothing.
        for (attack, approve) in [(forged, 1), (flipped, 1), (stranger, 1), (both, 0)] {
            match engine.handle(Event::Vote(attack), 1)[..] {
                [Effect::NotCounted { .. } | Effect::Equivocated(_)] => noticed += 1,
                _ => counted += 1,
            }
            let tally = engine.proposal(0).map(|proposal| proposal.ballots().tally());
            recovered += u64::from(tally == Some(Tally { approve, ..Tally::default() }));
        }
    }
    for honest in liars..members {
        drop(engine.handle(Event::Vote(vote(honest, Approve)), 2));
    }
    let tally = match engine.handle(Event::Tick, CLOSES)[..] {
        [Effect::Decided { tally, .. }] => tally,
        ref effects => return Err(DriveError(format!("closing comes to {effects:?}"))),
    };
    if tally != (Tally { approve: members - liars, ..Tally::default() }) {
        return Err(DriveError(format!("{members} members with {liars} liars come to {tally:?}")));
    }
    let mut seen = Seen { attempted: noticed + counted, recovered, ..Seen::default() };
    seen.count(name::ATTACKS_NOTICED, noticed);
    seen.count(name::ATTACKS_COUNTED, counted);
    seen.count("honest weight that counted", tally.approve);
    Ok(seen)
}
