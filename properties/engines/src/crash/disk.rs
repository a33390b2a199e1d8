//! A disk that loses what was not synced: byte files in one directory, and a fuse that ends everything.
//!
//! What is written goes to the view, which the store reads, and is pending until a sync: that of a file makes its bytes and
//! its length durable, that of the directory its names. Every change and every sync is an operation with a number, the
//! first being 0. With a fuse, the operation of that number fails, and all later ones do as well, or only itself, or those that
//! need room.
//! A crash at an operation is thus a run with that fuse, and an image of what has survived.
//!
//! The methods of [`File`] are those that redb asks of a `StorageBackend`: `len`, `read`, `set_len`, `write`, and a sync.

use std::{
    collections::BTreeMap,
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::image::{self, Survivors};

/// A file by its identity; a name can come to mean another one.
pub(super) type Inode = usize;

/// A change that a crash may lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Bytes of a file.
    Write(Inode, usize, Vec<u8>),
    /// The length of a file.
    SetLen(Inode, usize),
    /// A name, which from now on means this file, or none.
    Name(String, Option<Inode>),
    /// A file has a new name, and the old one is gone: never the one without the other.
    Rename(String, String, Inode),
}

/// The bytes of all files by identity, and what names mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Content {
    pub(super) files: Vec<Vec<u8>>,
    pub(super) names: BTreeMap<String, Inode>,
}

impl Content {
    pub(super) fn apply(&mut self, change: &Change) {
        match change {
            Change::Write(inode, offset, bytes) => {
                let (file, end) = (self.file(*inode), offset + bytes.len());
                // What lies between the end of a file and a write beyond it reads as zeros.
                file.resize(file.len().max(end), 0);
                file[*offset..end].copy_from_slice(bytes);
            }
            Change::SetLen(inode, len) => self.file(*inode).resize(*len, 0),
            Change::Name(name, None) => drop(self.names.remove(name)),
            Change::Name(name, Some(inode)) => self.name(name, *inode),
            Change::Rename(from, to, inode) => {
                self.names.remove(from);
                self.name(to, *inode);
            }
        }
    }

    /// A name can survive without a byte of its file: then it is empty.
    fn name(&mut self, name: &str, inode: Inode) {
        self.file(inode);
        self.names.insert(name.to_owned(), inode);
    }

    fn file(&mut self, inode: Inode) -> &mut Vec<u8> {
        self.files.resize(self.files.len().max(inode + 1), Vec::new());
        &mut self.files[inode]
    }
}

/// When operations fail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fuse {
    /// Never.
    #[default]
    Whole,
    /// From the operation of this number on: the machine is gone.
    BlowsAt(u64),
    /// Only the operation of this number: the disk had an error.
    ErrsAt(u64),
    /// From the operation of this number on, those that need room: the disk is full, and what is there can be read and synced.
    FullAt(u64),
}

impl fmt::Display for Fuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fuse::Whole => f.write_str("no crash at any operation"),
            Fuse::BlowsAt(number) => write!(f, "a crash at operation {number}"),
            Fuse::ErrsAt(number) => write!(f, "an error at operation {number}"),
            Fuse::FullAt(number) => write!(f, "a full disk from operation {number} on"),
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Inside {
    durable: Content,
    view: Content,
    pending: Vec<Change>,
    operations: u64,
    fuse: Fuse,
}

/// Whether an operation can do with what a full disk has.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Room {
    Enough,
    Needed,
}

/// A simulated disk; clones are the same disk.
#[derive(Clone, Debug, Default)]
pub struct Disk(Arc<Mutex<Inside>>);

/// A file of a [`Disk`]; clones are the same file.
#[derive(Clone, Debug)]
pub struct File {
    disk: Disk,
    inode: Inode,
}

impl Disk {
    /// An empty disk.
    #[must_use]
    pub fn new() -> Self {
        Disk::default()
    }

    /// A disk on which this is durable, and nothing pending.
    pub(super) fn holding(durable: Content) -> Self {
        let view = durable.clone();
        Disk(Arc::new(Mutex::new(Inside { durable, view, ..Inside::default() })))
    }

    /// The same content on another disk, whose operations are counted from 0 and end at this fuse.
    #[must_use]
    pub fn copy(&self, fuse: Fuse) -> Disk {
        let inside = Inside { operations: 0, fuse, ..self.lock().clone() };
        Disk(Arc::new(Mutex::new(inside)))
    }

    /// Gives it another fuse, and counts its operations from 0 again.
    pub fn arm(&self, fuse: Fuse) {
        let mut inside = self.lock();
        inside.operations = 0;
        inside.fuse = fuse;
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many operations there were, failed ones included.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.lock().operations
    }

