//! The planted faults of sync: one-place text changes of the real source.

#[path = "catalogue/chain.rs"]
mod chain;
#[path = "catalogue/download.rs"]
mod download;
#[path = "catalogue/gate.rs"]
mod gate;
#[path = "catalogue/lines.rs"]
mod lines;
#[path = "catalogue/media.rs"]
mod media;
#[path = "catalogue/nodes.rs"]
mod nodes;
#[path = "catalogue/peers.rs"]
mod peers;
#[path = "catalogue/proofs.rs"]
mod proofs;
#[path = "catalogue/serving.rs"]
mod serving;
#[path = "catalogue/shell.rs"]
mod shell;
#[path = "catalogue/truth.rs"]
mod truth;

/// One planted fault.
pub type Fault = alys_planting::Fault<Engine>;

/// What must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// A law of settings, states and gate.
    Rules,
    /// A law of what peers have proved, and what may be said then.
    Proofs,
    /// A law of scores, backoffs, breakers and bans.
    Peers,
    /// A law of batches and blocks.
    Download,
    /// A law of a node with its chain and its store.
    Nodes,
    /// A law of what is served.
    Serving,
    /// A law of the actor around a node.
    Shell,
    /// A law of the lines of the simulated network, and of its truth and media.
    Lines,
    /// A law of the simulated network.
    Network,
    /// The suite of fault plans.
    Plans,
}

/// All of them.
pub const ENGINES: [Engine; 10] = [
    Engine::Rules,
    Engine::Proofs,
    Engine::Peers,
    Engine::Download,
    Engine::Nodes,
    Engine::Serving,
    Engine::Shell,
    Engine::Lines,
    Engine::Network,
    Engine::Plans,
];

/// Every fault, in the order of the switches' numbers.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let all = [
        gate::FAULTS,
        peers::FAULTS,
        proofs::FAULTS,
        download::FAULTS,
        chain::FAULTS,
        nodes::FAULTS,
        truth::FAULTS,
        serving::FAULTS,
        shell::FAULTS,
        lines::FAULTS,
        media::FAULTS,
    ];
    all.into_iter().flatten()
}
