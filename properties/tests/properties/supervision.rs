//! Supervision, held to its model.

use alys_models::{
    lifecycle::ModelState,
    supervision::{ModelGroup, ModelKind, ModelStrategy},
};
use alys_properties::{
    scenarios::{Broken, Scenario, expect_pass},
    sequential::{announce, expect_covered},
    supervision::{SupervisionLabels, WorldLabels, actor_laws, real, suites, tree_laws},
    violation::caught,
};

/// SV-1, SV-3, SV-4, SV-5, SV-6, SV-9, SV-10, LC-1, LC-3, LC-6, LC-7: every verdict, and after each event the state,
/// history and order of every node and the next timer; at the end everything comes to rest.
///
/// Engine: sequential
#[test]
fn every_decision_and_the_whole_tree_are_the_models() {
    expect_covered::<real::tree::Machine, SupervisionLabels>(&suites::TREE);
}

/// SV-1, SV-2, SV-7, SV-8, SV-10, LC-2, LC-3, LC-4, MB-3, MB-5, MB-12: real actors under a real supervision on virtual time;
/// they panic, err and stop in every place, and every hook, message, timer, answer and dead letter is the model's.
///
/// Engine: actor
#[test]
fn supervised_actors_do_what_the_model_says() {
    expect_covered::<real::actors::Stage, WorldLabels>(&suites::ACTORS);
}

/// SV-2, SV-4, SV-7, SV-8, SV-10, LC-4, LC-5, LC-6, LC-7, MB-3: what the generated cases do not come to.
///
/// Engine: law
#[test]
fn supervised_actors_obey_their_laws() {
    let test = "properties::supervision::supervised_actors_obey_their_laws";
    expect_pass("supervision_laws", test, "laws", actor_laws::scenarios());
}

/// SV-3, SV-4, SV-10, LC-5, LC-6, LC-7: delays are exact, jitter keeps within its share, windows are exact up to the end of
/// time, and what is refused is named with its value and what is allowed.
///
/// Engine: law
#[test]
fn delays_windows_and_refusals_obey_their_laws() {
    let test = "properties::supervision::delays_windows_and_refusals_obey_their_laws";
    let all = tree_laws::REAL.scenarios().into_iter().chain(actor_laws::named(tree_laws::OF_NAMES)).collect();
    expect_pass("supervision_tree_laws", test, "inputs", all);
}

const CHILD: ModelKind = ModelKind::Child { start_within: 9, stop_within: 9 };

fn supervisor(group: ModelGroup, max_restarts: usize) -> ModelKind {
    ModelKind::Supervisor { group, max_restarts, window: 4 }
}

/// Three children.
fn flat(group: ModelGroup, failures: u32) -> real::search::Shape {
    let children = [ModelStrategy::Always, ModelStrategy::Always, ModelStrategy::Never];
    let nodes = children.map(|restart| (0, CHILD, restart)).to_vec();
    real::search::Shape { root: supervisor(group, 2), nodes, failures }
}

/// A supervisor with two children under the root.
fn nested(failures: u32) -> real::search::Shape {
    let below = (0, supervisor(ModelGroup::OneForAll, 1), ModelStrategy::Always);
    let children = [ModelStrategy::Always, ModelStrategy::Always].map(|restart| (1, CHILD, restart));
    let nodes = [vec![below], children.to_vec()].concat();
    real::search::Shape { root: supervisor(ModelGroup::OneForOne, 1), nodes, failures }
}

/// SV-1, SV-4, SV-5, SV-6, SV-9, LC-6: everything that trees of four nodes can come to with up to six failures at one
/// moment, searched breadth first on the real decisions.
///
/// Engine: exhaustive
#[test]
fn all_states_of_trees_of_four_are_searched() {
    let test = "properties::supervision::all_states_of_trees_of_four_are_searched";
    let shapes = [
        ("one_for_one", flat(ModelGroup::OneForOne, 6)),
        ("one_for_all", flat(ModelGroup::OneForAll, 6)),
        ("rest_for_one", flat(ModelGroup::RestForOne, 6)),
        ("nested", nested(6)),
    ];
    let scenario = |(name, shape): (&'static str, real::search::Shape)| {
        Scenario::new(name, move || {
            let broken = |message| Broken { tried: 0, message };
            let searched = caught(|| real::search::search(&shape)).map_err(broken)?;
            announce(&format!("supervision_search: {name}: {searched:?}"));
            // A model that lost its transitions would come to fewer states, and to fewer kinds of them.
            assert!(searched.states > 50 && searched.transitions > searched.states as u64, "{searched:?}");
            assert!(searched.met.len() == ModelState::ALL.len(), "{searched:?}");
            assert!(searched.fatal > 0, "{searched:?}");
            Ok(searched.transitions)
        })
    };
    expect_pass("supervision_search", test, "transitions", shapes.map(scenario).into());
}
