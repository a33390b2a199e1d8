//! The planted faults of the consensus layer: one-place text changes of the real source.

#[path = "catalogue/beacon.rs"]
mod beacon;
#[path = "catalogue/calls.rs"]
mod calls;
#[path = "catalogue/driver.rs"]
mod driver;
#[path = "catalogue/limits.rs"]
mod limits;
#[path = "catalogue/refusals.rs"]
mod refusals;
#[path = "catalogue/server.rs"]
mod server;
#[path = "catalogue/texts.rs"]
mod texts;
#[path = "catalogue/watch.rs"]
mod watch;
#[path = "catalogue/words.rs"]
mod words;

/// One planted fault.
pub type Fault = alys_planting::Fault<Engine>;

/// What must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// A law of numbers, octets, tokens, and of what answers mean.
    Words,
    /// A law of calls to an execution client that fails.
    Calls,
    /// A law of streams and heads.
    Heads,
    /// A law of questions to a beacon node that fails.
    Questions,
    /// A law of our own beacon node.
    Server,
    /// A law of the chain and its execution client.
    Driver,
}

/// Every fault, in the order of the switches' numbers.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let all = [
        texts::FAULTS,
        words::FAULTS,
        calls::FAULTS,
        limits::FAULTS,
        beacon::FAULTS,
        watch::FAULTS,
        server::FAULTS,
        driver::FAULTS,
        refusals::FAULTS,
    ];
    all.into_iter().flatten()
}
