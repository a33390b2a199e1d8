//! The simulated disk as the store wants it, and what sits on top of it.

use std::io;

use alys_engines::crash;
use redb::StorageBackend;

use super::alys::store::Disk;

/// The simulated disk of the crash engine; with `Syncs::Lies`, a sync says that it is done and does nothing.
#[derive(Clone, Debug)]
pub struct Simulated {
    disk: crash::Disk,
    syncs: Syncs,
}

/// What a sync does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syncs {
    /// What it says.
    Truly,
    /// Nothing.
    Lies,
}

impl Simulated {
    /// This disk.
    #[must_use]
    pub fn new(disk: &crash::Disk, syncs: Syncs) -> Self {
        Simulated { disk: disk.clone(), syncs }
    }

    fn file(&self, file: crash::File) -> Box<dyn StorageBackend> {
        Box::new(SimulatedFile { file, syncs: self.syncs })
    }
}

impl Disk for Simulated {
    fn exists(&self, name: &str) -> io::Result<bool> {
        self.disk.exists(name)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        Ok(self.file(self.disk.open(name)?))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        Ok(self.file(self.disk.create(name)?))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_directory(&self) -> io::Result<()> {
        match self.syncs {
            Syncs::Truly => self.disk.sync_directory(),
            Syncs::Lies => Ok(()),
        }
    }
}

/// A file of the simulated disk as redb wants it.
#[derive(Debug)]
struct SimulatedFile {
    file: crash::File,
    syncs: Syncs,
}

impl StorageBackend for SimulatedFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        match self.syncs {
            Syncs::Truly => self.file.sync(),
            Syncs::Lies => Ok(()),
        }
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.file.write(offset, data)
    }
}

/// A file of any disk, for a database of the suite's own.
#[derive(Debug)]
pub struct Raw(pub Box<dyn StorageBackend>);

impl StorageBackend for Raw {
    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.0.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        self.0.write(offset, data)
    }
}
