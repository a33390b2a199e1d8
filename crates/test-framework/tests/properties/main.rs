//! Every property of the framework, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
#[allow(clippy::unwrap_used, reason = "helpers of tests are tests as well")]
mod properties {
    mod actors;
    mod browser;
    mod chaos;
    mod command_line;
    mod course;
    #[allow(unreachable_pub, reason = "an example is a program of its own")]
    #[path = "../../examples/foundation.rs"]
    mod foundation;
    mod governance;
    mod headers;
    mod house;
    mod lighthouse;
    mod messaging;
    mod metrics;
    mod network;
    mod record;
    mod run;
    mod simulated;
    mod storms;
    mod support;
    mod sync;
}
