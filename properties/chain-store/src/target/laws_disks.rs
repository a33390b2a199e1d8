//! Laws of disks: of ours, of a file that is only looked at, and of one that is full.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
};

use alys_engines::violation::{check_eq, violated};
use alys_models::chain_store::Block;
use redb::StorageBackend;

use super::{
    adapter::{config, stored},
    alys::store::{
        ChainStore as _, Commit, Directory, Disk, MemoryDisk, OpenError, Probe, RedbStore, StoreError,
        StoredBlock,
    },
    laws_files::expect,
    mined::seeded,
};
use crate::oracle;

/// A disk that is full after so many bytes more, and has room again later.
#[derive(Clone, Debug)]
struct Filling {
    disk: MemoryDisk,
    room: Arc<AtomicI64>,
}

#[derive(Debug)]
struct FillingFile {
    file: Box<dyn StorageBackend>,
    room: Arc<AtomicI64>,
}

impl Disk for Filling {
    fn exists(&self, name: &str) -> io::Result<bool> {
        self.disk.exists(name)
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        Ok(Box::new(FillingFile { file: self.disk.open(name)?, room: Arc::clone(&self.room) }))
    }

    fn create(&self, name: &str) -> io::Result<Box<dyn StorageBackend>> {
        self.disk.create(name)?;
        self.open(name)
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.disk.rename(from, to)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.disk.remove(name)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.disk.sync_directory()
    }
}

