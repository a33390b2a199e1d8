//! Proposals that come in, and what their payloads are called.

use alys_consensus::{driver::body::Carried, engine::Fork};
use alys_consensus_properties::{execution::Wrong, realm::Realm};
use alys_wire::containers::SignedBlock;

use super::{
    super::named,
    client::{Line, Pair},
    notes::{Notes, at, play},
};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::{MessageReceived, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::{DriveError, Driven},
};

pub(super) const INVALID: TestCase =
    named::case(named::INVALID, Pace::Virtual, |stage| Box::pin(play(stage, incoming)), judge_incoming);

/// What is wrong with a proposal, or with whoever judges it.
#[derive(Clone, Copy)]
enum Fault {
    /// The execution client lies.
    Lie(Wrong),
    /// Something is done on the line.
    Line(Line),
    /// Nobody has signed it.
    Unsigned,
    /// Its payload has used more gas than its hash says.
    Tampered,
    /// Nothing.
    Nothing,
}

/// What is wrong, what comes of it, and how often the execution client is asked about the payload.
const FAULTS: [(&str, Fault, &str, u64); 11] = [
    ("INVALID is said", Fault::Lie(Wrong::RefusesPayload), "refused, the tip is the last valid one", 1),
    ("SYNCING is said", Fault::Lie(Wrong::Syncing), "undecided", 1),
    ("ACCEPTED is said", Fault::Lie(Wrong::Accepts), "undecided", 1),
    ("the client is gone", Fault::Lie(Wrong::Down), "engine_newPayload lost", 3),
    ("the client is silent", Fault::Line(Line::Silent), "engine_newPayload timeout 8000", 3),
    ("the client breaks off", Fault::Line(Line::Cut), "engine_newPayload lost", 3),
    ("the client says no JSON", Fault::Line(Line::Garbled), "engine_newPayload malformed", 1),
    ("no token is believed", Fault::Line(Line::Refused), "engine_newPayload unauthorised", 2),
    ("nobody has signed it", Fault::Unsigned, "refused by the chain", 0),
    ("its payload was changed", Fault::Tampered, "refused, the tip is the last valid one", 1),
    ("nothing is wrong", Fault::Nothing, "taken", 1),
];

/// The same proposal with a payload that was changed after it was built; whoever proposes signs that as well.
fn tampered(pair: &Pair, block: &SignedBlock) -> Result<SignedBlock, DriveError> {
    let mut carried = Carried::of(&block.block.body).map_err(at("a payload"))?;
    carried.payload.gas_used.0 += 1;
    let body = carried.to_body().map_err(at("a body"))?;
    let header = &block.block.header;
    Ok(pair.realm.proposal(&pair.header(), header.slot, body, header.state_root))
}

async fn incoming(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    for (fork, version) in [(Fork::Shanghai, "V2"), (Fork::Cancun, "V3"), (Fork::Prague, "V4")] {
        let realm = Realm::of(1);
        let (mut ours, mut theirs) = (Pair::open(&realm, fork).await?, Pair::open(&realm, fork).await?);
        let first = ours.proposed(rng.u64(1..9)).await?;
        theirs.import(first.clone()).await?;
        let block = theirs.proposed(first.block.header.slot + rng.u64(1..9)).await?;
        for (what, fault, ..) in FAULTS {
            let before = ours.requests("engine_newPayload").len();
            let mut sent = block.clone();
            match fault {
                Fault::Lie(lie) => ours.lies(lie),
                Fault::Line(line) => ours.is_on(line),
                Fault::Unsigned => sent.signature = Default::default(),
                Fault::Tampered => sent = tampered(&ours, &block)?,
                Fault::Nothing => {}
            }
            let came = ours.receive(&sent).await.replace(version, "");
            ours.lies(Wrong::Nothing);
            ours.is_on(Line::Open);
            notes.note(MessageReceived, "outcome", what, came);
            notes.note(MessageReceived, "questions", what, ours.requests("engine_newPayload").len() - before);
            notes.note(StateTransition, "height", what, ours.height());
        }
        notes.note(StateTransition, "told", version, u64::from(ours.is_told()));
    }
    Ok(())
}

fn judge_incoming(seen: Evidence<'_>, judge: &mut Judge) {
    let thrice = |of: fn(&(&'static str, Fault, &'static str, u64)) -> u64| {
        let once: Vec<_> = FAULTS.iter().map(of).collect();
        once.repeat(3)
    };
    let outcomes: Vec<_> = FAULTS.iter().map(|(.., outcome, _)| *outcome).collect();
    judge.same(
        "CL-2",
        "what comes of a proposal",
        &outcomes.repeat(3),
        &seen.words(MessageReceived, "outcome", "came"),
    );
    let questions = thrice(|(.., questions)| *questions);
    judge.same("CL-2", "questions about it", &questions, &seen.counts(MessageReceived, "questions", "came"));
    let heights = thrice(|(_, fault, ..)| if matches!(fault, Fault::Nothing) { 2 } else { 1 });
    judge.same("CL-2", "heights", &heights, &seen.counts(StateTransition, "height", "came"));
    judge.same(
        "CL-2",
        "whether the client is told",
        &[1, 1, 1],
        &seen.counts(StateTransition, "told", "came"),
    );
}
