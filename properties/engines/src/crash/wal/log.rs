//! The log itself.

use std::io;

use thiserror::Error;

use super::{
    fault::Fault,
    format::{decode, encode},
    reference::{LogReference, LogState, LogTransition, Record},
};
use crate::crash::{Disk, File, Store};

const LOG: &str = "log";
const CHECKPOINT: &str = "checkpoint";
const UNFINISHED: &str = "checkpoint.new";

/// Why the log could not do something.
#[derive(Debug, Error)]
pub enum LogError {
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Disk(#[from] io::Error),
    /// The disk failed before; what is durable is known again when the log is opened.
    #[error("the disk failed before: open the log again")]
    Failed,
    /// A checkpoint that was finished is damaged.
    #[error("the checkpoint is damaged from byte {at} of {len} on")]
    Damaged {
        /// Where.
        at: usize,
        /// How many bytes it has.
        len: usize,
    },
}

/// A write-ahead log, with all its records in memory.
#[derive(Debug)]
pub struct Log {
    disk: Disk,
    log: File,
    records: Vec<Record>,
    failed: bool,
}

/// The records at the beginning of some bytes, with their numbers, and where the last of them ends.
fn parse(bytes: &[u8]) -> (Vec<(u64, Record)>, usize) {
    let (mut records, mut end) = (Vec::new(), 0);
    while let Some((number, record, len)) = decode(&bytes[end..]) {
        records.push((number, record));
        end += len;
    }
    (records, end)
}

fn whole(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; file.len()? as usize];
    file.read(0, &mut bytes)?;
    Ok(bytes)
}

impl Log {
    /// Reads the checkpoint, then what the log has beyond it.
    fn recover(disk: &Disk) -> Result<Self, LogError> {
        let mut records = checkpoint(disk)?;
        if disk.exists(UNFINISHED)? {
            disk.remove(UNFINISHED)?;
        }
        let log = open_log(disk)?;
        let bytes = whole(&log)?;
        let (logged, mut end) = parse(&bytes);
        for (number, record) in logged {
            // The checkpoint may be newer than the log.
            if number >= records.len() as u64 || Fault::ReplayedTwice.is_planted() {
                records.push(record);
            }
        }
        if Fault::CutTooShort.is_planted() && end < bytes.len() && records.pop().is_some() {
            end = 0;
        }
        if end < bytes.len() && !Fault::TornTailKept.is_planted() {
            log.set_len(end as u64)?;
            // Else a record behind the cut could come back behind a new one.
            if !Fault::CutNotSynced.is_planted() {
                log.sync()?;
            }
        }
        Ok(Log { disk: disk.clone(), log, records, failed: false })
    }

    fn append(&mut self, record: Record) -> Result<(), LogError> {
        self.log.write(self.log.len()?, &encode(self.records.len() as u64, &record))?;
        self.records.push(record);
        Ok(())
    }

    fn sync(&self) -> Result<(), LogError> {
        if Fault::AcknowledgedBeforeSync.is_planted() {
            return Ok(());
        }
        match self.log.sync() {
            Err(_) if Fault::ErrorIgnored.is_planted() => Ok(()),
            synced => Ok(synced?),
        }
    }

    fn checkpoint(&self) -> Result<(), LogError> {
        if Fault::EmptiedTooEarly.is_planted() {
            self.empty()?;
        }
        let file = self.disk.create(UNFINISHED)?;
        let mut end = 0;
        for (number, record) in (0..).zip(&self.records) {
            let bytes = encode(number, record);
            file.write(end, &bytes)?;
            end += bytes.len() as u64;
        }
        if Fault::RenamedBeforeSync.is_planted() {
            self.disk.rename(UNFINISHED, CHECKPOINT)?;
            self.disk.sync_directory()?;
            file.sync()?;
        } else {
            file.sync()?;
            self.disk.rename(UNFINISHED, CHECKPOINT)?;
            if !Fault::NoDirectorySync.is_planted() {
                self.disk.sync_directory()?;
            }
        }
        self.empty()
    }

    /// Empties the log, durably: records appended from now on lie where the old ones did.
    fn empty(&self) -> Result<(), LogError> {
        self.log.set_len(0)?;
        Ok(self.log.sync()?)
    }
}

/// The records of the checkpoint; none when there is no checkpoint.
fn checkpoint(disk: &Disk) -> Result<Vec<Record>, LogError> {
    let unfinished = Fault::UnfinishedCheckpointRead.is_planted() && disk.exists(UNFINISHED)?;
    let name = if unfinished { UNFINISHED } else { CHECKPOINT };
    if !disk.exists(name)? {
        return Ok(Vec::new());
    }
    let bytes = whole(&disk.open(name)?)?;
    let (records, at) = parse(&bytes);
    if at < bytes.len() && !unfinished {
        return Err(LogError::Damaged { at, len: bytes.len() });
    }
    Ok(records.into_iter().map(|(_, record)| record).collect())
}

/// Opens the log, or makes a new one that is found again.
fn open_log(disk: &Disk) -> Result<File, LogError> {
    if disk.exists(LOG)? {
        return Ok(disk.open(LOG)?);
    }
    let log = disk.create(LOG)?;
    if !Fault::LogNotNamed.is_planted() {
        disk.sync_directory()?;
    }
    Ok(log)
}

impl Store for Log {
    type Reference = LogReference;
    type Error = LogError;

    fn open(disk: &Disk, _: &LogState) -> Result<Self, LogError> {
        Log::recover(disk)
    }

    fn apply(&mut self, transition: &LogTransition) -> Result<(), LogError> {
        if self.failed && !Fault::GoesOnAfterError.is_planted() {
            return Err(LogError::Failed);
        }
        let done = match (transition.record(), transition) {
            (Some(record), _) => self.append(record),
            (None, LogTransition::Checkpoint) => self.checkpoint(),
            (None, _) => self.sync(),
        };
        self.failed = done.is_err();
        done
    }

    fn found(&self) -> Vec<Record> {
        self.records.clone()
    }
}
