//! A small write-ahead log, made for the crash engine to be tried on.
//!
//! Records are appended to a log and durable with the next sync. A checkpoint writes all records to a new file, syncs it,
//! gives it the name of the old one, syncs the directory and only then empties the log. A record knows its number: a log
//! that was not emptied in time is not replayed twice. [`fault`] plants what such logs are known to get wrong.

pub mod fault;
mod format;
mod log;
mod reference;

pub use self::{
    log::{Log, LogError},
    reference::{LogReference, LogState, LogTransition, Record, SUITE},
};
