//! Every property of the project, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod bytes;
    mod checker;
    mod communication;
    mod differential;
    mod exhaustive;
    mod fuzzing;
    mod house;
    mod house_checker;
    mod house_crash;
    mod house_engines;
    mod house_fuzz;
    mod house_linearizability;
    mod house_rules;
    mod lifecycle;
    mod lifecycle_loom;
    mod mailbox;
    mod mailbox_concurrent;
    mod replay;
    mod shortest;
    mod supervision;
    mod supervision_loom;
    mod tracker;
    mod tracker_edges;
    mod tracker_laws;
    mod tracker_loom;
    mod tracker_shuttle;
}
