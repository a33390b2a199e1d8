//! Laws of checkpoints: their intervals, their bytes, and an import that is disturbed.

use alys_engines::{
    crash::{self, Survivors},
    draw::SplitMix,
    violation::{check_eq, violated},
};
use redb::Builder;

use super::{
    adapter::{config, stored},
    alys::{
        checkpoint::{Checkpoint, CheckpointFault, CheckpointId, Expected, Interval},
        store::{ChainStore as _, Commit, Disk as _, RedbStore, StoreConfig, StoreError},
    },
    disk::{Raw, Simulated, Syncs},
    mined::seeded,
};
use crate::oracle::{self, Harm, NAME};
use alys_models::chain_store::{Block, Field};

fn interval(heights: u64) -> Interval {
    Interval::new(heights).unwrap_or_else(|error| violated("CH-6", error.to_string()))
}

/// Checkpoints are due at the multiples of the interval above 0, at the largest heights too.
pub fn checkpoints_are_due_at_multiples() -> u64 {
    let mut tried = 0;
    for every in 1..40_u64 {
        let interval = interval(every);
        check_eq("CH-6", "the interval", &every, &interval.get());
        for height in 0..200 {
            check_eq(
                "CH-6",
                "whether one is due",
                &(height > 0 && height % every == 0),
                &interval.is_due(height),
            );
            let last = (1..=height).rev().find(|height| height % every == 0).unwrap_or(0);
            check_eq("CH-6", "the last that is due", &last, &interval.last_due(height));
            let model: Vec<u64> = (height + 1..=height + 60).filter(|height| height % every == 0).collect();
            check_eq("CH-6", "those that become due", &model, &interval.due(height, height + 60).collect());
            tried += 1;
        }
    }
    let last = interval(10).due(u64::MAX - 12, u64::MAX).collect::<Vec<_>>();
    check_eq("CH-6", "the largest heights", &vec![u64::MAX - 5], &last);
    check_eq("CH-6", "an interval beyond all heights", &0, &interval(u64::MAX).due(1, u64::MAX - 1).count());
    tried + 2
}

/// A checkpoint is its bytes: every flipped bit of a row is found, and every field is compared.
pub fn a_checkpoint_binds_every_bit() -> u64 {
    let previous = CheckpointId([7; 32]);
    let expected = Expected {
        previous,
        height: 40,
        block_root: oracle::root(3),
        state_root: oracle::state_root(3),
        interval: interval(10),
    };
    let checkpoint = expected.checkpoint();
    let bytes = oracle::checkpoint([7; 32], 40, 3, 10);
    check_eq("CH-6", "the bytes", &bytes.as_slice(), &checkpoint.to_bytes().as_slice());
    check_eq("CH-6", "the id", &oracle::id(&bytes), &checkpoint.id().0);
    let row = checkpoint.to_row();
    check_eq("CH-6", "a round trip", &Ok(checkpoint), &Checkpoint::from_row(&row));
    for bit in 0..row.len() * 8 {
        let mut other = row;
        other[bit / 8] ^= 1 << (bit % 8);
        check_eq("CH-7", "a flipped bit", &Err(CheckpointFault::Id), &Checkpoint::from_row(&other));
    }
    for len in 0..row.len() {
        check_eq(
            "CH-7",
            "a short row",
            &Err(CheckpointFault::Length { len }),
            &Checkpoint::from_row(&row[..len]),
        );
    }
    check_eq("CH-7", "the checkpoint itself", &Ok(()), &expected.check(&checkpoint));
    let wrong = [
        (Checkpoint { height: 41, ..checkpoint }, CheckpointFault::Height { found: 41 }),
        (Checkpoint { interval: 20, ..checkpoint }, CheckpointFault::Interval { found: 20 }),
        (Checkpoint { block_root: [1; 32], ..checkpoint }, CheckpointFault::BlockRoot),
        (Checkpoint { state_root: [1; 32], ..checkpoint }, CheckpointFault::StateRoot),
        (Checkpoint { previous: CheckpointId([8; 32]), ..checkpoint }, CheckpointFault::Unlinked),
    ];
    for (other, fault) in &wrong {
        check_eq("CH-7", "a wrong field", &Err(*fault), &expected.check(other));
        check_eq("CH-6", "the id of another checkpoint", &true, &(other.id() != checkpoint.id()));
    }
    row.len() as u64 * 9 + 8
}

/// An import under way.
struct Import {
    disk: crash::Disk,
    config: StoreConfig,
    store: RedbStore,
    mix: SplitMix,
}

/// How many imports met what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Disturbed {
    /// Imports.
    pub imports: u64,
    /// Crashes.
    pub crashes: u64,
    /// Checkpoints that were damaged or lost.
    pub harmed: u64,
    /// Those that were rebuilt when the store was opened.
    pub rebuilt: u64,
}

fn opened(disk: &crash::Disk, config: &StoreConfig) -> RedbStore {
    let opened = RedbStore::open(&Simulated::new(disk, Syncs::Truly), config);
    opened.unwrap_or_else(|error| violated("CH-8", error.to_string()))
}

