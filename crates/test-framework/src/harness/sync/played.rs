//! Runs of the simulation: a node syncs for real, and what came of it is written down beside the truth.

use alys_chain::scheme::Ideal;
use alys_sync::{
    gate::Gate,
    simulated::{Host, Plan, Simulation, What},
    state::SyncState,
};
use tokio::task::yield_now;

use super::checkpoints::at;
use crate::{
    event::{
        TestEvent,
        TestEventType::{FailureInjected, Observed, StateTransition},
    },
    evidence::Evidence,
    judge::Judge,
    simulated::MockP2PNetwork,
    stage::{DriveError, Driven, Stage},
};

/// How long a sync may take in virtual time where nothing else is said.
pub(super) const BOUND_MS: u64 = 3_600_000;

/// After so much virtual time a test that has been cancelled ends.
const SLICE_MS: u64 = 250;

/// By how many blocks a tip may have moved on since a peer has proved it: those of the time between two questions.
const NEWS_BLOCKS: u64 = 5;

/// What is written down of the network of a run.
pub(super) const NETWORK: &str = "network";

/// The plan of the configured network: so many honest peers, such links, drawn from the seed of the test.
pub(super) fn planned(stage: &Stage) -> Result<Plan, DriveError> {
    let network = MockP2PNetwork::of(&stage.config().network, stage.seed());
    let plan = network.map_err(at("the network of the configuration"))?.plan();
    Ok(plan)
}

/// Runs a plan until a time has passed and each node is at the honest tip and says so, and writes down what came of it.
pub(super) async fn play(
    stage: &Stage,
    run: &str,
    plan: Plan,
    at_least_ms: u64,
) -> Result<Simulation<Ideal>, DriveError> {
    let simulation = Simulation::ideal(plan).map_err(at("the plan of a simulation"))?;
    play_on(stage, run, simulation, at_least_ms).await
}

/// Runs a simulation that has been made, and writes down what came of it.
pub(super) async fn play_on(
    stage: &Stage,
    run: &str,
    simulation: Simulation<Ideal>,
    at_least_ms: u64,
) -> Result<Simulation<Ideal>, DriveError> {
    let simulation = ended(simulation, at_least_ms).await?;
    write_down(stage, run, &simulation)?;
    Ok(simulation)
}

/// Runs a simulation until a time has passed and each node is at the honest tip and says so, or for as long as it may take.
pub(super) async fn ended(
    mut simulation: Simulation<Ideal>,
    at_least_ms: u64,
) -> Result<Simulation<Ideal>, DriveError> {
    let ended = |simulation: &Simulation<Ideal>| {
        simulation.elapsed() >= at_least_ms
            && (0..simulation.plan().nodes).all(|node| is_done(simulation, node))
    };
    for slice in 1..=BOUND_MS / SLICE_MS {
        if simulation.run_until(slice * SLICE_MS, ended).map_err(at("running a simulation"))? {
            break;
        }
        yield_now().await;
    }
    Ok(simulation)
}

fn is_done(simulation: &Simulation<Ideal>, node: u32) -> bool {
    let says = simulation.node(node).map(|node| node.state());
    says == Some(SyncState::Synced) && simulation.is_at_tip(node)
}

/// Who saw something in a run.
pub(super) fn of(run: &str, who: impl std::fmt::Display) -> String {
    format!("{run}: {who}")
}

fn write_down(stage: &Stage, run: &str, simulation: &Simulation<Ideal>) -> Driven {
    let stats = simulation.stats();
    let faults = simulation.log().entries().iter().filter(|entry| matches!(entry.what, What::Fault(_)));
    stage.record(
        FailureInjected,
        &of(run, NETWORK),
        [
            ("lost", stats.lost.into()),
            ("partitioned", stats.partitioned.into()),
            ("duplicated", stats.duplicated.into()),
            ("reordered", stats.reordered.into()),
            ("corrupted", stats.corrupted.into()),
            ("disconnected", stats.disconnections.into()),
            ("messages", stats.sent.into()),
            ("faults", faults.count().into()),
        ],
    );
    for node in 0..simulation.plan().nodes {
        said(stage, run, simulation, node);
        came_to(stage, run, simulation, node)?;
    }
    Ok(())
}

