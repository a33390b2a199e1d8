//! Every property of the chain, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod exhaustive;
    mod faults;
    mod fuzzing;
    mod laws;
    mod node;
}
