//! Planted faults of settings, errors and identities.

use super::{Engine::*, Fault};

const CONFIG: &str = "config.rs";
const IDENTITY: &str = "identity.rs";
const SWARM: &str = "shell/swarm.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Settings,
        "settings_unchecked: a setting may be 0",
        &["NW-7"],
        CONFIG,
        "*value == 0",
        "*value == u64::MAX",
    ),
    Fault::expression(
        Settings,
        "far_address: an address of another machine is taken",
        &["NW-7"],
        CONFIG,
        "!self.beyond_loopback && !is_loopback(&address)",
        "false",
    ),
    Fault::expression(
        Settings,
        "end_unseen: where a long address leads is not looked at",
        &["NW-7"],
        CONFIG,
        "begins && stays",
        "begins && (stays || address.iter().count() > 2)",
    ),
    Fault::expression(
        Settings,
        "nowhere_is_here: an address without an IP is of this machine",
        &["NW-7"],
        CONFIG,
        "begins && stays",
        "begins || stays",
    ),
    Fault::expression(
        Settings,
        "any_address: an address of no transport is taken",
        &["NW-7"],
        CONFIG,
        "!is_supported(&address)",
        "false",
    ),
    Fault::expression(
        Settings,
        "is_setting_lost: how many bans are kept is not looked at",
        &["NW-7"],
        CONFIG,
        "(\"bans\", of(self.bans))",
        "(\"bans\", of(self.heard))",
    ),
    Fault::expression(
        Core,
        "number_of_the_end: numbers are the end of the hash",
        &["NW-3"],
        IDENTITY,
        "&digest[..8]",
        "&digest[24..]",
    ),
    Fault::expression(
        Core,
        "one_identity: every seed is the same node",
        &["NW-3"],
        IDENTITY,
        "hasher.update(seed.to_le_bytes())",
        "hasher.update([0; 8])",
    ),
    Fault::expression(
        Settings,
        "shared_port: a port is shared with somebody else",
        &["NW-7"],
        SWARM,
        "socket(&address).map_or(Ok(()), |socket| TcpListener::bind(socket).map(drop))",
        "std::io::Result::Ok(())",
    ),
    Fault::expression(
        Settings,
        "use_unseen: an address in use is any failure",
        &["NW-7"],
        SWARM,
        "in_use(&why)",
        "false",
    ),
];
