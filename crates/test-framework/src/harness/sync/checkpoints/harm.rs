//! What happens to the file of a store behind its back, and what its readers are told then.

use alys_chain::store::{ChainStore as _, Disk as _, RedbStore, StoreConfig, StoreError};
use alys_chain_store_properties::{
    oracle,
    real::disk::{Raw, Simulated, Syncs},
};
use alys_properties::crash::Disk;
use redb::{Builder, Database, ReadableDatabase as _, TableDefinition};

use super::{at, shown};
use crate::{
    event::TestEventType::{MessageRefused, Observed, RecoveryCompleted, ReplyReceived},
    simulated::STORE_FILE,
    stage::{DriveError, Stage},
};

/// How much of a file may lie in memory.
const CACHE_BYTES: usize = 1 << 20;

/// The disk as stores want it.
pub(in crate::harness) fn disk(disk: &Disk) -> Simulated {
    Simulated::new(disk, Syncs::Truly)
}

/// Does something to the file of a store that is not open.
pub(in crate::harness) fn behind<T>(
    under: &Disk,
    work: impl FnOnce(&Database) -> Result<T, redb::Error>,
) -> Result<T, DriveError> {
    let file = Raw(disk(under).open(STORE_FILE).map_err(at("the file of a store"))?);
    let database = Builder::new().set_cache_size(CACHE_BYTES).create_with_backend(file);
    let database = database.map_err(at("the database of a store"))?;
    let done = work(&database).map_err(at("changing a store"))?;
    database.close().map_err(at("closing a changed store"))?;
    Ok(done)
}

/// Flips a bit of a stored block; says whether there was one.
pub(super) fn rot_block(
    database: &Database,
    height: u64,
    root: &[u8; 32],
    bit: usize,
) -> Result<bool, redb::Error> {
    const BLOCKS: TableDefinition<'static, &[u8; 40], &[u8]> = TableDefinition::new("blocks");
    let key = oracle::block_key(height, root);
    let row = database.begin_read()?.open_table(BLOCKS)?.get(&key)?.map(|row| row.value().to_vec());
    let Some(mut row) = row else { return Ok(false) };
    let bit = bit % (row.len() * 8);
    row[bit / 8] ^= 1 << (bit % 8);
    let transaction = database.begin_write()?;
    transaction.open_table(BLOCKS)?.insert(&key, row.as_slice())?;
    transaction.commit()?;
    Ok(true)
}

/// Opens a store without a node.
pub(in crate::harness) fn opened(under: &Disk, config: &StoreConfig) -> Result<RedbStore, DriveError> {
    RedbStore::open(&disk(under), config).map_err(at("opening a store"))
}

/// The name of a fault: the first word of it.
fn named(fault: &alys_chain::checkpoint::CheckpointFault) -> String {
    let words = format!("{fault:?}");
    words.split([' ', '{']).next().unwrap_or_default().to_owned()
}

/// Asks for a checkpoint, and writes down what a reader is told.
pub(super) fn read(stage: &Stage, store: &RedbStore, height: u64) -> Result<(), DriveError> {
    match store.checkpoint(height) {
        Ok(served) => {
            let row = served.map_or_else(|| "none".to_owned(), |checkpoint| shown(&checkpoint));
            stage.record(ReplyReceived, "reader", [("height", height.into()), ("row", row.into())]);
        }
        Err(StoreError::Checkpoint(damage)) => {
            let told = [
                ("height", damage.height.into()),
                ("fault", named(&damage.fault).into()),
                ("last_valid", damage.last_valid.into()),
            ];
            stage.record(MessageRefused, "reader", told);
        }
        Err(error) => return Err(at("reading a checkpoint")(error)),
    }
    Ok(())
}

/// Verifies all checkpoints, and writes down what is found.
pub(super) fn verify(stage: &Stage, store: &RedbStore) -> Result<(), DriveError> {
    let verified = store.verify().map_err(at("verifying checkpoints"))?;
    let (height, last_valid) = verified.damaged.map_or((0, 0), |damage| (damage.height, damage.last_valid));
    let fault = verified.damaged.map_or_else(|| "none".to_owned(), |damage| named(&damage.fault));
    let told = [
        ("checked", verified.checked.into()),
        ("height", height.into()),
        ("fault", fault.into()),
        ("last_valid", last_valid.into()),
    ];
    stage.record(Observed, "verify", told);
    Ok(())
}

/// Rebuilds what is damaged, and writes down what was, or why nothing was.
pub(super) fn rebuild(stage: &Stage, store: &mut RedbStore) -> Result<(), DriveError> {
    match store.rebuild() {
        Ok(heights) => {
            for height in heights {
                let row = store.checkpoint(height).ok().flatten();
                let row = row.map_or_else(|| "none".to_owned(), |checkpoint| shown(&checkpoint));
                let told = [("height", height.into()), ("row", row.into()), ("by", "rebuild".into())];
                stage.record(RecoveryCompleted, "store", told);
            }
        }
        Err(StoreError::Checkpoint(damage)) => {
            let told = [
                ("height", damage.height.into()),
                ("fault", named(&damage.fault).into()),
                ("last_valid", damage.last_valid.into()),
            ];
            stage.record(MessageRefused, "rebuild", told);
        }
        Err(error) => return Err(at("rebuilding checkpoints")(error)),
    }
    Ok(())
}

/// Writes down what opening a store has mended.
pub(super) fn mended(stage: &Stage, store: &RedbStore) {
    for height in &store.opening().rebuilt {
        let row = store.checkpoint(*height).ok().flatten();
        let row = row.map_or_else(|| "none".to_owned(), |checkpoint| shown(&checkpoint));
        let told = [("height", (*height).into()), ("row", row.into()), ("by", "start".into())];
        stage.record(RecoveryCompleted, "store", told);
    }
}
