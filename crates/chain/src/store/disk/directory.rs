//! A directory of the operating system.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::PathBuf,
};

use redb::{DatabaseError, StorageBackend, StorageError, backends::FileBackend};

use super::Disk;

/// A directory of the operating system.
///
/// A file that is open is locked: a second store on it is refused.
#[derive(Clone, Debug)]
pub struct Directory(PathBuf);

impl Directory {
    /// Uses a directory, and makes it where there is none.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn new(path: impl Into<PathBuf>) -> io::Result<Self> {
        let path = path.into();
        fs::create_dir_all(&path)?;
        Ok(Directory(path))
    }

    fn backend(&self, name: &str, options: &mut OpenOptions) -> io::Result<Box<dyn StorageBackend>> {
        let file = options.read(true).write(true).open(self.0.join(name))?;
        match FileBackend::new(file) {
            Ok(backend) => Ok(Box::new(backend)),
            Err(DatabaseError::Storage(StorageError::Io(error))) => Err(error),
            Err(error) => Err(io::Error::new(io::ErrorKind::ResourceBusy, error.to_string())),
        }
    }
}

impl Disk for Directory {
    fn exists(&self, name: &str) -> io::Result<bool> {
        fs::exists(self.0.join(name))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        self.backend(name, &mut OpenOptions::new())
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        self.backend(name, OpenOptions::new().create(true).truncate(true))
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        fs::remove_file(self.0.join(name))
    }

    fn sync_directory(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }
}
