//! The laws, against the twin of `alys-consensus` in which faults can be planted.

pub(crate) use crate::twin as alys;

#[path = "target/answers.rs"]
pub mod answers;
#[path = "target/deeds.rs"]
pub mod deeds;
#[path = "target/laws.rs"]
pub mod laws;
#[path = "target/laws_beacon.rs"]
pub mod laws_beacon;
#[path = "target/laws_clock.rs"]
pub mod laws_clock;
#[path = "target/laws_driver.rs"]
pub mod laws_driver;
#[path = "target/laws_engine.rs"]
pub mod laws_engine;
#[path = "target/laws_errors.rs"]
pub mod laws_errors;
#[path = "target/laws_follow.rs"]
pub mod laws_follow;
#[path = "target/laws_fork.rs"]
pub mod laws_fork;
#[path = "target/laws_payloads.rs"]
pub mod laws_payloads;
#[path = "target/laws_recorded.rs"]
pub mod laws_recorded;
#[path = "target/laws_retry.rs"]
pub mod laws_retry;
#[path = "target/laws_rpc.rs"]
pub mod laws_rpc;
#[path = "target/laws_served.rs"]
pub mod laws_served;
#[path = "target/laws_server.rs"]
pub mod laws_server;
#[path = "target/laws_stream.rs"]
pub mod laws_stream;
#[path = "target/laws_text.rs"]
pub mod laws_text;
#[path = "target/laws_token.rs"]
pub mod laws_token;
#[path = "target/laws_watch.rs"]
pub mod laws_watch;
#[path = "target/shown.rs"]
pub mod shown;
#[path = "target/support.rs"]
pub mod support;