impl StorageBackend for FillingFile {
    fn len(&self) -> io::Result<u64> {
        self.file.len()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        self.file.read(offset, out)
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let more = len as i64 - self.file.len()? as i64;
        if more > 0 && self.room.fetch_sub(more, SeqCst) < more {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.set_len(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        if self.room.load(SeqCst) < 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.file.write(offset, data)
    }
}

/// A full disk is a typed error, at any size; what was acknowledged is there when there is room again.
pub fn a_full_disk_is_told_and_loses_nothing() -> u64 {
    let mut tried = 0;
    let (mut full_on_open, mut full_on_commit) = (0, 0);
    for room in (0..50).map(|step| step * step * 2_500) {
        let disk = Filling { disk: MemoryDisk::new(), room: Arc::new(AtomicI64::new(room)) };
        let mut acknowledged = 0;
        match RedbStore::open(&disk, &config(2)) {
            Err(OpenError::Disk { error, .. }) if error.kind() == io::ErrorKind::StorageFull => {
                full_on_open += 1
            }
            Err(error) => violated("CH-8", format!("a full disk: {error}")),
            Ok(mut store) => {
                for height in 1..60_u32 {
                    let bytes = vec![height as u8; 100_000];
                    let line = Block { id: height, parent: height - 1, height: u64::from(height) };
                    let blocks = vec![StoredBlock { bytes, ..stored(&line) }];
                    let head = Some(oracle::root(height));
                    match store.commit(&Commit { blocks, head, ..Commit::default() }) {
                        Ok(()) => acknowledged = height,
                        Err(StoreError::Disk(error)) if error.kind() == io::ErrorKind::StorageFull => {
                            full_on_commit += 1;
                            disk.room.store(1 << 40, SeqCst);
                            let failed = matches!(store.vote(7), Err(StoreError::Failed));
                            check_eq("CH-8", "whether a failed store refuses the rest", &true, &failed);
                            break;
                        }
                        Err(error) => violated("CH-8", format!("a full disk: {error}")),
                    }
                }
            }
        }
        disk.room.store(1 << 40, SeqCst);
        let store = expect("the store, with room again", RedbStore::open(&disk, &config(2)));
        check_eq("CH-8", "the head", &u64::from(acknowledged), &store.head().height);
        check_eq("CH-8", "the last vote", &0, &store.voted_slot());
        tried += 1;
    }
    check_eq("CH-8", "whether disks were full", &(true, true), &(full_on_open > 2, full_on_commit > 2));
    tried
}

/// The bytes of a file, by definition.
fn whole(file: &dyn StorageBackend) -> Vec<u8> {
    let mut bytes = vec![0; expect("a length", file.len()) as usize];
    expect("the bytes", file.read(0, &mut bytes));
    bytes
}

/// Writes, cuts and grows a file at random, beside a plain vector; the file is what the vector is, after each of them.
fn edited_at_random(file: &dyn StorageBackend, seed: u64) -> (Vec<u8>, u64) {
    let (mut mix, mut model) = (seeded(seed), whole(file));
    for _ in 0..60 {
        let at = (mix.next() % 20_000) as usize;
        if mix.next() % 3 == 0 {
            expect("a length", file.set_len(at as u64));
            model.resize(at, 0);
        } else {
            let bytes = vec![mix.next() as u8; (mix.next() % 9_000) as usize];
            // redb writes within the length that it has set.
            let at = at.min(model.len());
            expect("a write", file.write(at as u64, &bytes));
            model.resize(model.len().max(at + bytes.len()), 0);
            model[at..at + bytes.len()].copy_from_slice(&bytes);
        }
        expect("a sync", file.sync_data());
        check_eq("CH-8", "whether the bytes are right", &true, &(whole(file) == model));
        let (from, len) = ((mix.next() % 22_000) as usize, (mix.next() % 5_000) as usize);
        let mut found = vec![0; len];
        let read = file.read(from as u64, &mut found);
        match model.get(from..from + len) {
            Some(bytes) => check_eq("CH-8", "a read", &(true, true), &(read.is_ok(), found == bytes)),
            None if len > 0 => check_eq("CH-8", "a read beyond the end", &true, &read.is_err()),
            None => {}
        }
    }
    (model, 60)
}

/// A file in memory keeps what is written; one that is looked at shows it, and is left as it was.
pub fn a_file_is_its_bytes() -> u64 {
    let mut tried = 0;
    for seed in 0..20 {
        let disk = MemoryDisk::new();
        let file = expect("a file", disk.create("one"));
        let (bytes, more) = edited_at_random(&*file, seed);
        check_eq("CH-8", "what is kept", &true, &(expect("the file", disk.bytes("one")) == bytes));
        let probe = expect("a look", Probe::new(expect("the file", disk.open("one"))));
        let (seen, again) = edited_at_random(&probe, seed + 1_000);
        let changed = (seen == bytes, expect("the file", disk.bytes("one")) == bytes);
        check_eq("CH-8", "whether a look changes the file", &(false, true), &changed);
        tried += more + again;
    }
    tried
}

/// Names mean what they last were made to mean, on every disk.
pub fn names_mean_files() -> u64 {
    let folder = crate::suites::folder();
    drop(std::fs::remove_dir_all(&folder));
    names(&MemoryDisk::new());
    names(&expect("a directory", Directory::new(&folder)));
    drop(std::fs::remove_dir_all(&folder));
    2
}

fn names(disk: &dyn Disk) {
    let exists = |name: &str| expect("a name", disk.exists(name));
    let bytes = |name: &str| whole(&*expect("a file", disk.open(name)));
    check_eq("CH-8", "a name without a file", &(false, true), &(exists("one"), disk.open("one").is_err()));
    for refused in [disk.rename("one", "two"), disk.remove("one")] {
        check_eq(
            "CH-8",
            "a change of no file",
            &Err(io::ErrorKind::NotFound),
            &refused.map_err(|error| error.kind()),
        );
    }
    let file = expect("a file", disk.create("one"));
    expect("a write", file.write(0, b"first"));
    let other = expect("a file", disk.create("two"));
    expect("a write", other.write(0, b"second"));
    drop((file, other));
    check_eq("CH-8", "a file by its name", &b"first".to_vec(), &bytes("one"));
    expect("a rename", disk.rename("one", "two"));
    check_eq("CH-8", "the name that it took", &(false, b"first".to_vec()), &(exists("one"), bytes("two")));
    expect("a sync", disk.sync_directory());
    drop(expect("a new file", disk.create("two")));
    check_eq("CH-8", "a file made anew", &Vec::<u8>::new(), &bytes("two"));
    expect("a removal", disk.remove("two"));
    check_eq("CH-8", "a name that is gone", &(false, true), &(exists("two"), disk.open("two").is_err()));
}
