//! The planted faults of the network: one-place text changes of the real source.

#[path = "catalogue/cores.rs"]
mod cores;
#[path = "catalogue/network.rs"]
mod network;
#[path = "catalogue/settings.rs"]
mod settings;
#[path = "catalogue/shell.rs"]
mod shell;

/// One planted fault.
pub type Fault = alys_planting::Fault<Engine>;

/// What must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// A law of the cores.
    Core,
    /// A law of settings, addresses and errors.
    Settings,
    /// A law of requests between two networks.
    Requests,
    /// A law of who is connected.
    Peers,
    /// A law of bounds.
    Limits,
    /// A law of gossip.
    Gossip,
    /// A law of hostile peers.
    Hostile,
    /// A law of nodes on both networks.
    Nodes,
}

/// Every engine.
pub const ENGINES: [Engine; 8] = [
    Engine::Core,
    Engine::Settings,
    Engine::Requests,
    Engine::Peers,
    Engine::Limits,
    Engine::Gossip,
    Engine::Hostile,
    Engine::Nodes,
];

/// Every fault, in the order of the switches' numbers.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    [cores::FAULTS, network::FAULTS, settings::FAULTS, shell::FAULTS].into_iter().flatten()
}
