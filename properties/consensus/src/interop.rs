//! Our client of the Engine API and the driver, against a real execution client: what is tried, and what must be seen.
//!
//! `interop/run` plays it by the example of the same name, and the test framework by its flag `--interop`.

pub mod beacon;

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use alys_chain::node::Node;
use alys_chain::scheme::Ideal;
use alys_consensus::clock::RuntimeClock;
use alys_consensus::driver::{DriveError, Driver, ExecutionTip, Payloads};
use alys_consensus::engine::client::EngineError;
use alys_consensus::engine::{
    EngineClient, EngineSettings, Fork, ForkchoiceOutcome, ForkchoiceState, JwtSecret, PayloadAttributes,
    PayloadOutcome,
};
use alys_consensus::failure::Failure;
use alys_consensus::number::Quantity;
use alys_consensus::octets::{Address, Fixed, Hash};
use alys_consensus::retry::Policy;

use crate::realm::{Nowhere, Realm};

/// The hash of the first block of `interop/genesis.json`.
const GENESIS: &str = "0x486eb26a91656708049db1500bf90ac7ef6a25bdd0309ac1ba11ad3d048410ee";

/// How many blocks are built before the client is stopped; so many again afterwards.
const BLOCKS: u64 = 10;

/// What went wrong, for people.
pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// Who is told what was seen, and whether it is as it must be.
pub type Told<'a> = dyn FnMut(&str, bool) + 'a;

/// Everything that must be seen, in its order.
pub const SEEN: [&str; 10] = [
    "a wrong secret is refused",
    "it has every method",
    "a payload with another hash is INVALID",
    "the payload itself is VALID",
    "an unknown tip is SYNCING",
    "10 blocks are built, imported and chosen",
    "without a client there is a typed error",
    "no block is lost",
    "the client is told the tip when it is back",
    "20 blocks in all",
];

/// Where a real client is, and what it is stopped and started by.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The time in seconds since the Unix epoch, by which tokens are fresh.
    pub seconds: u64,
    /// Where its Engine API listens.
    pub url: String,
    /// The script that takes `stop` and `start`.
    pub script: PathBuf,
}

impl Setting {
    /// A clock that shows its time now; of a runtime that is there.
    #[must_use]
    pub fn clock(&self) -> RuntimeClock {
        RuntimeClock::set(Duration::from_secs(self.seconds))
    }

    fn tells(&self, word: &str) -> Outcome<()> {
        let status = Command::new(&self.script).arg(word).status()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("{} {word}: {status}", self.script.display()).into())
        }
    }
}

/// Where the client of `interop/client` listens: by the port of `ALYS_INTEROP_PORT`, as the script has it.
#[must_use]
pub fn url() -> String {
    let port = std::env::var("ALYS_INTEROP_PORT").unwrap_or_else(|_| "18551".to_owned());
    format!("http://127.0.0.1:{port}")
}

/// Blocks are built, the client is stopped and started, and more blocks are built; on a runtime of its own.
///
/// # Errors
///
/// The first thing that is not as it must be; who is told has heard of it.
pub fn play(setting: &Setting, told: &mut Told<'_>) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(played(setting, told))
}

/// A client of the Engine API at a URL.
///
/// # Errors
///
/// What is wrong with the secret, or with HTTP.
pub fn client(url: &str, secret: &str, clock: RuntimeClock) -> Outcome<EngineClient> {
    let policy = Policy { attempts: 2, ..Policy::default() };
    let settings = EngineSettings {
        url: url.to_owned(),
        secret: JwtSecret::from_hex(secret)?,
        fork: Fork::Shanghai,
        policy,
    };
    Ok(EngineClient::new(settings, Arc::new(clock))?)
}

/// The secret that `interop/client` writes.
fn secret() -> String {
    format!("{:064}", 7)
}

