//! Which engines run which component, and why the others do not.

use crate::rules::PropertyEntry;

/// Every engine, by the word that properties use for it.
pub const ENGINES: [&str; 11] = [
    "sequential",
    "actor",
    "exhaustive",
    "stateright",
    "law",
    "loom",
    "shuttle",
    "threads",
    "bytes",
    "differential",
    "crash",
];

/// A component and what its adapters declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The component.
    pub component: &'static str,
    /// The family of its rules.
    pub family: &'static str,
    /// The engines that do not run it, each with the reason.
    pub without: &'static [(&'static str, &'static str)],
}

const STORES_NOTHING: (&str, &str) = ("crash", "it stores nothing");

/// What each component declares; an engine that is not named as missing runs it.
pub const DECLARED: [Declared; 5] = [
    Declared { component: "mailbox", family: "MB", without: &[STORES_NOTHING] },
    Declared { component: "tracker", family: "OT", without: &[STORES_NOTHING] },
    Declared {
        component: "lifecycle",
        family: "LC",
        without: &[
            ("shuttle", "one lock an operation: loom explores its interleavings completely"),
            ("threads", "one lock an operation: loom explores its interleavings completely"),
            (
                "differential",
                "there is no second implementation, and its twin differs by planted faults alone",
            ),
            STORES_NOTHING,
        ],
    },
    Declared {
        component: "supervision",
        family: "SV",
        without: &[
            ("shuttle", "decisions are made under one lock: loom explores its interleavings completely"),
            ("threads", "decisions are made under one lock: loom explores its interleavings completely"),
            (
                "differential",
                "there is no second implementation, and its twin differs by planted faults alone",
            ),
            STORES_NOTHING,
        ],
    },
    Declared {
        component: "communication",
        family: "CM",
        without: &[
            (
                "sequential",
                "its laws are about what receivers were handed under a schedule, not about single calls",
            ),
            ("exhaustive", "its schedules are drawn, not enumerated"),
            ("stateright", "its model is an interpreter of one workflow, without states of its own"),
            ("law", "each law runs real actors, so it is told under actor"),
            ("loom", "it has no lock of its own: it is built on the mailbox's sender"),
            ("shuttle", "it has no lock of its own: it is built on the mailbox's sender"),
            ("threads", "its tasks share one thread, as those of an Actix arbiter do"),
            ("bytes", "its cases are seeds of schedules"),
            (
                "differential",
                "there is no second implementation, and its twin differs by planted faults alone",
            ),
            STORES_NOTHING,
        ],
    },
];

impl Declared {
    /// Returns why an engine does not run this component, or `None` when it does.
    #[must_use]
    pub fn reason_against(&self, engine: &str) -> Option<&'static str> {
        self.without.iter().find(|(name, _)| *name == engine).map(|(_, reason)| *reason)
    }

    /// Returns how many properties check rules of this component with an engine.
    #[must_use]
    pub fn count(&self, engine: &str, properties: &[PropertyEntry]) -> usize {
        let of_family = |id: &String| id.split_once('-').is_some_and(|(family, _)| family == self.family);
        properties.iter().filter(|one| one.engine == engine && one.rules.iter().any(of_family)).count()
    }
}

/// Returns the table of components and engines with the number of properties in each cell, and the cells that say otherwise
/// than what is declared.
#[must_use]
pub fn table(properties: &[PropertyEntry]) -> (String, Vec<String>) {
    let (mut text, mut wrong) = ("engine       ".to_owned(), Vec::new());
    DECLARED.iter().for_each(|one| text += &format!(" | {:>13}", one.component));
    for engine in ENGINES {
        text += &format!("\n{engine:<13}");
        for one in &DECLARED {
            let (count, against) = (one.count(engine, properties), one.reason_against(engine));
            text += &match against {
                Some(_) => format!(" | {:>13}", "-"),
                None => format!(" | {count:>13}"),
            };
            if (count == 0) != against.is_some() {
                wrong.push(format!(
                    "{} under {engine}: {count} properties, declared {against:?}",
                    one.component
                ));
            }
        }
    }
    (text, wrong)
}
