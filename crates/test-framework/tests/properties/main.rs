//! The framework itself, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod actors;
}
