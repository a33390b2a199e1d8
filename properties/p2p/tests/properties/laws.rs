//! What holds of the network, core by core and on libp2p.

use alys_engines::scenarios::expect_pass;
use alys_engines::sequential::{announce, is_deep};
use alys_p2p_properties::planted::Engine;
use alys_p2p_properties::real::raw::{Tally, tally};
use alys_p2p_properties::real::{laws_core, laws_peers};
use alys_p2p_properties::suites::scenarios;

/// NW-1, NW-3, NW-6, NW-7, WR-5: bans, doors, what was heard, whom to dial and who is who obey their tables.
///
/// Engine: law
#[test]
fn cores_obey_their_tables() {
    let mut laws = scenarios(Engine::Core);
    laws.retain(|law| law.name != "cores_follow_their_model");
    expect_pass("p2p_core", "properties::laws::cores_obey_their_tables", "steps", laws);
}

/// NW-1, NW-3, NW-6, NW-7, WR-5: whatever peers, node and time do, the core tells, does and refuses what its model does.
///
/// Engine: sequential
#[test]
fn the_core_follows_its_model() {
    let scripts = if is_deep() { 200_000 } else { 10_000 };
    announce(&format!(
        "p2p_model: {} steps of {scripts} scripts",
        laws_core::cores_follow_their_model(0..scripts)
    ));
}

/// NW-7: every setting is bounded, addresses are of this machine, and what cannot be started or reached says why.
///
/// Engine: law
#[test]
fn settings_obey_their_laws() {
    let test = "properties::laws::settings_obey_their_laws";
    expect_pass("p2p_settings", test, "inputs", scenarios(Engine::Settings));
}

/// NW-6, NW-7: over libp2p, every request comes to exactly one end, or to none when its peer has left or it was given up.
///
/// Engine: law
#[test]
fn requests_obey_their_laws() {
    let test = "properties::laws::requests_obey_their_laws";
    expect_pass("p2p_requests", test, "requests", scenarios(Engine::Requests));
}

/// NW-3, NW-7: nodes find each other through bootstrap nodes, whoever leaves is missed, and whoever is banned stays out for its time.
///
/// Engine: law
#[test]
fn peers_obey_their_laws() {
    let test = "properties::laws::peers_obey_their_laws";
    expect_pass("p2p_peers", test, "meetings", scenarios(Engine::Peers));
}

/// NW-3: a peer that stands still with its connections open is dropped.
///
/// Engine: law
#[test]
fn who_falls_silent_has_left() {
    announce(&format!("p2p_silence: {} peer", laws_peers::who_falls_silent_has_left()));
}

/// NW-7: connections and streams are bounded, in number and in time.
///
/// Engine: law
#[test]
fn limits_obey_their_laws() {
    expect_pass(
        "p2p_limits",
        "properties::laws::limits_obey_their_laws",
        "streams",
        scenarios(Engine::Limits),
    );
}

/// NW-1, NW-7, WR-5: what is published is heard by everybody once, topic by topic, and what is malformed goes no further.
///
/// Engine: law
#[test]
fn gossip_obeys_its_laws() {
    expect_pass(
        "p2p_gossip",
        "properties::laws::gossip_obeys_its_laws",
        "messages",
        scenarios(Engine::Gossip),
    );
}

/// NW-6, NW-7, WR-5: hostile peers are refused and counted, their streams closed, and honest peers served.
///
/// Engine: law
#[test]
fn hostile_peers_change_nothing() {
    let test = "properties::laws::hostile_peers_change_nothing";
    expect_pass("p2p_hostile", test, "hostile peers", scenarios(Engine::Hostile));
    let Tally { connections, bytes, refused } = tally();
    announce(&format!(
        "p2p_hostile: {connections} connections and {bytes} bytes of hostile peers so far, {refused} refusals, peak memory {}",
        peak_memory()
    ));
}

/// The most memory that this process has had, as the system tells it.
fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".to_owned(), |most| most.trim().to_owned())
}

/// NW-4: the same scenario ends with the same tips and verdicts on the simulated network and on libp2p.
///
/// Engine: differential
#[test]
fn both_networks_end_alike() {
    let test = "properties::laws::both_networks_end_alike";
    expect_pass("p2p_nodes", test, "scenarios", scenarios(Engine::Nodes));
}