    /// How many changes are pending.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.lock().pending.len()
    }

    /// What a crash at this moment leaves, if so much of the pending survives.
    #[must_use]
    pub fn image(&self, survivors: Survivors) -> Disk {
        let inside = self.lock();
        Disk::holding(image::of(&inside.durable, &inside.pending, survivors))
    }

    /// Whether the name means a file.
    ///
    /// # Errors
    ///
    /// When the fuse has blown.
    pub fn exists(&self, name: &str) -> io::Result<bool> {
        Ok(self.lock().alive()?.view.names.contains_key(name))
    }

    /// Opens the file of a name.
    ///
    /// # Errors
    ///
    /// When there is none, or the fuse has blown.
    pub fn open(&self, name: &str) -> io::Result<File> {
        let inode = self.lock().alive()?.view.inode(name)?;
        Ok(File { disk: self.clone(), inode })
    }

    /// Makes an empty file of this name; an older one of the same name is no longer reached by it.
    ///
    /// # Errors
    ///
    /// When the fuse blows.
    pub fn create(&self, name: &str) -> io::Result<File> {
        let mut inside = self.lock();
        inside.operate(Room::Needed)?;
        let inode = inside.view.files.len();
        inside.change(Change::SetLen(inode, 0));
        inside.change(Change::Name(name.to_owned(), Some(inode)));
        Ok(File { disk: self.clone(), inode })
    }

    /// Gives a file another name, which takes it from the file that had it.
    ///
    /// # Errors
    ///
    /// When the first name means no file, or the fuse blows.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        let mut inside = self.lock();
        inside.operate(Room::Enough)?;
        let inode = inside.view.inode(from)?;
        inside.change(Change::Rename(from.to_owned(), to.to_owned(), inode));
        Ok(())
    }

    /// Takes a name away.
    ///
    /// # Errors
    ///
    /// When it means no file, or the fuse blows.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        let mut inside = self.lock();
        inside.operate(Room::Enough)?;
        inside.view.inode(name)?;
        inside.change(Change::Name(name.to_owned(), None));
        Ok(())
    }

    /// Makes all names durable as they are, without the bytes behind them.
    ///
    /// # Errors
    ///
    /// When the fuse blows.
    pub fn sync_directory(&self) -> io::Result<()> {
        let mut inside = self.lock();
        inside.operate(Room::Enough)?;
        inside.settle(|change| matches!(change, Change::Name(..) | Change::Rename(..)));
        Ok(())
    }
}

impl Content {
    fn inode(&self, name: &str) -> io::Result<Inode> {
        let missing = || io::Error::new(io::ErrorKind::NotFound, format!("there is no file `{name}`"));
        self.names.get(name).copied().ok_or_else(missing)
    }
}

impl Inside {
    /// Fails when the machine is gone.
    fn alive(&self) -> io::Result<&Self> {
        match self.fuse {
            Fuse::BlowsAt(number) if self.operations > number => Err(io::Error::other("the disk is gone")),
            _ => Ok(self),
        }
    }

    /// Counts an operation, and fails where the fuse says so.
    fn operate(&mut self, room: Room) -> io::Result<()> {
        let number = self.operations;
        self.operations += 1;
        let fails = match self.fuse {
            Fuse::Whole => false,
            Fuse::BlowsAt(first) => number >= first,
            Fuse::ErrsAt(only) => number == only,
            Fuse::FullAt(first) if room == Room::Needed && number >= first => {
                return Err(io::ErrorKind::StorageFull.into());
            }
            Fuse::FullAt(_) => false,
        };
        if fails { Err(io::Error::other(format!("operation {number} of the disk fails"))) } else { Ok(()) }
    }

    /// Whether a change of a file needs room. Whatever is written may: a file can have holes, or be copied on write.
    fn room(&self, change: &Change) -> Room {
        match change {
            Change::SetLen(inode, len) if *len <= self.view.files[*inode].len() => Room::Enough,
            _ => Room::Needed,
        }
    }

    fn change(&mut self, change: Change) {
        self.view.apply(&change);
        self.pending.push(change);
    }

    /// Makes some of the pending changes durable, in their order.
    fn settle(&mut self, settles: impl Fn(&Change) -> bool) {
        for change in self.pending.extract_if(.., |change| settles(change)) {
            self.durable.apply(&change);
        }
    }
}

impl File {
    /// How many bytes there are.
    ///
    /// # Errors
    ///
    /// When the fuse has blown.
    pub fn len(&self) -> io::Result<u64> {
        Ok(self.disk.lock().alive()?.view.files[self.inode].len() as u64)
    }

    /// Whether there are none.
    ///
    /// # Errors
    ///
    /// When the fuse has blown.
    pub fn is_empty(&self) -> io::Result<bool> {
        Ok(self.len()? == 0)
    }

    /// Fills the buffer with the bytes from `offset` on.
    ///
    /// # Errors
    ///
    /// When there are not so many, or the fuse has blown.
    pub fn read(&self, offset: u64, into: &mut [u8]) -> io::Result<()> {
        let inside = self.disk.lock();
        let file = &inside.alive()?.view.files[self.inode];
        let bytes = place(offset).ok().and_then(|start| file.get(start..start + into.len()));
        let bytes = bytes.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))?;
        into.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes these bytes from `offset` on, beyond the end too.
    ///
    /// # Errors
    ///
    /// When the fuse blows, or the offset is beyond memory.
    pub fn write(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.operate(Change::Write(self.inode, place(offset)?, bytes.to_vec()))
    }

    /// Cuts the file, or makes it longer by zeros.
    ///
    /// # Errors
    ///
    /// When the fuse blows, or the length is beyond memory.
    pub fn set_len(&self, len: u64) -> io::Result<()> {
        self.operate(Change::SetLen(self.inode, place(len)?))
    }

    fn operate(&self, change: Change) -> io::Result<()> {
        let mut inside = self.disk.lock();
        let room = inside.room(&change);
        inside.operate(room)?;
        inside.change(change);
        Ok(())
    }

    /// Makes the bytes and the length durable, without the name.
    ///
    /// # Errors
    ///
    /// When the fuse blows.
    pub fn sync(&self) -> io::Result<()> {
        let mut inside = self.disk.lock();
        inside.operate(Room::Enough)?;
        inside.settle(|change| {
            matches!(change, Change::Write(inode, ..) | Change::SetLen(inode, _) if *inode == self.inode)
        });
        Ok(())
    }
}

fn place(offset: u64) -> io::Result<usize> {
    usize::try_from(offset).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))
}