/// What a node has said on its way, beside what was true then.
fn said(stage: &Stage, run: &str, simulation: &Simulation<Ideal>, node: u32) {
    let start = simulation.now() - simulation.elapsed();
    let who = of(run, Host::Node(node));
    let mut height = 0;
    for entry in simulation.log().entries().iter().filter(|entry| entry.host == Host::Node(node)) {
        let words = match entry.what {
            What::Head { height: now, .. } => {
                height = now;
                continue;
            }
            What::Says(state) => ("state", format!("{state:?}")),
            What::Gates(gate) => ("gate", if gate == Gate::Open { "open" } else { "closed" }.to_owned()),
            What::Down => ("node", "down".to_owned()),
            What::Up => ("node", "up".to_owned()),
            _ => continue,
        };
        let tip = simulation.truth().view(start + entry.at).head().height;
        let told = [
            (words.0, words.1.into()),
            ("height", height.into()),
            ("tip", tip.into()),
            ("at_ms", entry.at.into()),
        ];
        stage.record(StateTransition, &who, told);
    }
}

/// What a node has in the end, beside the truth.
fn came_to(stage: &Stage, run: &str, simulation: &Simulation<Ideal>, number: u32) -> Driven {
    let who = of(run, Host::Node(number));
    let node = simulation.node(number).ok_or_else(|| DriveError::new("looking at the end", "it is down"))?;
    let (truth, chain) = (simulation.truth(), node.chain());
    let (head, view) = (chain.head(), truth.view(simulation.now()));
    let blocks: Vec<_> = chain.tree().chain(head.root).collect();
    let strange = |(root, node): &&(_, &alys_chain::tree::Node<_>)| {
        let true_root = match node.header.height {
            0 => Some(truth.genesis_ref().root),
            height => view.at(height).map(|block| block.root),
        };
        true_root != Some(*root)
    };
    let interval = truth.plan().checkpoint_interval;
    let due = |height: &u64| height.is_multiple_of(interval) && *height > 0;
    let mine = blocks.iter().rev().filter(|(_, node)| due(&node.header.height));
    let mine = mine.filter(|(_, node)| node.header.height <= chain.finalised().height);
    let mine: Vec<_> = mine.map(|(root, _)| root.to_string()).collect();
    let theirs = (1..=view.finalised().height).filter(due).filter_map(|height| truth.canonical(height));
    let theirs: Vec<_> = theirs.map(|block| block.root.to_string()).collect();
    stage.record(
        Observed,
        &who,
        [
            ("height", head.height.into()),
            ("tip", view.head().height.into()),
            ("root", head.root.to_string().into()),
            ("tip_root", view.head().root.to_string().into()),
            ("depth", (blocks.len() as u64 - 1).into()),
            ("strangers", blocks.iter().filter(strange).count().into()),
            ("crossings", crossings(simulation, number).into()),
            ("elapsed_ms", simulation.elapsed().into()),
        ],
    );
    stage.record(
        Observed,
        &of(run, "checkpoints"),
        [
            ("node", u64::from(number).into()),
            ("mine", mine.join(" ").into()),
            ("theirs", theirs.join(" ").into()),
        ],
    );
    let metrics = node.sync().metrics();
    stage.record(
        Observed,
        &of(run, "metrics"),
        [
            ("node", u64::from(number).into()),
            ("blocks", metrics.blocks.into()),
            ("peers_used", metrics.peers_used().into()),
            ("balance", metrics.balance().into()),
            ("retries", metrics.retries.into()),
            ("timeouts", metrics.timeouts.into()),
            ("malformed", metrics.malformed.into()),
            ("lies", metrics.lies.into()),
            ("conflicts", metrics.conflicts.into()),
            ("bans", metrics.bans.into()),
            ("most_in_flight", metrics.most_in_flight.into()),
            ("in_flight_max", simulation.plan().sync.blocks_in_flight.into()),
        ],
    );
    for (peer, blocks) in &metrics.blocks_by_peer {
        let who = of(run, "load");
        let words = Host::of(*peer).to_string();
        let told = [("node", u64::from(number).into()), ("peer", words.into()), ("blocks", (*blocks).into())];
        stage.record(Observed, &who, told);
    }
    Ok(())
}

/// How often the tip of a node was below what it had finalised.
fn crossings(simulation: &Simulation<Ideal>, node: u32) -> u64 {
    let (mut finalised, mut crossings) = (0, 0);
    for entry in simulation.log().entries().iter().filter(|entry| entry.host == Host::Node(node)) {
        match entry.what {
            What::Head { height, .. } => crossings += u64::from(height < finalised),
            What::Finalised { height } => {
                crossings += u64::from(height < finalised);
                finalised = height;
            }
            _ => {}
        }
    }
    crossings
}

