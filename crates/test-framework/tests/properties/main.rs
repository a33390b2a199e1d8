//! Properties of the framework's own tests: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod course;
    mod messaging;
}
