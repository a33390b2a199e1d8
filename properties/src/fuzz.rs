//! The fuzz targets of the components: what each searches, and types for the programs in `fuzz/fuzz_targets/`.

mod modelled;
#[cfg(test)]
mod tests;

pub use alys_engines::fuzz::{
    Input, Machine, Named, Replayed, Stored, Target, aloud, crashes, dictionary, inputs, mutated, replay,
    seeds, tokens,
};
pub use modelled::{ModelledMailbox, ModelledTracker};

use crate::{
    differential::SideBySide,
    mailbox::{self, suites::BY_HAND},
    sequential::Suite,
    supervision::{self, suites::TREE},
    tracker::{self, suites::TRACKER},
};

/// The pair that the target `differential` runs where the first byte is even.
const MAILBOXES: Suite = Suite { name: "differential_mailbox", ..BY_HAND };

/// The pair where it is odd.
const TRACKERS: Suite = Suite { name: "differential_tracker", ..TRACKER };

/// The mailbox beside its model.
pub const MAILBOX_TRANSITIONS: Target = Target {
    name: "mailbox_transitions",
    transitions: 24,
    machines: &[Machine::of::<mailbox::real::hand::Hand>(&BY_HAND)],
    twins: &[Machine::of::<mailbox::faulty::hand::Hand>(&BY_HAND)],
};

/// The supervision tree beside its model.
pub const SUPERVISOR_TRANSITIONS: Target = Target {
    name: "supervisor_transitions",
    transitions: 24,
    machines: &[Machine::of::<supervision::real::tree::Machine>(&TREE)],
    twins: &[Machine::of::<supervision::faulty::tree::Machine>(&TREE)],
};

/// The ordering tracker beside its model.
pub const ORDERING_TRACKER: Target = Target {
    name: "ordering_tracker",
    transitions: 24,
    machines: &[Machine::of::<tracker::real::machine::Machine>(&TRACKER)],
    twins: &[Machine::of::<tracker::faulty::machine::Machine>(&TRACKER)],
};

/// All that can be seen of a mailbox or of a tracker against all that its model shows, without a rule that says which part
/// matters: a comparison that an adapter forgot is not forgotten here.
pub const DIFFERENTIAL: Target = Target {
    name: "differential",
    transitions: 24,
    machines: &[
        Machine::of::<SideBySide<mailbox::real::hand::Hand, ModelledMailbox>>(&MAILBOXES),
        Machine::of::<SideBySide<tracker::real::observed::Tracker, ModelledTracker>>(&TRACKERS),
    ],
    twins: &[
        Machine::of::<SideBySide<mailbox::faulty::hand::Hand, ModelledMailbox>>(&MAILBOXES),
        Machine::of::<SideBySide<tracker::faulty::observed::Tracker, ModelledTracker>>(&TRACKERS),
    ],
};

/// Every target of the components described here.
pub const TARGETS: [&Target; 4] =
    [&MAILBOX_TRANSITIONS, &SUPERVISOR_TRANSITIONS, &ORDERING_TRACKER, &DIFFERENTIAL];

/// Makes types of targets, so that a fuzzer can be told by the type of its input what it is for.
macro_rules! named {
    ($($name:ident is $target:ident),+ $(,)?) => {$(
        #[doc = concat!("[`", stringify!($target), "`] as a type.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Named for $name {
            const TARGET: &'static Target = &$target;
        }
    )+};
}

named! {
    MailboxTransitions is MAILBOX_TRANSITIONS,
    SupervisorTransitions is SUPERVISOR_TRANSITIONS,
    OrderingTracker is ORDERING_TRACKER,
    Differential is DIFFERENTIAL,
}
