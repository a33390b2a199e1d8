//! The clock of the runtime, and the words of failures.

use std::time::Duration;

use alys_engines::violation::check_eq;
use tokio::runtime::Builder;

use super::alys::beacon::types::{Direction, PeerState};
use super::alys::clock::{Clock, RuntimeClock};
use super::alys::failure::{CallError, Failure};
use super::alys::http::ANSWER_MAX;

/// The clock of the runtime shows what it was set to, goes on by the runtime's time, and waits by it.
pub fn the_clock_of_the_runtime_goes_on() -> u64 {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    let Ok(runtime) = runtime else { panic!("there is no runtime") };
    runtime.block_on(async {
        let start = Duration::from_secs(1_700_000_000);
        let clock = RuntimeClock::set(start);
        check_eq("CL-2", "the time at first", &start, &clock.now());
        clock.until(start + Duration::from_secs(5)).await;
        check_eq("CL-2", "the time after a wait", &(start + Duration::from_secs(5)), &clock.now());
        clock.until(start).await;
        clock.until(Duration::ZERO).await;
        check_eq(
            "CL-2",
            "the time after a wait for the past",
            &(start + Duration::from_secs(5)),
            &clock.now(),
        );
        for shown in [Duration::ZERO, start, Duration::MAX] {
            let clock = RuntimeClock::set(shown);
            let never = tokio::time::timeout(Duration::from_secs(9), clock.until(Duration::MAX)).await;
            let model = shown == Duration::MAX;
            check_eq("CL-2", "whether the end of all time has come", &model, &never.is_ok());
            check_eq("CL-2", "a time that can be shown", &true, &(clock.now() >= shown));
        }
    });
    6
}

/// A failure says what was wrong, and what is allowed.
pub fn failures_say_what_was_wrong() -> u64 {
    let text = || "x".to_owned();
    let said = [
        (Failure::Connect(text()), "no connection: x"),
        (Failure::Lost(text()), "the connection was lost before the whole answer had come: x"),
        (Failure::Timeout { after: Duration::from_millis(1_500) }, "no answer within 1500 ms"),
        (Failure::TooLarge { limit: 7 }, "the answer has more than 7 octets, which is what is allowed"),
        (Failure::Unauthorised, "the other side refuses our token (401)"),
        (Failure::Status { status: 503, message: text() }, "the other side answers with status 503: x"),
        (Failure::malformed("x"), "the answer is not understood: x"),
        (Failure::OtherRequest { asked: 2, found: text() }, "the answer is to request x, not to request 2"),
        (Failure::Rpc { code: -38_001, message: text() }, "the other side answers with error -38001: x"),
    ];
    for (failure, expected) in &said {
        check_eq("CL-2", "what a failure says", *expected, &*failure.to_string());
    }
    let error = CallError { attempts: 3, failure: Failure::Unauthorised }.to_string();
    check_eq("CL-2", "what a call says", "the other side refuses our token (401) (attempt 3)", &*error);
    check_eq("CL-2", "how large an answer may be", &(64 * 1024 * 1024), &ANSWER_MAX);
    said.len() as u64
}

/// Peers are told in the words of the specification.
pub fn peers_are_told_in_the_words_of_the_specification() -> u64 {
    let states =
        [PeerState::Disconnected, PeerState::Connecting, PeerState::Connected, PeerState::Disconnecting];
    let words = states.map(|state| serde_json::to_value(state).unwrap_or_default());
    check_eq(
        "CL-1",
        "states",
        &["disconnected", "connecting", "connected", "disconnecting"].map(Into::into),
        &words,
    );
    let words =
        [Direction::Inbound, Direction::Outbound].map(|way| serde_json::to_value(way).unwrap_or_default());
    check_eq("CL-1", "directions", &["inbound", "outbound"].map(Into::into), &words);
    2
}
