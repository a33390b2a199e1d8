//! The properties of store, checkpoints and proof of work: `cargo test --release properties` selects by this module's
//! name.

#[path = "."]
mod properties {
    mod crash;
    mod fuzzing;
    mod headers;
    mod house_faults;
    mod laws;
    mod memory;
    mod nodes;
    mod store;
}
