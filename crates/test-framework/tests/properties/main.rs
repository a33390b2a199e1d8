//! Every property of the framework, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod chaos;
    mod metrics;
}
