//! Properties of the framework itself: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod browser;
}
