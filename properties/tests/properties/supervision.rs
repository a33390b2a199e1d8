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

const CHILD: ModelKind = ModelKind::Child { start_within: 50, stop_within: 50 };

fn supervisor(group: ModelGroup, max_restarts: usize) -> ModelKind {
    ModelKind::Supervisor { group, max_restarts, window: 10 }
}

/// Three children, each restarted in another way.
fn flat(group: ModelGroup) -> real::search::Shape {
    let backoff = ModelStrategy::Backoff { initial: 2, numerator: 2, denominator: 1, max: 5 };
    let children = [ModelStrategy::Always, backoff, ModelStrategy::Fixed(3)];
    let nodes = children.map(|restart| (0, CHILD, restart)).to_vec();
    real::search::Shape { root: supervisor(group, 2), nodes, failures: 6, edges: 3 }
}

/// A supervisor of two children beside a child that is never restarted.
fn nested(group: ModelGroup) -> real::search::Shape {
    let nodes = vec![
        (0, supervisor(group, 1), ModelStrategy::Fixed(3)),
        (1, CHILD, ModelStrategy::Always),
        (1, CHILD, ModelStrategy::Fixed(2)),
        (0, CHILD, ModelStrategy::Never),
    ];
    real::search::Shape { root: supervisor(ModelGroup::OneForOne, 2), nodes, failures: 5, edges: 3 }
}

/// SV-1, SV-3, SV-4, SV-5, SV-6, SV-9, SV-10, LC-6: everything that trees of four nodes with up to six failures, and of
/// five with up to five, can come to while time goes on to the next edge up to three times, searched breadth first on the
/// real decisions; whatever comes to rest runs or has stopped.
///
/// Engine: exhaustive
#[test]
fn all_states_of_trees_of_four_are_searched() {
    let test = "properties::supervision::all_states_of_trees_of_four_are_searched";
    let shapes = [
        ("one_for_one", flat(ModelGroup::OneForOne), (105_544, 207_129)),
        ("one_for_all", flat(ModelGroup::OneForAll), (81_453, 152_371)),
        ("rest_for_one", flat(ModelGroup::RestForOne), (93_792, 174_484)),
        ("nested_one_for_one", nested(ModelGroup::OneForOne), (54_040, 126_210)),
        ("nested_one_for_all", nested(ModelGroup::OneForAll), (48_326, 110_779)),
        ("nested_rest_for_one", nested(ModelGroup::RestForOne), (51_729, 116_939)),
    ];
    let scenario = |(name, shape, reached): (&'static str, real::search::Shape, (usize, u64))| {
        Scenario::new(name, move || {
            let broken = |message| Broken { tried: 0, message };
            let searched = caught(|| real::search::search(&shape)).map_err(broken)?;
            announce(&format!("supervision_search: {name}: {searched:?}"));
            // A model that lost its transitions would come to fewer states, and to fewer kinds of them.
            assert_eq!((searched.states, searched.transitions), reached, "{name}: states and transitions");
            assert!(searched.met.len() == ModelState::ALL.len(), "{searched:?}");
            assert!(searched.fatal > 0, "{searched:?}");
            Ok(searched.transitions)
        })
    };
    expect_pass("supervision_search", test, "transitions", shapes.map(scenario).into());
}