impl Import {
    /// The next blocks, and some of all blocks final.
    fn batch(&mut self, blocks: u32) -> u32 {
        let first = self.store.head().height as u32 + 1;
        let last = blocks.min(first + (self.mix.next() % 90) as u32);
        let line = (first..=last).map(|id| Block { id, parent: id - 1, height: u64::from(id) });
        let finalised = if last == blocks { last } else { last - (self.mix.next() % 7) as u32 % (last + 1) };
        let finalised = finalised.max(self.store.finalised().height as u32);
        let commit = Commit {
            blocks: line.map(|block| stored(&block)).collect(),
            head: Some(oracle::root(last)),
            finalised: Some(oracle::root(finalised)),
            state: Vec::new(),
        };
        let done = self.store.commit(&commit);
        done.unwrap_or_else(|error| violated("CH-8", error.to_string()));
        last
    }

    /// A crash; whatever of the pending survives, the store goes on.
    fn crash(&mut self) {
        let survivors = [
            Survivors::Nothing,
            Survivors::Everything,
            Survivors::Some(self.mix.next()),
            Survivors::Torn(self.mix.next()),
        ];
        let before = (self.store.head(), self.store.finalised());
        self.disk = self.disk.image(survivors[(self.mix.next() % 4) as usize]);
        self.store = opened(&self.disk, &self.config);
        check_eq("CH-8", "what a crash leaves", &before, &(self.store.head(), self.store.finalised()));
    }

    /// Damages a checkpoint behind the store's back; it is mended on start, found by a verification, or by a reader.
    fn harm(&mut self, met: &mut Disturbed) {
        let every = self.config.interval.get();
        let count = self.store.finalised().height / every;
        if count == 0 {
            return;
        }
        let height = (1 + self.mix.next() % count) * every;
        let fields = [Field::Height, Field::Interval, Field::BlockRoot, Field::StateRoot, Field::Previous];
        let harm = match self.mix.next() % 3 {
            0 => Harm::Lost,
            1 => Harm::Rotten(self.mix.next() as u32),
            _ => Harm::Forged(fields[(self.mix.next() % 5) as usize]),
        };
        self.disk = self.disk.image(Survivors::Everything);
        let file: Box<dyn redb::StorageBackend> = Simulated::new(&self.disk, Syncs::Truly)
            .open(NAME)
            .unwrap_or_else(|error| violated("CH-8", error.to_string()));
        let harmed = Builder::new()
            .set_cache_size(1 << 20)
            .create_with_backend(Raw(file))
            .map_err(redb::Error::from)
            .and_then(|database| oracle::harm_checkpoint(&database, height, harm));
        harmed.unwrap_or_else(|error| violated("CH-8", error.to_string()));
        self.store = opened(&self.disk, &self.config);
        met.harmed += 1;
        met.rebuilt += self.store.opening().rebuilt.len() as u64;
        if self.store.opening().rebuilt.is_empty() {
            self.mended(height);
        }
    }

    /// What was not mended on start is found by both, and mended when asked.
    fn mended(&mut self, height: u64) {
        match self.store.checkpoint(height) {
            Err(StoreError::Checkpoint(damage)) => {
                check_eq("CH-7", "what a reader is told of", &height, &damage.height)
            }
            other => violated("CH-7", format!("a damaged checkpoint at {height} is read: {other:?}")),
        }
        let verified = self.store.verify().unwrap_or_else(|error| violated("CH-7", error.to_string()));
        check_eq("CH-7", "what verify finds", &Some(height), &verified.damaged.map(|damage| damage.height));
        let rebuilt = self.store.rebuild().unwrap_or_else(|error| violated("CH-7", error.to_string()));
        check_eq("CH-7", "what is rebuilt", &vec![height], &rebuilt);
    }
}

/// Imports that are disturbed come to their end, with every checkpoint verified and at a multiple of the interval.
///
/// The interval is 10 to 100, there are 100 to 1000 blocks, and 0 to 10 crashes, damaged and missing checkpoints.
pub fn disturbed_imports_complete(imports: u64) -> Disturbed {
    let mut met = Disturbed::default();
    for number in 0..imports {
        let mut mix = seeded(number.wrapping_mul(0x9e37_79b9));
        let (every, blocks) = (10 + mix.next() % 91, 100 + (mix.next() % 901) as u32);
        let mut failures = mix.next() % 11;
        let (disk, config) = (crash::Disk::new(), config(every));
        let store = opened(&disk, &config);
        let mut import = Import { disk, config, store, mix };
        while import.batch(blocks) < blocks || failures > 0 {
            if failures > 0 && import.mix.coin() {
                failures -= 1;
                if import.mix.coin() {
                    import.crash();
                    met.crashes += 1;
                } else {
                    import.harm(&mut met);
                }
            }
        }
        complete(&import.store, every, u64::from(blocks));
        met.imports += 1;
    }
    met
}

fn complete(store: &RedbStore, every: u64, blocks: u64) {
    check_eq("CH-8", "the last block", &(blocks, blocks), &(store.head().height, store.finalised().height));
    let verified = store.verify().unwrap_or_else(|error| violated("CH-7", error.to_string()));
    check_eq("CH-7", "what verify finds", &(blocks / every, None), &(verified.checked, verified.damaged));
    for height in 1..=blocks {
        let found = store.checkpoint(height).unwrap_or_else(|error| violated("CH-7", error.to_string()));
        check_eq(
            "CH-6",
            &format!("whether height {height} has one"),
            &(height % every == 0),
            &found.is_some(),
        );
    }
}
