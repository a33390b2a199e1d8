//! The scenarios: what is done, and what is waited for, whatever network it is played on.

use super::ground::Links;

/// What is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Every node is connected with all that it can reach, and with nobody else.
    Met,
    /// Every node has heard every other one that it can reach say something: until then gossip goes nowhere.
    Warm,
    /// Every node has heard what it could.
    Heard,
    /// Every node that is not cut off from the newest block has it as its tip, and says that it is synced.
    AtTip,
    /// Links have harmed so much.
    Harmed(u64),
}

impl Goal {
    /// Returns what it is called in the record.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Met => "everybody has met",
            Self::Warm => "everybody is listened to",
            Self::Heard => "everything is heard",
            Self::AtTip => "everybody is at the tip",
            Self::Harmed(_) => "links have done harm",
        }
    }

    /// Returns the rule that it belongs to.
    pub(super) fn rule(self) -> &'static str {
        match self {
            Self::Met => "NW-3",
            Self::Warm | Self::Heard => "NW-1",
            Self::AtTip => "NW-2",
            Self::Harmed(_) => "gate",
        }
    }
}

/// One step of a scenario.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step {
    /// A node starts with these bootstrap nodes: from genesis, or from what it had when it left.
    Start(usize, &'static [usize]),
    /// A node is gone without a word.
    Leave(usize),
    /// A node makes and publishes so many blocks.
    Grow(usize, u64),
    /// A node says so many things.
    Say(usize, u64),
    /// The network falls into groups.
    Partition(&'static [&'static [usize]]),
    /// It is whole again.
    Heal,
    /// Links do something else.
    Links(Links),
    /// Time passes until something holds.
    Until(Goal),
}

/// What is played.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scenario {
    /// What it is called in the record.
    pub(super) name: &'static str,
    /// Whether nodes refuse to be connected with others than their neighbours by number.
    pub(super) in_line: bool,
    /// The steps, in their order.
    pub(super) steps: &'static [Step],
}

use Goal::{AtTip, Harmed, Heard, Met, Warm};
use Step::{Grow, Heal, Leave, Partition, Say, Start, Until};

/// Whole links that take no time.
const WHOLE: Links = Links { latency_ms: (0, 0), loss_permille: 0 };

/// How nodes find each other (NW-3).
pub(super) const DISCOVERY: [Scenario; 3] = [
    Scenario {
        name: "bootstrap",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Start(4, &[0]),
            Until(Met),
            Grow(0, 2),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "late joiner",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Until(Met),
            Grow(0, 6),
            Until(AtTip),
            // It knows one that is no bootstrap node of anybody else.
            Start(3, &[2]),
            Until(Met),
            Until(AtTip),
            Grow(3, 1),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "departed node",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Until(Met),
            // The one through whom all have met.
            Leave(0),
            Until(Met),
            Grow(1, 2),
            Until(AtTip),
            Start(0, &[]),
            Until(Met),
            Until(AtTip),
        ],
    },
];

/// How far messages come (NW-1).
pub(super) const PROPAGATION: [Scenario; 3] = [
    Scenario {
        name: "mesh",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Start(4, &[0]),
            Until(Met),
            Until(Warm),
            Say(0, 4),
            Say(1, 4),
            Say(2, 4),
            Say(3, 4),
            Say(4, 4),
            Until(Heard),
            Grow(2, 2),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "line",
        in_line: true,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[1]),
            Start(3, &[2]),
            Until(Met),
            Until(Warm),
            Say(0, 4),
            Say(3, 4),
            Say(1, 2),
            Until(Heard),
            Grow(3, 2),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "with loss",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Until(Met),
            Step::Links(Links { latency_ms: (0, 0), loss_permille: 100 }),
            Grow(0, 4),
            Until(Harmed(4)),
            Grow(0, 2),
            Step::Links(WHOLE),
            Until(Met),
            Until(AtTip),
            Until(Warm),
            Say(3, 4),
            Until(Heard),
            Grow(3, 1),
            Until(AtTip),
        ],
    },
];

/// What the network outlives (NW-2).
pub(super) const RESILIENCE: [Scenario; 3] = [
    Scenario {
        name: "partition",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Until(Met),
            Until(Warm),
            Partition(&[&[0, 1], &[2, 3]]),
            Until(Met),
            Until(Warm),
            Say(0, 3),
            Say(2, 3),
            Grow(1, 3),
            Until(Heard),
            Until(AtTip),
            Until(Harmed(4)),
            Heal,
            Until(Met),
            Until(AtTip),
            Until(Warm),
            Say(1, 3),
            Until(Heard),
            Grow(2, 1),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "churn",
        in_line: false,
        steps: &[
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Until(Met),
            Leave(1),
            Grow(0, 2),
            Until(Met),
            Start(1, &[0]),
            Leave(2),
            Grow(3, 2),
            Until(Met),
            Start(2, &[3]),
            Leave(0),
            Grow(3, 2),
            Until(AtTip),
            Start(0, &[1]),
            Until(Met),
            Until(AtTip),
            Until(Warm),
            Say(2, 3),
            Until(Heard),
            Grow(2, 1),
            Until(AtTip),
        ],
    },
    Scenario {
        name: "slow links",
        in_line: false,
        steps: &[
            Step::Links(Links { latency_ms: (100, 400), loss_permille: 0 }),
            Start(0, &[]),
            Start(1, &[0]),
            Start(2, &[0]),
            Start(3, &[0]),
            Until(Met),
            Until(Warm),
            Say(1, 3),
            Until(Heard),
            Grow(0, 3),
            Until(AtTip),
            Until(Harmed(50)),
        ],
    },
];
