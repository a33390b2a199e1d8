//! How fast the state machine suites run: the default mix, every comparison on, a fresh runtime a case.

use std::time::Duration;

use alys_properties::{
    mailbox::{
        real::{actor::Drained, hand::Hand},
        suites::{BY_ACTOR, BY_HAND},
    },
    sequential::{self, Persistence, RunReport, Seed, Suite},
    supervision::{
        real::{actors::Stage, tree::Machine},
        suites::{ACTORS, TREE},
    },
};

use crate::ratio::{Arm, Comparison, Target};

/// The adapters of the mailbox, and those of supervision.
#[must_use]
pub fn comparisons() -> Vec<Comparison> {
    vec![mailbox(), supervision()]
}

fn supervision() -> Comparison {
    let arms = vec![
        arm("decisions", || sequential::run::<Machine>(&suite(&TREE), Persistence::None, Seed::Fixed)),
        arm("supervised actors", || {
            sequential::run::<Stage>(&suite(&ACTORS), Persistence::None, Seed::Fixed)
        }),
    ];
    Comparison {
        title: "suites: the supervision state machines".to_owned(),
        unit: "transition",
        units: 100_000,
        arms,
        targets: vec![("decisions", Target::Rate(200_000.0))],
    }
}

fn mailbox() -> Comparison {
    let arms = vec![
        arm("by an actor", || sequential::run::<Drained>(&suite(&BY_ACTOR), Persistence::None, Seed::Fixed)),
        arm("by hand", || sequential::run::<Hand>(&suite(&BY_HAND), Persistence::None, Seed::Fixed)),
    ];
    Comparison {
        title: "suites: the mailbox state machine".to_owned(),
        unit: "transition",
        units: 100_000,
        arms,
        targets: vec![("by an actor", Target::Rate(300_000.0)), ("by an actor", Target::Rate(500_000.0))],
    }
}

/// The cases of one run; a suite has so many that a round would take seconds.
fn suite(suite: &Suite) -> Suite {
    Suite { cases: 2_000, ..suite.clone() }
}

/// A run makes as many transitions as its cases have; the time is scaled to the number asked for.
fn arm<E: std::fmt::Debug>(name: &'static str, run: impl Fn() -> Result<RunReport, E> + 'static) -> Arm {
    Arm::new(name, move |transitions| {
        let report = run().expect("the suite passes");
        Duration::from_secs_f64(report.elapsed.as_secs_f64() * transitions as f64 / report.transitions as f64)
    })
}
