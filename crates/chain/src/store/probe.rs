//! A file as redb may have it: itself, or a copy of what it writes over what it finds.

use std::{
    collections::BTreeMap,
    io,
    ops::Bound,
    sync::{Mutex, MutexGuard, PoisonError},
};

use redb::{BackendError, StorageBackend};

const PAGE: u64 = 4096;

/// What locking needs is the same for both.
macro_rules! locks_of {
    ($inner:tt) => {
        fn close(&self) -> io::Result<()> {
            self.$inner.close()
        }

        fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$inner.try_lock_range(start, end)
        }

        fn try_lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$inner.try_lock_shared_range(start, end)
        }

        fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$inner.lock_range(start, end)
        }

        fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$inner.lock_shared_range(start, end)
        }

        fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
            self.$inner.unlock_range(start, end)
        }

        fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
            self.$inner.query_lock_range(start, end)
        }
    };
}

/// The file itself.
#[derive(Debug)]
pub(super) struct Plain(pub(super) Box<dyn StorageBackend>);

impl StorageBackend for Plain {
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

    locks_of!(0);
}

/// A file that is looked at: what is written stays in memory, and goes with it.
///
/// A database writes as soon as it is opened, if only to say that it is open. A file that may be somebody else's, newer or
/// damaged must not be touched before that is known.
#[derive(Debug)]
pub struct Probe {
    file: Box<dyn StorageBackend>,
    written: Mutex<Written>,
}

#[derive(Debug)]
struct Written {
    len: u64,
    /// How much of the file is still to be seen.
    seen: u64,
    pages: BTreeMap<u64, Vec<u8>>,
}

impl Probe {
    /// Looks at a file.
    ///
    /// # Errors
    ///
    /// When its length cannot be read.
    pub fn new(file: Box<dyn StorageBackend>) -> io::Result<Self> {
        let len = file.len()?;
        Ok(Probe { file, written: Mutex::new(Written { len, seen: len, pages: BTreeMap::new() }) })
    }

    fn written(&self) -> MutexGuard<'_, Written> {
        self.written.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A page of the file, with zeros where it is not seen.
    fn page(&self, number: u64, seen: u64) -> io::Result<Vec<u8>> {
        let (start, mut page) = (number * PAGE, vec![0; PAGE as usize]);
        let len = seen.saturating_sub(start).min(PAGE) as usize;
        if len > 0 {
            self.file.read(start, &mut page[..len])?;
        }
        Ok(page)
    }
}

/// The parts of pages that some bytes lie in: the page, where in it, and where in the bytes.
fn parts(offset: u64, len: usize) -> impl Iterator<Item = (u64, usize, std::ops::Range<usize>)> {
    let mut done = 0;
    std::iter::from_fn(move || {
        let at = offset + done as u64;
        let within = (at % PAGE) as usize;
        let part = done..len.min(done + PAGE as usize - within);
        done = part.end;
        (!part.is_empty()).then_some((at / PAGE, within, part))
    })
}

impl StorageBackend for Probe {
    fn len(&self) -> io::Result<u64> {
        Ok(self.written().len)
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let written = self.written();
        if offset.checked_add(out.len() as u64).is_none_or(|end| end > written.len) {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        for (number, within, part) in parts(offset, out.len()) {
            let into = &mut out[part];
            let within = within..within + into.len();
            match written.pages.get(&number) {
                Some(page) => into.copy_from_slice(&page[within]),
                None => into.copy_from_slice(&self.page(number, written.seen)?[within]),
            }
        }
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        let mut written = self.written();
        if len < written.len {
            written.seen = written.seen.min(len);
            written.pages.split_off(&len.div_ceil(PAGE));
            if let Some(page) = written.pages.get_mut(&(len / PAGE)) {
                page[(len % PAGE) as usize..].fill(0);
            }
        }
        written.len = len;
        Ok(())
    }

    fn sync_data(&self) -> io::Result<()> {
        Ok(())
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let mut written = self.written();
        for (number, within, part) in parts(offset, data.len()) {
            if !written.pages.contains_key(&number) {
                let page = self.page(number, written.seen)?;
                written.pages.insert(number, page);
            }
            if let Some(page) = written.pages.get_mut(&number) {
                page[within..within + part.len()].copy_from_slice(&data[part]);
            }
        }
        written.len = written.len.max(offset + data.len() as u64);
        Ok(())
    }

    locks_of!(file);
}
