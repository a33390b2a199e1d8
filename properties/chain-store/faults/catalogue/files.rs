//! Planted faults of files: how they are made, looked at and opened.

use super::{Engine, Fault, expression, statement};

const OPEN: &str = "store/open.rs";
const OPENED: &str = "store/opened.rs";
const PROBE: &str = "store/probe.rs";

pub(super) const FAULTS: &[Fault] = &[
    expression(
        "directory_not_synced: the name of a new file may be lost",
        &["CH-8"],
        OPEN,
        "disk.sync_directory().map_err(StoreError::Disk)",
        "Ok(())",
    )
    .found_by(Engine::Crash),
    expression(
        "made_under_its_own_name: a crash leaves half a file",
        &["CH-8"],
        OPEN,
        "format!(\"{}.new\", config.name)",
        "config.name.clone()",
    )
    .found_by(Engine::Crash),
    statement(
        "renamed_before_it_is_closed: what closing writes may be lost behind the name",
        &["CH-8"],
        OPEN,
        "        transaction.commit()?;
        created.close()",
        "        transaction.set_durability(redb::Durability::None).ok(); transaction.set_quick_repair(false);
        transaction.commit()?; std::mem::forget(created); Ok(())",
    )
    .found_by(Engine::Crash),
    statement(
        "opened_without_a_look: a foreign file is written to",
        &["CH-8"],
        OPENED,
        "look(disk, config)?;",
        "",
    )
    .found_by(Engine::Files),
    expression(
        "newer_version_opened: a newer schema is read",
        &["CH-8"],
        OPEN,
        "version != VERSION",
        "version < VERSION",
    )
    .found_by(Engine::Files),
    expression(
        "another_chain_opened: the genesis is not compared",
        &["CH-8"],
        OPEN,
        "genesis != config.genesis.root",
        "false",
    )
    .found_by(Engine::Files),
    expression(
        "another_interval_opened: the interval is not compared",
        &["CH-6"],
        OPEN,
        "chain.interval != config.interval",
        "false",
    )
    .found_by(Engine::Files),
    statement(
        "cut_file_seen: what was cut off is seen again when a file grows",
        &["CH-8"],
        PROBE,
        "written.seen = written.seen.min(len);",
        "",
    )
    .found_by(Engine::Files),
    expression(
        "page_not_cleared: what was cut off a page comes back",
        &["CH-8"],
        PROBE,
        "(len % PAGE) as usize..",
        "PAGE as usize..",
    )
    .found_by(Engine::Files),
    expression(
        "stray_not_due: a row above the finalised height is taken for a checkpoint",
        &["CH-7"],
        "store/checkpoints.rs",
        "!chain.interval.is_due(height) || height > chain.finalised.height",
        "!chain.interval.is_due(height)",
    )
    .found_by(Engine::Files),
    expression(
        "rotten_value_served: the seal of a value is not looked at",
        &["CH-7"],
        "store/state.rs",
        "unsealed(Kind::State, key, row)",
        "row.get(..1)",
    )
    .found_by(Engine::Files),
    expression(
        "rotten_anchor_served: the seal of an anchor is not looked at",
        &["CH-7", "CH-10"],
        "store/anchors.rs",
        "unsealed(Kind::Anchor, &last.to_le_bytes(), row)?",
        "row.get(..row.len().checked_sub(16)?)?",
    )
    .found_by(Engine::Files),
    expression(
        "rotten_chain_row_read: the seal of head and marks is not looked at",
        &["CH-7"],
        "store/state.rs",
        "unsealed(Kind::Chain, CHAIN_KEY.as_bytes(), row)?",
        "row.get(..row.len().checked_sub(16)?)?",
    )
    .found_by(Engine::Files),
    statement(
        "damaged_told_as_rebuilt: what cannot be rebuilt is among what was",
        &["CH-7"],
        "store/checkpoints.rs",
        "sweep.rebuilt.pop();",
        "",
    )
    .found_by(Engine::Files),
    expression(
        "genesis_anywhere: the genesis keeps the height that it says",
        &["CH-8"],
        OPEN,
        "StoredBlock { height: 0, ..config.genesis.clone() }",
        "config.genesis.clone()",
    )
    .found_by(Engine::Files),
];
