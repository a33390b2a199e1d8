//! The kit judged: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod bring_your_own;
    mod chain_stores;
    mod fragile;
    mod lists;
    mod ours;
    mod places;
    mod plain;
    mod plain_chain;
    mod plain_chain_faults;
    mod plain_faults;
    mod plain_journal;
    mod plain_sync;
    mod plain_sync_adapter;
    mod plain_sync_asks;
    mod plain_sync_faults;
    mod plain_sync_record;
    mod plain_sync_says;
    mod planted;
    mod published;
    mod racing;
    mod replays;
    mod supervisors;
    mod supervisors_planted;
    mod sync_engines;
    mod trackers;
    mod unclaimed;
    mod verdicts;
}
