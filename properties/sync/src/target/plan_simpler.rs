//! What is simpler than a plan that fails, until nothing simpler fails of the same rule.
//!
//! Who takes part is left out first, then the chain is made shorter, then all that a file would say is left out or made
//! smaller, field by field. Every such step makes a plan smaller in that order, so it comes to an end.

use alys_engines::violation::cause_of;
use serde_json::Value;

use super::alys::simulated::{Fault, Group, Plan};
use super::drawn::QUIET_MS;

/// A plan that fails, and of which nothing simpler fails of the same rule.
#[derive(Clone, Debug)]
pub struct Least {
    /// The plan.
    pub plan: Plan,
    /// How it fails.
    pub message: String,
    /// How many plans were tried.
    pub runs: u64,
}

/// What only ever goes as a whole: a smaller number means something harsher there, or more often, or another course of chance.
const WHOLE: [&str; 7] = [
    "/sync/",
    "bytes_per_ms",
    "block_permille",
    "fork_every",
    "checkpoint_interval",
    "/reconnect_ms",
    "/every_ms",
];

/// What has no default, or one that is larger.
const KEPT: [&str; 5] = ["/truth", "/truth/blocks", "/known", "/quiet_from_ms", "/count"];

/// The simplest seeds.
const SEEDS: u64 = 4;

/// Makes a failing plan as simple as it gets.
pub fn least(plan: Plan, message: String, fails: &dyn Fn(&Plan) -> Option<String>) -> Least {
    let mut least = Least { plan, message, runs: 0 };
    let (mut place, mut since_success) = (0, 0);
    let mut ways = simpler(&least.plan);
    while since_success < ways.len() {
        let candidate = &ways[place % ways.len()];
        least.runs += 1;
        let failure = fails(candidate).filter(|message| cause_of(message) == cause_of(&least.message));
        match failure {
            Some(message) => {
                (least.plan, least.message) = (candidate.clone(), message);
                place %= ways.len();
                ways = simpler(&least.plan);
                since_success = 0;
            }
            None => {
                place += 1;
                since_success += 1;
            }
        }
    }
    least
}

/// Whether the rules promise anything of a plan: somebody honest is there, and a time comes from which on nothing fails.
#[must_use]
pub fn is_fair(plan: &Plan) -> bool {
    plan.validate().is_ok()
        && plan.peers.iter().any(|peers| peers.behaviour.is_honest())
        && plan.quiet_from_ms.is_some_and(|quiet| quiet <= QUIET_MS)
}

/// Every plan that is one step simpler, the largest steps first.
#[must_use]
pub fn simpler(plan: &Plan) -> Vec<Plan> {
    let mut all = without_faults(plan);
    all.extend((0..plan.peers.len()).map(|group| without_peer(plan, group)));
    all.extend((0..plan.nodes).filter(|_| plan.nodes > 1).map(|node| alone(plan, node)));
    all.extend((plan.relays > 0).then(|| Plan { relays: 0, ..plan.clone() }));
    all.extend(below(plan.truth.blocks).map(|blocks| shorter(plan, blocks)));
    all.extend(fields(plan));
    all.retain(is_fair);
    all
}

/// Nothing, and then ever more of a number: half, three quarters, up to one less. So what is needed is found in few steps.
fn below(number: u64) -> impl Iterator<Item = u64> {
    let cuts = (1..u64::BITS).map(move |shift| number >> shift).take_while(|cut| *cut > 0);
    (number > 0).then_some(0).into_iter().chain(cuts.map(move |cut| number - cut))
}

/// The plan without some faults in a row: half of them, a quarter, down to one.
fn without_faults(plan: &Plan) -> Vec<Plan> {
    let (mut all, mut size) = (Vec::new(), plan.faults.len());
    while size > 0 {
        for start in (0..plan.faults.len()).step_by(size) {
            let mut less = plan.clone();
            less.faults.drain(start..(start + size).min(plan.faults.len()));
            all.push(less);
        }
        size /= 2;
    }
    all
}

/// The plan without the last peer of a group, and without what goes wrong with it alone.
fn without_peer(plan: &Plan, group: usize) -> Plan {
    let mut less = plan.clone();
    let gone = plan.peers[..=group].iter().map(|peers| peers.count).sum::<u32>() - 1;
    less.peers[group].count -= 1;
    less.peers.retain(|peers| peers.count > 0);
    let renumbered = |peer: u32| (peer != gone).then(|| peer - u32::from(peer > gone));
    less.faults.retain_mut(|step| match &mut step.fault {
        Fault::Disconnect { peer, .. }
        | Fault::Leave { peer }
        | Fault::Stall { peer, .. }
        | Fault::Turn { peer, .. } => renumbered(*peer).map(|number| *peer = number).is_some(),
        Fault::Cascade { first, count, .. } => {
            *count -= u32::from((*first..*first + *count).contains(&gone));
            *first -= u32::from(*first > gone);
            *count > 0
        }
        Fault::Partition { groups, .. } => {
            for Group { peers, .. } in groups {
                *peers = peers.iter().filter_map(|peer| renumbered(*peer)).collect();
            }
            true
        }
        _ => true,
    });
    less
}

