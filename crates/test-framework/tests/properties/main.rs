//! Every property of the framework, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod actors;
    mod command_line;
    mod configuration;
    mod messaging;
    mod record;
    mod run;
    mod support;
}