/// The one event of a run in which a node or the network was looked at.
pub(super) fn end<'a>(seen: Evidence<'a>, run: &str, what: &str, node: u64) -> Option<&'a TestEvent> {
    let who = of(run, what);
    let mut ends = seen.from(Observed, &who);
    ends.find(|event| event.count("node").is_none_or(|number| number == node))
}

/// A count at the end of a run; 0 where there is none, which no check takes for good.
pub(super) fn counted(seen: Evidence<'_>, run: &str, what: &str, node: u64, key: &str) -> u64 {
    end(seen, run, what, node).and_then(|event| event.count(key)).unwrap_or_default()
}

/// What was made to go wrong in a run.
pub(super) fn injected(seen: Evidence<'_>, run: &str, key: &str) -> u64 {
    let network = of(run, NETWORK);
    seen.from(FailureInjected, &network).filter_map(|event| event.count(key)).sum()
}

/// Whether a node has come to the honest tip, with the honest chain below, and said so.
pub(super) fn completed(seen: Evidence<'_>, run: &str, node: u32) -> bool {
    let who = Host::Node(node).to_string();
    let Some(end) = end(seen, run, &who, node.into()) else { return false };
    let says = seen.words(StateTransition, &of(run, &who), "state");
    let last = says.iter().map(|(_, state)| *state).rfind(|state| !state.is_empty());
    end.words("root") == end.words("tip_root") && end.count("strangers") == Some(0) && last == Some("Synced")
}

/// What holds of every node in every run, whatever goes wrong.
pub(super) fn judge_node(seen: Evidence<'_>, judge: &mut Judge, run: &str, node: u32) {
    let who = of(run, Host::Node(node));
    let said = |what: &str| format!("{who}: {what}");
    let Some(end) = seen.from(Observed, &who).last() else {
        return judge.equal("SY-1", &said("the end"), "seen", "not seen");
    };
    let count = |key| end.count(key).unwrap_or_default();
    judge.equal("SY-1", &said("tip"), end.words("tip_root"), end.words("root"));
    judge.equal("SY-2", &said("tips below what was final"), 0_u64, count("crossings"));
    judge.equal("SY-3", &said("blocks below the tip"), count("height"), count("depth"));
    judge.equal("SY-3", &said("of these, none of the honest chain"), 0_u64, count("strangers"));
    judge_said(seen, judge, &who);
    let checkpoints = of(run, "checkpoints");
    let of_it = |event: &&TestEvent| event.count("node") == Some(node.into());
    let found = seen.from(Observed, &checkpoints).find(of_it);
    let words = |key| found.map_or("not seen", |event| event.words(key));
    judge.equal("SY-8", &said("checkpoints"), words("theirs"), words("mine"));
    let metrics = |key| counted(seen, run, "metrics", node.into(), key);
    judge.at_most(
        "SY-10",
        &said("most blocks in flight"),
        metrics("in_flight_max"),
        metrics("most_in_flight"),
    );
}

/// What a node may say: that it is synced at the tip alone, and that blocks may be produced where SY-5 allows it.
fn judge_said(seen: Evidence<'_>, judge: &mut Judge, who: &str) {
    let events = || seen.from(StateTransition, who);
    let last = events().map(|event| event.words("state")).filter(|state| !state.is_empty()).last();
    judge.equal("SY-4", &format!("{who}: last said"), "Synced", last.unwrap_or("nothing"));
    let lag = |event: &TestEvent| {
        let count = |key| event.count(key).unwrap_or_default();
        (count("tip").saturating_sub(count("height")), count("tip"))
    };
    let early = events().filter(|event| event.words("state") == "Synced" && lag(event).0 > NEWS_BLOCKS);
    judge.equal("SY-4", &format!("{who}: said to be synced before the tip"), 0_u64, early.count());
    let open = || events().filter(|event| event.words("gate") == "open");
    let wide = open().filter(|event| {
        let (lag, tip) = lag(event);
        1000 * lag.saturating_sub(NEWS_BLOCKS) > 5 * tip
    });
    judge.at_least("SY-5", &format!("{who}: gates opened"), 1_u64, open().count());
    judge.equal("SY-5", &format!("{who}: of these, too far behind"), 0_u64, wide.count());
}
