//! Supervision, held to its model.

use alys_properties::{
    scenarios::expect_pass,
    sequential::expect_covered,
    supervision::{SupervisionLabels, WorldLabels, actor_laws, real, suites},
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
