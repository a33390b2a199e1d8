//! Stored counterexamples: proptest's own file format, and a record of what was read and written.

use std::any::Any;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use proptest::test_runner::{FailurePersistence, FileFailurePersistence, PersistedSeed};

/// Reads and writes seeds as [`FileFailurePersistence::Direct`] does, and remembers doing so.
///
/// The runner replays every stored seed before it generates anything, but tells nobody where one ends and the other
/// begins; the number of seeds read does.
#[derive(Clone, Debug)]
pub(super) struct SeedBook {
    file: FileFailurePersistence,
    record: Arc<Record>,
}

/// What the book saw, shared with the clones that the runner makes.
#[derive(Debug, Default)]
pub(super) struct Record {
    read: AtomicU32,
    written: OnceLock<String>,
}

impl Record {
    /// Returns how many stored seeds the runner replays before it generates.
    pub(super) fn read(&self) -> u32 {
        self.read.load(Ordering::Relaxed)
    }

    /// Returns the seed that was stored by this run.
    pub(super) fn written(&self) -> Option<String> {
        self.written.get().cloned()
    }
}

impl SeedBook {
    /// Opens the book of a file, or of none.
    pub(super) fn new(path: Option<&Path>) -> Self {
        let file = path.map_or(FileFailurePersistence::Off, |path| {
            // Proptest keeps the path as a static string: a few bytes a run are leaked.
            FileFailurePersistence::Direct(path.display().to_string().leak())
        });
        Self { file, record: Arc::default() }
    }

    /// Returns what the book sees from now on.
    pub(super) fn record(&self) -> Arc<Record> {
        Arc::clone(&self.record)
    }
}

impl FailurePersistence for SeedBook {
    fn load_persisted_failures2(&self, source_file: Option<&'static str>) -> Vec<PersistedSeed> {
        let seeds = self.file.load_persisted_failures2(source_file);
        self.record.read.store(u32::try_from(seeds.len()).unwrap_or(u32::MAX), Ordering::Relaxed);
        seeds
    }

    fn save_persisted_failure2(
        &mut self,
        source_file: Option<&'static str>,
        seed: PersistedSeed,
        shrunken_value: &dyn fmt::Debug,
    ) {
        if self.file != FileFailurePersistence::Off {
            // Only the first counterexample of a run is ever stored: the run ends with it.
            let _ = self.record.written.set(seed.to_string());
        }
        self.file.save_persisted_failure2(source_file, seed, shrunken_value);
    }

    fn box_clone(&self) -> Box<dyn FailurePersistence> {
        Box::new(self.clone())
    }

    fn eq(&self, other: &dyn FailurePersistence) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.file == self.file)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
