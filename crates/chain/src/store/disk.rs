//! What a store needs of a disk.

mod directory;
mod memory;

use std::{fmt, io};

use redb::StorageBackend;

pub use self::{directory::Directory, memory::MemoryDisk};

/// Files in one directory, as far as a store needs them.
///
/// What is written is durable behind a sync of its file, and a name behind one of the directory. Everything that a
/// store does to its medium goes through here, so a disk that fails, loses or lies can stand below all of it.
pub trait Disk: fmt::Debug {
    /// Whether a name means a file.
    ///
    /// # Errors
    ///
    /// When the disk fails.
    fn exists(&self, name: &str) -> io::Result<bool>;

    /// Opens the file of a name.
    ///
    /// # Errors
    ///
    /// When there is none, or the disk fails.
    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>>;

    /// Makes an empty file of this name; an older one is no longer reached by it.
    ///
    /// # Errors
    ///
    /// When the disk fails.
    fn create(&self, name: &str) -> io::Result<Box<dyn StorageBackend>>;

    /// Gives a file another name, which takes it from the file that had it: never the one without the other.
    ///
    /// # Errors
    ///
    /// When there is no such file, or the disk fails.
    fn rename(&self, from: &str, to: &str) -> io::Result<()>;

    /// Takes a name away.
    ///
    /// # Errors
    ///
    /// When there is no such file, or the disk fails.
    fn remove(&self, name: &str) -> io::Result<()>;

    /// Makes all names durable as they are.
    ///
    /// # Errors
    ///
    /// When the disk fails.
    fn sync_directory(&self) -> io::Result<()>;
}
