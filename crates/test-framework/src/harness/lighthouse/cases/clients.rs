//! Execution clients that fail or lie while a node proposes, as a chaos plan has it.

use alys_consensus::engine::Fork;
use alys_consensus_properties::{execution::Wrong, realm::Realm, stage::run};

use super::client::{Line, Pair};
use crate::{
    chaos::{ClientFailure, ClientLie, Seen, Strategy, name},
    run::said,
    stage::DriveError,
};

/// How many blocks there are before something goes wrong, each time.
const BEFORE: u64 = 2;

/// What is done to the execution client, and the word for what must come of a proposal then.
#[derive(Clone, Copy)]
enum Harm {
    Failure(ClientFailure),
    Lie(ClientLie),
}

/// Lets the execution client of a node that proposes fail or lie as often as a strategy says, and says how often that was told by
/// its typed error, and how often the node went on right after it.
pub(in crate::harness) fn failed(seed: u64, strategy: &Strategy) -> Seen {
    let (harm, count) = match *strategy {
        Strategy::ClientFailures { failure, count } => (Harm::Failure(failure), count),
        Strategy::LyingClients { lie, count } => (Harm::Lie(lie), count),
        _ => return Seen::failed(format!("{} does nothing to an execution client", strategy.name())),
    };
    // Sockets have a runtime of their own, on a thread where there is none.
    let played = std::thread::spawn(move || run(suffered(seed, harm, count))).join();
    played.map_err(|panic| DriveError(said(&*panic))).flatten().unwrap_or_else(|error| Seen::failed(error.0))
}

async fn suffered(seed: u64, harm: Harm, count: u32) -> Result<Seen, DriveError> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut seen = Seen { attempted: count.into(), ..Seen::default() };
    let (mut noticed, mut lost, mut believed, mut slot) = (0, 0, 0, 0);
    let mut pair = Pair::open(&Realm::of(1), Fork::Shanghai).await?;
    for _ in 0..count {
        for _ in 0..BEFORE {
            slot += rng.u64(1..5);
            pair.proposed(slot).await?;
        }
        let (height, began) = (pair.height(), pair.hands.now());
        harm.begins(&mut pair);
        let came = pair.propose(slot + 1).await.err();
        noticed += u64::from(came.as_deref() == Some(harm.told()));
        lost += height.saturating_sub(pair.height());
        believed += pair.height().saturating_sub(height);
        harm.ends(&mut pair);
        slot += 2;
        let is_back = pair.propose(slot).await.is_ok() && pair.is_told() && pair.height() == height + 1;
        if is_back {
            seen.recovered += 1;
            let took = pair.hands.now().saturating_sub(began).as_nanos();
            seen.recover_ns.push(u64::try_from(took).unwrap_or(u64::MAX));
        }
    }
    seen.count(name::CLIENT_NOTICED, noticed);
    seen.count(name::CLIENT_BLOCKS_LOST, lost);
    seen.count(name::CLIENT_BELIEVED, believed);
    seen.count("blocks that the node has in the end", pair.height());
    Ok(seen)
}

impl Harm {
    fn begins(self, pair: &mut Pair) {
        match self {
            Harm::Failure(ClientFailure::Death | ClientFailure::Amnesia) => pair.lies(Wrong::Down),
            Harm::Failure(ClientFailure::Silence) => pair.is_on(Line::Silent),
            Harm::Failure(ClientFailure::Garbage) => pair.is_on(Line::Garbled),
            Harm::Failure(ClientFailure::RefusedTokens) => pair.is_on(Line::Refused),
            Harm::Lie(lie) => pair.lies(wrong(lie)),
        }
    }

    fn ends(self, pair: &mut Pair) {
        if matches!(self, Harm::Failure(ClientFailure::Amnesia)) {
            pair.execution.forgets();
        }
        pair.lies(Wrong::Nothing);
        pair.is_on(Line::Open);
    }

    /// The word for what must come of a proposal meanwhile.
    fn told(self) -> &'static str {
        match self {
            Harm::Failure(ClientFailure::Death | ClientFailure::Amnesia) => "engine_forkchoiceUpdatedV2 lost",
            Harm::Failure(ClientFailure::Silence) => "engine_forkchoiceUpdatedV2 timeout 8000",
            Harm::Failure(ClientFailure::Garbage) => "engine_forkchoiceUpdatedV2 malformed",
            Harm::Failure(ClientFailure::RefusedTokens) => "engine_forkchoiceUpdatedV2 unauthorised",
            Harm::Lie(ClientLie::Syncing) => "syncing",
            Harm::Lie(ClientLie::Accepted) => "own Accepted",
            Harm::Lie(ClientLie::NothingBuilt) => "nothing",
            Harm::Lie(ClientLie::OtherParent) => "parent",
            Harm::Lie(ClientLie::OtherTime) => "time 1",
            Harm::Lie(ClientLie::OtherRandomness) => "randomness",
            Harm::Lie(ClientLie::OwnInvalid) => "own invalid",
            Harm::Lie(ClientLie::TipInvalid) => "tip",
        }
    }
}

/// What the execution client does for a lie.
fn wrong(lie: ClientLie) -> Wrong {
    match lie {
        ClientLie::Syncing => Wrong::Syncing,
        ClientLie::Accepted => Wrong::Accepts,
        ClientLie::NothingBuilt => Wrong::BuildsNothing,
        ClientLie::OtherParent => Wrong::OtherParent,
        ClientLie::OtherTime => Wrong::OtherTime,
        ClientLie::OtherRandomness => Wrong::OtherRandomness,
        ClientLie::OwnInvalid => Wrong::OwnInvalid,
        ClientLie::TipInvalid => Wrong::RefusesChoice,
    }
}
