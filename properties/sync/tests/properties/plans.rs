//! What holds of nodes on a network that fails, among peers that lie.

use alys_engines::{
    coverage::{self, Sample, SuiteCoverage},
    measure::Stopwatch,
    results,
    scenarios::expect_pass,
    sequential::{Persistence, Seed, Stopped, announce, cases_wanted, fail, is_deep},
};
use alys_sync_properties::{
    planted::Engine,
    real::{laws_nodes, orders, plan_labels::PlanLabels, plan_suite, plans},
    suites::{PLANS, scenarios},
};
use serde_json::json;

/// How many syncs on a store are disturbed.
const SYNCS: u32 = 8;

/// How many plans are played with the signatures that nodes use: 200 in the deep tier.
const SIGNED: u32 = 10;

/// SY-1, SY-2, SY-3, SY-4, SY-5, SY-9, SY-10: whatever fails and whoever lies, what a node says is true of what its peers have proved,
/// looked at after each event; no height and nothing final is lost, crashes included; and when nothing fails any more, every node comes
/// to the honest tip within a bound.
///
/// Engine: sequential
#[test]
fn nodes_come_to_the_honest_tip_through_every_plan() {
    let under_way = results::begin(PLANS.name);
    drop(coverage::take::<PlanLabels>());
    let (report, met) = match plan_suite::run(&PLANS, Persistence::Committed, Seed::FromEnvironment) {
        Ok(ran) => ran,
        Err(stopped) => match *stopped {
            Stopped::Broken(found) => fail(&found),
            other => results::refuse(PLANS.name, &other),
        },
    };
    let covered = coverage::take::<PlanLabels>();
    announce(&format!(
        "{report}: {} of 10,000 plans of the deep tier, {met:?}\n{}",
        report.cases,
        covered.table()
    ));
    let sample = Sample { cases: report.cases, transitions: report.transitions, ..Sample::default() };
    let entry = SuiteCoverage::new(&PLANS, &report, &covered, sample);
    if let Err(error) = coverage::publish(entry, &coverage::artifacts()) {
        announce(&format!("{}: the coverage report could not be written: {error}", PLANS.name));
    }
    let verdict = if report.cases < PLANS.cases { covered.check_recorded() } else { covered.check() };
    if let Err(missed) = verdict {
        results::refuse(PLANS.name, &format!("it is not worth its name: {missed}"));
    }
    let did = json!({ "plans": met.plans, "moments": met.moments, "slowest_ms": met.slowest_ms });
    under_way.passed(&json!({ "run": report.to_json(), "met": did }));
}

/// SY-1, SY-2, SY-3, SY-4, SY-5, SY-9, SY-10: plans come to the honest tip with the signatures that nodes use as they do with ideal ones.
///
/// Engine: sequential
#[test]
fn plans_with_signatures_come_to_the_honest_tip() {
    let count = cases_wanted(SIGNED);
    let watch = Stopwatch::start();
    let met = plans::plays_signed(0, u64::from(count));
    announce(&format!(
        "sync_signed: {count} of 200 plans of the deep tier, {:.2} s, {met:?}",
        watch.elapsed().as_secs_f64()
    ));
    assert!(met.plans == u64::from(count) && met.synced > 0 && met.moments > met.synced, "{met:?}");
}

/// SY-1, SY-8, SY-9, CH-6, CH-7: with an interval of 10 to 100, 100 to 1000 blocks and 0 to 10 points of failure, crashes of the node
/// among them, a sync onto a real store completes, every checkpoint is verified, and its height is a multiple of the interval.
///
/// Engine: crash
#[test]
fn disturbed_syncs_complete() {
    let met = laws_nodes::disturbed_syncs_complete(0, u64::from(cases_wanted(SYNCS)));
    announce(&format!("sync_disturbed: {met:?}"));
    let rare = cases_wanted(SYNCS) < SYNCS;
    assert!(rare || (met.crashes > 0 && met.checkpoints > 0), "not worth its name: {met:?}");
}

/// SY-3, SY-6, SY-8: any number of workers, threads and peers gives the same chain and the same checkpoints, and a bad signature is found
/// wherever it is.
///
/// Engine: law
#[test]
fn workers_and_threads_change_nothing() {
    let mut laws = scenarios(Engine::Nodes);
    laws.retain(|law| law.name != "disturbed_syncs_complete");
    expect_pass("sync_nodes", "properties::plans::workers_and_threads_change_nothing", "syncs", laws);
}

/// NW-1, NW-2, NW-5: nothing passes a partition, what is published is heard once and comes in the end, and the same plan makes the same log,
/// byte for byte.
///
/// Engine: law
#[test]
fn the_network_obeys_its_laws() {
    let test = "properties::plans::the_network_obeys_its_laws";
    expect_pass("sync_network", test, "messages", scenarios(Engine::Network));
}

/// NW-1, NW-2, NW-5, CH-3, CH-5, SY-9: the lines between hosts lose, hold back, repeat and corrupt as often as the plan says, and count it; the
/// truth is a chain, and what is durable of a node is what was committed.
///
/// Engine: law
#[test]
fn lines_truth_and_media_obey_their_laws() {
    let test = "properties::plans::lines_truth_and_media_obey_their_laws";
    expect_pass("sync_lines", test, "inputs", scenarios(Engine::Lines));
}

/// SY-1, SY-4, SY-5, SY-9, SY-10: the actor around a node wakes up when something is due, survives floods, carries out orders, closes the gate
/// when it ends, and tells what has changed.
///
/// Engine: actor
#[test]
fn the_actor_obeys_its_laws() {
    expect_pass(
        "sync_shell",
        "properties::plans::the_actor_obeys_its_laws",
        "turns",
        scenarios(Engine::Shell),
    );
}

/// SY-1, SY-3, SY-9, SY-10: what peers ask is answered, within quotas of their own, from the canonical chain, whatever fork a block is of.
///
/// Engine: law
#[test]
fn servers_obey_their_laws() {
    let test = "properties::plans::servers_obey_their_laws";
    expect_pass("sync_serving", test, "requests", scenarios(Engine::Serving));
}

/// SY-1, SY-3, SY-6, SY-10: three peers, one of which lies, batches of two, six blocks: in every order of delivery the node comes to the tip,
/// and breaks no rule on its way. The deep tier begins with the claims of the three, and not with their proofs.
///
/// Engine: exhaustive
#[test]
fn every_order_of_delivery_comes_to_the_tip() {
    for lie in orders::LIES {
        for from_claims in if is_deep() { vec![false, true] } else { vec![false] } {
            let tried = orders::all_orders_come_to_the_tip(lie, from_claims);
            announce(&format!("sync_orders: {lie:?}, from the claims on {from_claims}: {tried:?}"));
            assert!(tried.ends > 0 && tried.deliveries > tried.states, "not worth its name: {tried:?}");
        }
    }
}
