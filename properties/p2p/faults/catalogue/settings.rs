//! Planted faults of settings, errors and identities.

use super::{Engine::*, Fault, expression};

const CONFIG: &str = "config.rs";
const IDENTITY: &str = "identity.rs";
const SWARM: &str = "shell/swarm.rs";

pub(super) const FAULTS: &[Fault] = &[
    expression(
        Settings,
        "settings_unchecked: a setting may be 0",
        &["NW-7"],
        CONFIG,
        "*value == 0",
        "*value == u64::MAX",
    ),
    expression(
        Settings,
        "far_address: an address of another machine is taken",
        &["NW-7"],
        CONFIG,
        "!self.beyond_loopback && !is_loopback(&address)",
        "false",
    ),
    expression(
        Settings,
        "end_unseen: where a long address leads is not looked at",
        &["NW-7"],
        CONFIG,
        "begins && stays",
        "begins && (stays || address.iter().count() > 2)",
    ),
    expression(
        Settings,
        "nowhere_is_here: an address without an IP is of this machine",
        &["NW-7"],
        CONFIG,
        "begins && stays",
        "begins || stays",
    ),
    expression(
        Settings,
        "any_address: an address of no transport is taken",
        &["NW-7"],
        CONFIG,
        "!is_supported(&address)",
        "false",
    ),
    expression(
        Settings,
        "is_setting_lost: how many bans are kept is not looked at",
        &["NW-7"],
        CONFIG,
        "(\"bans\", of(self.bans))",
        "(\"bans\", of(self.heard))",
    ),
    expression(
        Core,
        "number_of_the_end: numbers are the end of the hash",
        &["NW-3"],
        IDENTITY,
        "&digest[..8]",
        "&digest[24..]",
    ),
    expression(
        Core,
        "one_identity: every seed is the same node",
        &["NW-3"],
        IDENTITY,
        "hasher.update(seed.to_le_bytes())",
        "hasher.update([0; 8])",
    ),
    expression(
        Settings,
        "shared_port: a port is shared with somebody else",
        &["NW-7"],
        SWARM,
        "socket(&address).map_or(Ok(()), |socket| TcpListener::bind(socket).map(drop))",
        "std::io::Result::Ok(())",
    ),
    expression(
        Settings,
        "use_unseen: an address in use is any failure",
        &["NW-7"],
        SWARM,
        "in_use(&why)",
        "false",
    ),
];
