//! Which state may follow which, written down once more.

use super::alys::state::SyncState::{
    self, Discovering, Downloading, Failed, Idle, Processing, Recovering, Synced,
};

/// Every pair of states of which the second may be said after the first.
pub const FOLLOWS: [(SyncState, SyncState); 32] = [
    (Idle, Discovering),
    (Idle, Failed),
    (Discovering, Idle),
    (Discovering, Downloading),
    (Discovering, Processing),
    (Discovering, Synced),
    (Discovering, Recovering),
    (Discovering, Failed),
    (Downloading, Idle),
    (Downloading, Discovering),
    (Downloading, Processing),
    (Downloading, Synced),
    (Downloading, Recovering),
    (Downloading, Failed),
    (Processing, Idle),
    (Processing, Discovering),
    (Processing, Downloading),
    (Processing, Synced),
    (Processing, Recovering),
    (Processing, Failed),
    (Synced, Idle),
    (Synced, Discovering),
    (Synced, Downloading),
    (Synced, Processing),
    (Synced, Recovering),
    (Synced, Failed),
    (Recovering, Idle),
    (Recovering, Discovering),
    (Recovering, Downloading),
    (Recovering, Processing),
    (Recovering, Synced),
    (Recovering, Failed),
];
