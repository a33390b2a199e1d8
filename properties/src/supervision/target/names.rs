//! Laws of names that need dependencies between children, which only a shell declares.

use std::sync::Arc;

use super::{
    ManualClock,
    alys::supervision::{ChildSpec, Event, NodeId, Order, Supervision, SupervisionConfig},
};
use crate::{
    supervision::actor_laws::Law,
    violation::{check_eq, violated},
};

/// The laws of no input.
pub const LAWS: &[Law] =
    &[("registered_again", a_name_that_is_registered_again_comes_last), ("cycles", a_cycle_is_named)];

/// A system with its children, and their names.
struct Shells {
    supervision: Supervision,
    children: Vec<(&'static str, NodeId)>,
}

impl Shells {
    fn new() -> Self {
        let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(ManualClock::default()));
        let supervision = supervision
            .unwrap_or_else(|error| violated("SV-4", format!("a valid configuration is refused: {error}")));
        Shells { supervision, children: Vec::new() }
    }

    fn add(&mut self, name: &'static str, dependencies: &[&str]) -> Result<(), String> {
        let added = self.supervision.add_child(name, "root", dependencies, &ChildSpec::default());
        let (node, _) = added.map_err(|error| error.to_string())?;
        self.children.retain(|(other, _)| *other != name);
        self.children.push((name, node));
        Ok(())
    }

    /// Every hook succeeds, one after the other, until none runs; returns whose did.
    fn obey(&self) -> Vec<&'static str> {
        let mut done = Vec::new();
        let under_way = |(name, node): &(&'static str, NodeId)| match self.supervision.order(*node)? {
            (one, Order::Start { .. }) => Some((*name, Event::Started(*node, one))),
            (one, Order::Stop | Order::Drop) => Some((*name, Event::Ended(*node, one, None))),
            (_, Order::Run) => None,
        };
        while let Some((name, event)) = self.children.iter().find_map(under_way) {
            // Reports are never refused.
            let _ = self.supervision.handle(event);
            done.push(name);
        }
        done
    }
}

/// LC-6: both orders are those of the registry, also when a name that others depend on has been registered again.
///
/// # Panics
///
/// Raises a violation when they are not.
pub fn a_name_that_is_registered_again_comes_last() {
    let mut shells = Shells::new();
    for (name, dependencies) in [("chain", &[][..]), ("sync", &["chain"]), ("miner", &[])] {
        check_eq("LC-5", "a registration", &Ok(()), &shells.add(name, dependencies));
    }
    check_eq("SV-9", "a start", &Ok(()), &shells.supervision.start("root"));
    check_eq("LC-6", "the start order", &vec!["chain", "sync", "miner"], &shells.obey());
    check_eq("SV-9", "a stop", &Ok(()), &shells.supervision.stop("chain"));
    check_eq("LC-6", "who stops", &vec!["chain"], &shells.obey());
    check_eq("LC-5", "a new registration", &Ok(()), &shells.add("chain", &[]));
    check_eq("SV-9", "a start", &Ok(()), &shells.supervision.start("chain"));
    check_eq("LC-6", "who starts", &vec!["chain"], &shells.obey());
    let mut order = shells.supervision.registry().stop_order();
    order.pop();
    check_eq("SV-9", "a restart", &Ok(()), &shells.supervision.restart("root"));
    let restarted = shells.obey();
    let (down, up) = restarted.split_at(restarted.len() / 2);
    check_eq("LC-6", "the stop order", &order, &down.iter().map(|name| (*name).to_owned()).collect());
    order.reverse();
    check_eq("LC-6", "the start order", &order, &up.iter().map(|name| (*name).to_owned()).collect());
}

/// LC-6: a dependency that leads back is refused, with the whole way; nothing is changed.
///
/// # Panics
///
/// Raises a violation when it is not.
pub fn a_cycle_is_named() {
    let mut shells = Shells::new();
    let itself = "dependencies must not form a cycle: chain -> chain";
    check_eq("LC-6", "a child of itself", &Err(itself.to_owned()), &shells.add("chain", &["chain"]));
    let unknown = "actor `chain` depends on `sync`, which is unknown: allowed are registered actors";
    check_eq("LC-6", "a dependency on nobody", &Err(unknown.to_owned()), &shells.add("chain", &["sync"]));
    check_eq("LC-5", "a registration", &Ok(()), &shells.add("chain", &[]));
    check_eq("LC-5", "a registration", &Ok(()), &shells.add("sync", &["chain"]));
    check_eq("SV-9", "a stop", &Ok(()), &shells.supervision.stop("chain"));
    let around = "dependencies must not form a cycle: chain -> sync -> chain";
    check_eq("LC-6", "a cycle", &Err(around.to_owned()), &shells.add("chain", &["sync"]));
    check_eq("SV-9", "a start", &Ok(()), &shells.supervision.start("root"));
    check_eq("LC-6", "who starts", &vec!["sync"], &shells.obey());
}
