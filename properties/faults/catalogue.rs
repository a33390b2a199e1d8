//! The planted faults: one-place text changes of the real source, each of which a named engine must find.
//!
//! The build script reads this list and compiles every fault into a copy of the source behind a switch, so that one
//! build holds them all. Planting one by hand is the same edit in the real file.

#[path = "catalogue/comm.rs"]
mod comm;
#[path = "catalogue/lifecycle.rs"]
mod lifecycle;
#[path = "catalogue/mailbox.rs"]
mod mailbox;
#[path = "catalogue/mailbox_edges.rs"]
mod mailbox_edges;
#[path = "catalogue/mailbox_flow.rs"]
mod mailbox_flow;
#[path = "catalogue/mailbox_interrupting.rs"]
mod mailbox_interrupting;
#[path = "catalogue/mailbox_shell_edges.rs"]
mod mailbox_shell_edges;
#[path = "catalogue/supervised.rs"]
mod supervised;
#[path = "catalogue/supervision.rs"]
mod supervision;
#[path = "catalogue/supervision_groups.rs"]
mod supervision_groups;
#[path = "catalogue/supervision_laws.rs"]
mod supervision_laws;
#[path = "catalogue/supervision_shared.rs"]
mod supervision_shared;
#[path = "catalogue/tracker.rs"]
mod tracker;

use alys_planting::Fault as Planted;

/// A planted fault of `crates/actor`.
pub type Fault = Planted<Engine>;

/// The engine that must find a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// The sequential suite of the mailbox.
    Mailbox,
    /// The sequential suite of the mailbox in front of an actor.
    MailboxActor,
    /// Two mailboxes side by side.
    MailboxPair,
    /// The sequential suite of the ordering tracker.
    Tracker,
    /// The sequential suite of the lifecycle.
    Lifecycle,
    /// The sequential suite of the supervision tree.
    Supervision,
    /// A law of the supervision tree.
    SupervisionLaw,
    /// The suite of supervised actors.
    SupervisedActor,
    /// A law of supervised actors.
    SupervisedLaw,
    /// The patterns of communication, under many schedules.
    Communication,
    /// A loom model: every interleaving.
    Loom,
    /// Shuttle: many random schedules.
    Shuttle,
    /// A law stated for all inputs of one function.
    Law,
}

/// A fault in an expression, which the suite of the mailbox polled by hand must find unless [`by`] says otherwise.
const fn expression(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(Engine::Mailbox, title, rules, file, original, faulty)
}

/// The same in a statement.
const fn statement(
    title: &'static str,
    rules: &'static [&'static str],
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::statement(Engine::Mailbox, title, rules, file, original, faulty)
}

/// The same fault, for another engine to find.
const fn by(engine: Engine, fault: Fault) -> Fault {
    fault.found_by(engine)
}

/// Returns every planted fault; the position in this order is the number of its switch.
pub fn all() -> impl Iterator<Item = &'static Fault> {
    let all = [
        mailbox::FAULTS,
        mailbox_flow::FAULTS,
        mailbox_edges::FAULTS,
        mailbox_shell_edges::FAULTS,
        mailbox_interrupting::FAULTS,
        tracker::FAULTS,
        lifecycle::FAULTS,
        comm::FAULTS,
        supervised::FAULTS,
        supervision::FAULTS,
        supervision_groups::FAULTS,
        supervision_laws::FAULTS,
        supervision_shared::FAULTS,
    ];
    all.into_iter().flatten()
}
