//! Workflows: proposals from their submission to their end.

use alys_governance_properties::reference::{Ballot, How, Proof, Step};
use alys_models::governance::{ModelChoice, ModelKey};

use super::council::{Council, judge_council};
use crate::{
    case::{Pace, TestCase, no_gates},
    evidence::Evidence,
    judge::Judge,
    phase::MigrationPhase::GovernanceIntegration,
    stage::{Driven, Stage},
};

use ModelChoice::{Abstain, Approve, Reject};

/// A test of a workflow, on virtual time.
const CASE: TestCase = TestCase {
    name: "",
    phase: GovernanceIntegration,
    category: "workflows",
    summary: "",
    pace: Pace::Virtual,
    suite: None,
    drive: |stage| Box::pin(life_cycle(stage)),
    judge: |_, _| {},
    gates: no_gates,
};

pub(super) const LIFE_CYCLE: TestCase = TestCase {
    name: "test_governance_workflow",
    summary: "A proposal lives from its submission to its execution.",
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        let wanted = [
            ("NotOpen", 1),
            ("Opened(0)", 1),
            ("Counted(0", 5),
            ("Decided(0, Approved", 1),
            ("Execute(0)", 1),
        ];
        judge_council(seen, judge, "GV-5", &wanted);
    },
    ..CASE
};

pub(super) const EXPIRY: TestCase = TestCase {
    name: "test_proposal_expiry",
    summary: "Proposals without a quorum expire to the millisecond, and nothing that comes later revives them.",
    drive: |stage| Box::pin(expiry(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        let wanted = [
            ("Expired, ModelTally", 2),
            ("Rejected, ModelTally", 1),
            ("Late(", 2),
            ("NotApproved(Expired)", 1),
        ];
        judge_council(seen, judge, "GV-5", &wanted);
    },
    ..CASE
};

pub(super) const EXECUTION: TestCase = TestCase {
    name: "test_proposal_execution",
    summary: "Only what was approved is executed, and once.",
    drive: |stage| Box::pin(execution(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        let wanted = [
            ("NotApproved(Pending)", 1),
            ("NotApproved(Active)", 1),
            ("NotApproved(Rejected)", 1),
            ("NotApproved(Executed)", 2),
            ("NotExecuted(9, Unknown)", 1),
            ("Execute(0)", 1),
        ];
        judge_council(seen, judge, "GV-5", &wanted);
    },
    ..CASE
};

pub(super) const CONCURRENT: TestCase = TestCase {
    name: "test_concurrent_proposals",
    summary: "Proposals side by side do not touch each other, while members come and go.",
    drive: |stage| Box::pin(concurrent(stage)),
    judge: |seen: Evidence<'_>, judge: &mut Judge| {
        let wanted =
            [("Decided(", 6), ("Counted(", 20), ("UnknownMember", 1), ("Admitted(", 2), ("Removed(", 2)];
        judge_council(seen, judge, "GV-4", &wanted);
    },
    ..CASE
};

/// Weights of 1 to 9, drawn from the seed of the test.
pub(super) fn weights(stage: &Stage, count: usize) -> Vec<u64> {
    let mut rng = stage.rng();
    (0..count).map(|_| rng.u64(1..=9)).collect()
}

async fn life_cycle(stage: Stage) -> Driven {
    let weights = weights(&stage, 5);
    let mut council = Council::assemble(&stage, &weights)?;
    let proposal = council.submit(weights.iter().sum(), 20, 90).await?;
    council.votes(proposal, 0, Approve, How::Well).await?;
    council.until(20).await;
    for member in 0..5 {
        council.votes(proposal, member, Approve, How::Well).await?;
        council.until(council.now() + stage.rng().u64(1..9)).await;
    }
    council.until(95).await;
    council.ask(Step::Execute(proposal)).await?;
    council.adjourn().await
}

async fn expiry(stage: Stage) -> Driven {
    let weights = weights(&stage, 4);
    let mut council = Council::assemble(&stage, &weights)?;
    let voted = weights[0] + weights[1];
    // Nobody votes; one weight short of the quorum; exactly the quorum.
    for (quorum, closes) in [(1, 30), (voted + 1, 40), (voted, 40)] {
        council.submit(quorum, 0, closes).await?;
    }
    for proposal in [1, 2] {
        council.votes(proposal, 0, Reject, How::Well).await?;
        council.votes(proposal, 1, Abstain, How::Well).await?;
    }
    council.until(40).await;
    for proposal in [0, 1] {
        council.votes(proposal, 2, Approve, How::Well).await?;
        council.ask(Step::Execute(proposal)).await?;
    }
    council.adjourn().await
}

async fn execution(stage: Stage) -> Driven {
    let mut council = Council::assemble(&stage, &weights(&stage, 4))?;
    for (opens, closes) in [(10, 50), (0, 60)] {
        council.submit(0, opens, closes).await?;
    }
    council.ask(Step::Execute(0)).await?;
    council.until(10).await;
    council.ask(Step::Execute(0)).await?;
    for member in 0..4 {
        council.votes(0, member, Approve, How::Well).await?;
        council.votes(1, member, Reject, How::Well).await?;
    }
    council.until(60).await;
    for proposal in [0, 0, 1, 9] {
        council.ask(Step::Execute(proposal)).await?;
    }
    council.votes(0, 1, Reject, How::Well).await?;
    council.ask(Step::Execute(0)).await?;
    council.adjourn().await
}

async fn concurrent(stage: Stage) -> Driven {
    let mut rng = stage.rng();
    let weights = weights(&stage, 6);
    let mut council = Council::assemble(&stage, &weights)?;
    for number in 0..6 {
        let quorum = rng.u64(0..=weights.iter().sum::<u64>() / 2);
        let (opens, lasts) = (rng.u64(0..30), rng.u64(80..160));
        council.submit(quorum, opens, opens + lasts).await?;
        if number % 3 == 1 {
            council.ask(Step::Remove(number / 3)).await?;
            let (key, weight) = (ModelKey::Of(20 + number), rng.u64(1..=9));
            council.ask(Step::Admit { key, proof: Proof::Own, weight }).await?;
        }
    }
    council.until(35).await;
    for _ in 0..60 {
        let choice = [Approve, Approve, Approve, Reject, Abstain][rng.usize(0..5)];
        let ballot = Ballot { proposal: rng.u64(0..6), member: rng.u64(0..8), choice, how: How::Well };
        council.ask(Step::Vote(ballot)).await?;
        council.until(council.now() + rng.u64(0..3)).await;
    }
    council.adjourn().await
}