/// A chain that begins with the first block of the client.
///
/// # Errors
///
/// As [`client`].
pub fn driver(url: &str, clock: RuntimeClock) -> Outcome<(Realm, Driver<Ideal, Nowhere>)> {
    let realm = Realm::of(1);
    let start = ExecutionTip { hash: GENESIS.parse()?, number: 0, timestamp: 0 };
    let node = Node::new(realm.engine(Payloads, start), Nowhere);
    Ok((realm, Driver::new(node, client(url, &secret(), clock)?, Address::default())))
}

/// Tells what was seen, and ends what must not go on.
fn check(told: &mut Told<'_>, at: usize, holds: bool, seen: &dyn std::fmt::Debug) -> Outcome<()> {
    told(SEEN[at], holds);
    if holds { Ok(()) } else { Err(format!("does not hold: {}: {seen:?}", SEEN[at]).into()) }
}

async fn played(setting: &Setting, told: &mut Told<'_>) -> Outcome<()> {
    let clock = setting.clock();
    refusals(&setting.url, clock, told).await?;
    let (realm, mut driver) = driver(&setting.url, clock)?;
    for slot in 1..=BLOCKS {
        driver.propose(realm.time(slot)).await?;
    }
    let height = driver.node().engine().head().height;
    check(told, 5, height == BLOCKS, &height)?;
    setting.tells("stop")?;
    let failed = driver.propose(realm.time(BLOCKS + 1)).await;
    let is_typed = matches!(&failed, Err(DriveError::Client(EngineError::Call { error, .. })) if matches!(error.failure, Failure::Connect(_)));
    check(told, 6, is_typed, &failed)?;
    let height = driver.node().engine().head().height;
    check(told, 7, height == BLOCKS, &height)?;
    setting.tells("start")?;
    driver.follow().await?;
    check(told, 8, !driver.is_behind(), &driver.is_behind())?;
    for slot in BLOCKS + 2..=2 * BLOCKS + 1 {
        driver.propose(realm.time(slot)).await?;
    }
    let height = driver.node().engine().head().height;
    check(told, 9, height == 2 * BLOCKS, &height)
}

/// A wrong secret, what is not valid, and what has no parent.
///
/// # Errors
///
/// The first thing that is not as it must be.
pub async fn refusals(url: &str, clock: RuntimeClock, told: &mut Told<'_>) -> Outcome<()> {
    let stranger = client(url, &"08".repeat(32), clock)?;
    let refused = stranger.exchange_capabilities().await;
    let is_refused =
        matches!(&refused, Err(EngineError::Call { error, .. }) if error.failure == Failure::Unauthorised);
    check(told, 0, is_refused, &refused)?;
    let client = client(url, &secret(), clock)?;
    let methods = client.exchange_capabilities().await?;
    let has_all = Fork::Shanghai.methods().iter().all(|method| methods.iter().any(|one| one == method));
    check(told, 1, has_all, &methods)?;
    let genesis: Hash = GENESIS.parse()?;
    let state = ForkchoiceState { head_block_hash: genesis, ..ForkchoiceState::default() };
    let attributes = PayloadAttributes {
        timestamp: Quantity(500),
        withdrawals: Some(Vec::new()),
        ..PayloadAttributes::default()
    };
    let ForkchoiceOutcome::Valid { payload: Some(id) } =
        client.forkchoice_updated(state, Some(&attributes)).await?
    else {
        return Err("nothing is built on genesis".into());
    };
    let built = client.get_payload(id).await?.payload;
    let mut tampered = built.clone();
    tampered.gas_used = Quantity(1);
    let said = client.new_payload(&tampered, Hash::default(), None).await?;
    check(told, 2, matches!(said, PayloadOutcome::Invalid { .. }), &said)?;
    let said = client.new_payload(&built, Hash::default(), None).await?;
    check(told, 3, said == PayloadOutcome::Valid, &said)?;
    let unknown = ForkchoiceState { head_block_hash: Fixed([9; 32]), ..state };
    let said = client.forkchoice_updated(unknown, None).await;
    check(told, 4, matches!(said, Ok(ForkchoiceOutcome::Syncing)), &said)
}
