//! Every property of the framework, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod actors;
    mod baseline;
    #[allow(clippy::unwrap_used, reason = "its helpers are tests as well")]
    mod browser;
    mod chaos;
    mod command_line;
    mod configuration;
    mod course;
    mod house;
    mod messaging;
    mod metrics;
    mod record;
    mod run;
    mod support;
}
