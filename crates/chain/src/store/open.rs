//! Making a file, and opening one that is there.

use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
};

use redb::{Builder, Database, DatabaseError, ReadableDatabase as _, StorageBackend};

use super::{
    Disk, OpenError, Root, StoreError, StoredBlock,
    probe::{Plain, Probe},
    schema::{self, SCHEMA, VERSION, VERSION_KEY},
    state::ChainRow,
};
use crate::checkpoint::Interval;

/// How a store is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreConfig {
    /// The name of the file.
    pub name: String,
    /// The genesis block. Its height is 0, whatever it says.
    pub genesis: StoredBlock,
    /// At which heights checkpoints are made.
    pub interval: Interval,
    /// How much memory the database may use for what it has read and not yet written, in bytes.
    ///
    /// The default of redb would be 1 GiB.
    pub cache_bytes: usize,
}

impl StoreConfig {
    /// A store of this chain with a cache of 32 MiB.
    #[must_use]
    pub fn new(name: impl Into<String>, genesis: StoredBlock, interval: Interval) -> Self {
        StoreConfig { name: name.into(), genesis, interval, cache_bytes: 32 << 20 }
    }
}

/// Calls the database, and makes an error of its panic: a damaged file can make it panic.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("without a text");
        Err(StoreError::Database { reason: format!("it panicked: {text}") })
    })
}

/// A database that does not panic when it is dropped: dropping closes it, and that reads what may be damaged.
#[derive(Debug)]
pub(super) struct Guarded(Option<Database>);

impl Guarded {
    /// The database.
    pub(super) fn get(&self) -> Result<&Database, StoreError> {
        self.0.as_ref().ok_or(StoreError::Failed)
    }

    /// Closes it, and says whether that went well.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        let database = self.0.take();
        guarded(|| Ok(database.map_or(Ok(()), Database::close)?))
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let database = self.0.take();
        // What is durable is durable; a drop has nobody to tell of the rest.
        drop(guarded(|| {
            drop(database);
            Ok(())
        }));
    }
}

fn database(config: &StoreConfig, file: impl StorageBackend) -> Result<Guarded, StoreError> {
    let opened = Builder::new().set_cache_size(config.cache_bytes).create_with_backend(file);
    match opened {
        Ok(opened) => Ok(Guarded(Some(opened))),
        Err(DatabaseError::DatabaseAlreadyOpen) => {
            Err(StoreError::Disk(io::Error::new(io::ErrorKind::ResourceBusy, "it is open elsewhere")))
        }
        Err(error) => Err(error.into()),
    }
}

/// Opens the file itself.
pub(super) fn opened(disk: &dyn Disk, config: &StoreConfig) -> Result<Guarded, OpenError> {
    let name = &config.name;
    let file = disk.open(name).map_err(|error| OpenError::Disk { name: name.clone(), error })?;
    guarded(|| database(config, Plain(file))).map_err(|error| told(name, error))
}

/// An error of the database while nothing is known of the file yet.
pub(super) fn told(name: &str, error: StoreError) -> OpenError {
    let name = name.to_owned();
    match error {
        StoreError::Disk(error) if error.kind() == io::ErrorKind::InvalidData => {
            OpenError::Foreign { name, reason: error.to_string() }
        }
        StoreError::Disk(error) => OpenError::Disk { name, error },
        error => OpenError::Corrupt { name, reason: error.to_string() },
    }
}

/// Makes a file under another name, and gives it its own when all of it is durable: a crash leaves the whole of it or
/// nothing that is found.
pub(super) fn create(disk: &dyn Disk, config: &StoreConfig) -> Result<(), StoreError> {
    let unfinished = format!("{}.new", config.name);
    // What an earlier attempt has left under this name is not reached any more.
    let file = disk.create(&unfinished).map_err(StoreError::Disk)?;
    guarded(|| {
        let created = database(config, Plain(file))?;
        let mut transaction = created.get()?.begin_write()?;
        transaction.set_quick_repair(true);
        schema::create(&transaction)?;
        let genesis = StoredBlock { height: 0, ..config.genesis.clone() };
        let mut tables = schema::writing(&transaction)?;
        tables.place(&genesis)?;
        tables.canonical.insert(0, &genesis.root)?;
        drop(tables);
        ChainRow::new(genesis.root, config.interval).write(&transaction)?;
        transaction.commit()?;
        created.close()
    })?;
    // Closing makes the file durable, so that the name never is without it.
    disk.rename(&unfinished, &config.name).map_err(StoreError::Disk)?;
    disk.sync_directory().map_err(StoreError::Disk)
}

/// Opens a file without touching it: what is written stays in memory. Refuses what is not ours; of an empty file redb makes
/// a database there, which has no schema version.
pub(super) fn probed(disk: &dyn Disk, config: &StoreConfig) -> Result<Guarded, OpenError> {
    let name = &config.name;
    let failed = |error| OpenError::Disk { name: name.clone(), error };
    let file = Probe::new(disk.open(name).map_err(failed)?).map_err(failed)?;
    let opened = guarded(|| database(config, file)).map_err(|error| told(name, error))?;
    let version = guarded(|| version(opened.get()?)).map_err(|error| foreign(name, error))?;
    if version != VERSION {
        return Err(OpenError::Newer { name: name.clone(), found: version, supported: VERSION });
    }
    let chain =
        guarded(|| ChainRow::read(&opened.get()?.begin_read()?)).map_err(|error| told(name, error))?;
    ours(config, &chain)?;
    Ok(opened)
}

fn foreign(name: &str, error: StoreError) -> OpenError {
    OpenError::Foreign { name: name.to_owned(), reason: error.to_string() }
}

fn version(opened: &Database) -> Result<u32, StoreError> {
    let table = opened.begin_read()?.open_table(SCHEMA)?;
    let missing = || StoreError::Database { reason: "it has no schema version".to_owned() };
    Ok(table.get(VERSION_KEY)?.ok_or_else(missing)?.value())
}

/// Whether the file holds the chain that is configured.
fn ours(config: &StoreConfig, chain: &ChainRow) -> Result<(), OpenError> {
    let name = config.name.clone();
    let genesis: Root = chain.genesis;
    if genesis != config.genesis.root {
        return Err(OpenError::OtherChain { name, genesis });
    }
    if chain.interval != config.interval {
        let (found, wanted) = (chain.interval.get(), config.interval.get());
        return Err(OpenError::OtherInterval { name, found, wanted });
    }
    Ok(())
}
