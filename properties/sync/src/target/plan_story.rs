//! A plan that fails, told: as a file, as what takes part and goes wrong, and as what its hosts have sent each other.

use std::collections::BTreeMap;

use alys_engines::counterexample::{Seen, Step};

use super::alys::simulated::{Entry, Host, Plan, What};
use super::plan_simpler::compact;
use super::plans::Told;

/// How many entries of the log are shown from its beginning, and how many from its end.
const SHOWN: (usize, usize) = (40, 60);

/// A plan as a file that says what differs from the defaults.
#[must_use]
pub fn toml(plan: &Plan) -> String {
    let written = toml::to_string(&compact(plan)).ok();
    // What TOML has no numbers for is told all the same.
    written.or_else(|| plan.to_toml().ok()).unwrap_or_else(|| format!("{plan:?}"))
}

/// The steps of a counterexample: what the plan puts in place, then what has happened up to the failure.
#[must_use]
pub fn steps(plan: &Plan, told: &Told) -> Vec<Step> {
    let mut steps = vec![Step::plain("", None, "the beginning".to_owned())];
    let peers = (0..).map(Host::Peer).zip(plan.each_peer());
    steps.extend(peers.map(|(host, peer)| {
        let (behaviour, joins_ms, lag_ms) = (peer.behaviour, peer.joins_ms, peer.lag_ms);
        let what = format!("{behaviour:?}, joins at {joins_ms} ms, {lag_ms} ms behind");
        Step::plain("the plan", Some(&host.to_string()), what)
    }));
    steps.extend((0..).zip(&plan.faults).map(|(number, step): (usize, _)| {
        let what = format!("fault {number} at {} ms: {:?}", step.at_ms, step.fault);
        Step::plain("the plan", Some("the plan"), what)
    }));
    steps.extend(messages(&told.entries));
    if let (Some(last), Some(failure)) = (steps.last_mut(), &told.failure) {
        last.failure = Some(failure.clone());
        let differs = told.compared.iter().rev().find(|one| one.model != one.real);
        last.seen.extend(differs.map(|one| Seen {
            what: one.what.clone(),
            model: one.model.clone(),
            real: one.real.clone(),
            detail: false,
        }));
    }
    steps
}

/// What has happened, each by whom and to whom; the middle of a long story is left out.
fn messages(entries: &[Entry]) -> Vec<Step> {
    let (mut asked, mut all) = (BTreeMap::new(), Vec::new());
    for entry in entries {
        if let What::Asked { of, exchange, .. } = entry.what {
            asked.insert(exchange, (entry.host, of));
        }
        let (by, to) = ends(entry, &asked);
        let what = format!("{} ms: {} {}", entry.at, entry.host, entry.what);
        all.push(Step::plain(&by.to_string(), Some(&to.to_string()), what));
    }
    let left_out = all.len().saturating_sub(SHOWN.0 + SHOWN.1);
    if left_out > 0 {
        let what = format!("{left_out} more");
        all.splice(SHOWN.0..SHOWN.0 + left_out, [Step::plain("the plan", Some("the plan"), what)]);
    }
    all
}

/// From whom to whom something passes; what happens to one host alone passes to nobody else.
fn ends(entry: &Entry, asked: &BTreeMap<u64, (Host, Host)>) -> (Host, Host) {
    let host = entry.host;
    let of_exchange = |exchange: &u64| asked.get(exchange).copied();
    match &entry.what {
        What::Connected(other) | What::Disconnected(other) | What::Refused(other) => (host, *other),
        What::Asked { of, .. } => (host, *of),
        What::Answered { exchange, .. } => (host, of_exchange(exchange).map_or(host, |(asker, _)| asker)),
        What::Got { exchange, .. } => (of_exchange(exchange).map_or(host, |(_, answerer)| answerer), host),
        What::Malformed { from, .. } | What::Heard { from, .. } => (*from, host),
        What::Lost { to } | What::CutOff { to } | What::Corrupted { to, .. } => (host, *to),
        _ => (host, host),
    }
}
