//! Our client of the Beacon API against a real beacon node: every question has an answer, and heads are told while they come.

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use alys_consensus::beacon::client::Found;
use alys_consensus::beacon::follow::Head;
use alys_consensus::beacon::types::Health;
use alys_consensus::beacon::{BeaconClient, BlockId, HeadWatch, StateId};
use alys_consensus::clock::Clock;
use alys_consensus::octets::Fixed;
use alys_consensus::retry::Policy;

use super::{Outcome, Setting, Told};

/// Everything that must be seen, in its order.
pub const SEEN: [&str; 20] = [
    "four heads are told, each of a later slot",
    "the health is Ready",
    "the version is Lodestar's",
    "syncing",
    "identity",
    "peers",
    "genesis",
    "headers",
    "the header of the head",
    "the header of a root",
    "the header of a slot",
    "the block of the head",
    "the root of a block",
    "finality",
    "validators",
    "spec",
    "fork schedule",
    "proposer duties",
    "a block that there is not",
    "a slot to come",
];

/// How many heads are waited for: the one there is, and those of three slots.
const HEADS: usize = 4;

/// How long a head may take: some slots of six seconds, and the time until the first one.
const PATIENCE: Duration = Duration::from_secs(90);

/// Where the node of `interop/beacon` listens: by the port of `ALYS_INTEROP_LODESTAR_PORT`, as the script has it.
#[must_use]
pub fn url() -> String {
    let port = std::env::var("ALYS_INTEROP_LODESTAR_PORT").unwrap_or_else(|_| "19596".to_owned());
    format!("http://127.0.0.1:{port}")
}

/// Heads are listened to, and everything is asked for; on a runtime of its own.
///
/// # Errors
///
/// The first thing that is not as it must be; who is told has heard of it.
pub fn play(setting: &Setting, told: &mut Told<'_>) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(played(setting, told))
}

/// Who is told, and how far it is.
struct Seen<'a, 'b> {
    told: &'a mut Told<'b>,
    at: usize,
}

impl Seen<'_, '_> {
    fn check(&mut self, holds: bool, seen: &dyn Debug) -> Outcome<()> {
        let what = SEEN.get(self.at).copied().unwrap_or("nothing more");
        self.at += 1;
        (self.told)(what, holds);
        if holds { Ok(()) } else { Err(format!("does not hold: {what}: {seen:?}").into()) }
    }

    fn found<T: Debug>(&mut self, found: Found<T>) -> Outcome<()> {
        self.check(matches!(found, Ok(Some(_))), &found)
    }
}

/// The next head, if it comes in time.
async fn next(watch: &mut HeadWatch, clock: &dyn Clock) -> Outcome<Head> {
    tokio::select! {
        head = watch.next() => Ok(head),
        () = clock.until(clock.now() + PATIENCE) => {
            let trouble = watch.trouble().map_or("none".to_owned(), ToString::to_string);
            Err(format!("no head came within {PATIENCE:?}; trouble: {trouble}").into())
        }
    }
}

async fn played(setting: &Setting, told: &mut Told<'_>) -> Outcome<()> {
    let clock = Arc::new(setting.clock());
    let client = BeaconClient::new(&setting.url, Policy::default(), Arc::clone(&clock) as Arc<dyn Clock>)?;
    let mut seen = Seen { told, at: 0 };
    let (mut watch, mut heads) = (client.watch(), Vec::new());
    while heads.len() < HEADS {
        heads.push(next(&mut watch, &*clock).await?);
    }
    seen.check(heads.is_sorted_by_key(|head| head.slot) && heads[0].slot < heads[HEADS - 1].slot, &heads)?;
    let health = client.health().await;
    seen.check(health == Ok(Health::Ready), &health)?;
    let version = client.version().await;
    seen.check(matches!(&version, Ok(Some(it)) if it.version.starts_with("Lodestar/")), &version)?;
    seen.found(client.syncing().await)?;
    seen.found(client.identity().await)?;
    seen.found(client.peers().await)?;
    seen.found(client.genesis().await)?;
    seen.found(client.headers().await)?;
    seen.found(client.header(BlockId::Head).await)?;
    let last = heads[HEADS - 1];
    let of_root = client.header(BlockId::Root(last.root)).await;
    let is_it = |slot| slot == last.slot;
    seen.check(matches!(&of_root, Ok(Some(found)) if is_it(found.data.header.message.slot.0)), &of_root)?;
    let of_slot = client.header(BlockId::Slot(last.slot)).await;
    seen.check(matches!(&of_slot, Ok(Some(found)) if found.data.root == last.root), &of_slot)?;
    seen.found(client.block(BlockId::Head).await)?;
    seen.found(client.block_root(BlockId::Root(last.root)).await)?;
    let head = StateId::Of(BlockId::Head);
    seen.found(client.finality(head).await)?;
    seen.found(client.validators(head).await)?;
    seen.found(client.spec().await)?;
    seen.found(client.fork_schedule().await)?;
    // Slots of the minimal preset: eight an epoch.
    seen.found(client.proposer_duties(last.slot / 8).await)?;
    let nobody = client.header(BlockId::Root(Fixed([9; 32]))).await;
    seen.check(nobody == Ok(None), &nobody)?;
    let to_come = client.header(BlockId::Slot(last.slot + 1_000)).await;
    seen.check(to_come == Ok(None), &to_come)
}