/// The plan with one node alone, and without what goes wrong with the others.
fn alone(plan: &Plan, node: u32) -> Plan {
    let mut less = Plan { nodes: 1, ..plan.clone() };
    less.faults.retain_mut(|step| match &mut step.fault {
        Fault::Crash { node: one, .. } | Fault::Medium { node: one, .. } | Fault::Clock { node: one, .. } => {
            let stays = *one == node;
            *one = 0;
            stays
        }
        Fault::Partition { groups, .. } => {
            for Group { nodes, .. } in groups {
                *nodes = nodes.iter().filter(|one| **one == node).map(|_| 0).collect();
            }
            true
        }
        _ => true,
    });
    less
}

/// The plan with a shorter chain.
fn shorter(plan: &Plan, blocks: u64) -> Plan {
    let mut less = plan.clone();
    (less.truth.blocks, less.known) = (blocks, plan.known.min(blocks));
    if less.truth.validate().is_err() {
        less.truth.long_range = None;
    }
    less
}

/// A plan as a tree that has only what differs from the defaults.
#[must_use]
pub fn compact(plan: &Plan) -> Value {
    let mut tree = tree(plan);
    for path in paths(&tree) {
        if let Some(less) = without(&tree, &path).filter(|less| read(less).as_ref() == Some(plan)) {
            tree = less;
        }
    }
    tree
}

fn tree(plan: &Plan) -> Value {
    serde_json::to_value(plan).unwrap_or_default()
}

fn read(tree: &Value) -> Option<Plan> {
    serde_json::from_value(tree.clone()).ok()
}

/// The plan with a field that is not said, or is smaller.
fn fields(plan: &Plan) -> Vec<Plan> {
    let tree = compact(plan);
    let mut all = Vec::new();
    for path in paths(&tree) {
        if !KEPT.iter().any(|kept| path.ends_with(kept)) {
            all.extend(without(&tree, &path));
        }
        if !WHOLE.iter().any(|whole| path.contains(whole)) {
            all.extend(tree.pointer(&path).into_iter().flat_map(|value| smaller(&path, value)).filter_map(
                |less| {
                    let mut with = tree.clone();
                    *with.pointer_mut(&path)? = less;
                    Some(with)
                },
            ));
        }
    }
    all.iter().filter_map(read).filter(|less| less != plan).collect()
}

/// What is smaller than a value; of a seed the first ones.
fn smaller(path: &str, value: &Value) -> Vec<Value> {
    match (value.as_u64(), value.as_i64()) {
        (Some(number), _) if path.ends_with("seed") => (0..number.min(SEEDS)).map(Value::from).collect(),
        (Some(number), _) => below(number).map(Value::from).collect(),
        (None, Some(number)) => {
            let sizes = below(number.unsigned_abs()).filter_map(|size| i64::try_from(size).ok());
            sizes.map(|size| Value::from(-size)).collect()
        }
        (None, None) => Vec::new(),
    }
}

/// Where everything is in a tree, what is outside first. Peers and faults are left out elsewhere: others name them.
fn paths(tree: &Value) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut place = 0;
    while place < all.len() {
        let at = all[place].clone();
        match tree.pointer(&at) {
            Some(Value::Object(fields)) => all.extend(fields.keys().map(|name| format!("{at}/{name}"))),
            Some(Value::Array(items)) => all.extend((0..items.len()).map(|number| format!("{at}/{number}"))),
            _ => {}
        }
        place += 1;
    }
    all.split_off(1)
}

/// A tree without what is at a place; `None` where it is no part of its own, and of whole peers and faults.
fn without(tree: &Value, path: &str) -> Option<Value> {
    let mut less = tree.clone();
    let (above, name) = path.rsplit_once('/')?;
    match less.pointer_mut(above)? {
        Value::Object(fields) => drop(fields.remove(name)?),
        Value::Array(items) if above.matches('/').count() > 1 => {
            let number = name.parse().ok().filter(|number| *number < items.len())?;
            items.remove(number);
        }
        _ => return None,
    }
    Some(less)
}
