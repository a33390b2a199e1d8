//! Errors say what was wrong, where, and what is allowed.

use alys_engines::violation::check_eq;

use super::alys::beacon::BlockId;
use super::alys::beacon::client::BeaconError;
use super::alys::beacon::sse::TooLong;
use super::alys::driver::body::BodyError;
use super::alys::driver::{DriveError, PayloadMismatch, RefusedBlock, Unfit};
use super::alys::engine::client::EngineError;
use super::alys::engine::{Fork, PayloadOutcome, SecretError, ShapeError};
use super::alys::failure::{CallError, Failure};
use super::alys::number::NumberError;
use super::alys::octets::{Fixed, Hash, OctetsError};
use crate::realm::Never;

const ONE: Hash = Fixed([1; 32]);
const TWO: Hash = Fixed([2; 32]);

/// Holds errors to their texts.
fn say(said: &[(String, &str)]) -> u64 {
    for (real, expected) in said {
        check_eq("CL-2", "what an error says", *expected, &**real);
    }
    said.len() as u64
}

/// The errors of texts.
pub fn errors_of_texts_say_what_is_wrong() -> u64 {
    say(&[
        (NumberError::NoPrefix.to_string(), "a quantity begins with `0x`"),
        (NumberError::Empty.to_string(), "a number has a digit at least"),
        (NumberError::NotADigit { at: 3 }.to_string(), "sign 3 of the number is no digit"),
        (NumberError::LeadingZero.to_string(), "a number has no leading zero"),
        (NumberError::TooLarge { bits: 64 }.to_string(), "the number does not fit in 64 bits"),
        (OctetsError::NoPrefix.to_string(), "hexadecimal digits begin with `0x`"),
        (OctetsError::NotADigit { at: 3 }.to_string(), "digit 3 after `0x` is none of 0-9, a-f and A-F"),
        (OctetsError::Odd { digits: 3 }.to_string(), "3 digits are no whole number of octets"),
        (OctetsError::Length { allowed: 2, found: 3 }.to_string(), "there are 3 octets, allowed are 2"),
        (SecretError::Length { found: 31 }.to_string(), "the secret has 31 octets, allowed are 32"),
        (
            SecretError::Octets(OctetsError::NoPrefix).to_string(),
            "the secret is not hexadecimal: hexadecimal digits begin with `0x`",
        ),
        (
            ShapeError { field: "x", fork: Fork::Paris, is_there: true }.to_string(),
            "`x` is there, and at Paris it must not be",
        ),
        (
            ShapeError { field: "x", fork: Fork::Cancun, is_there: false }.to_string(),
            "`x` is missing, and at Cancun it must not be",
        ),
        (
            TooLong { limit: 9 }.to_string(),
            "a message of the stream has more than 9 octets, which is what is allowed",
        ),
        (
            "x".parse::<BlockId>().map_or_else(|error| error.to_string(), |block| block.to_string()),
            "`x` names none: allowed are head, genesis, finalized, a slot, and a root of 32 octets after `0x`",
        ),
    ])
}

/// The errors of calls and of the driver.
pub fn errors_of_calls_say_what_is_wrong() -> u64 {
    let error = || CallError { attempts: 2, failure: Failure::Unauthorised };
    let call = EngineError::Call { method: "m", error: error() };
    let refused =
        DriveError::<Never>::TipRefused(RefusedBlock { hash: ONE, latest_valid: None, reason: None });
    let (one, two) = (ONE.to_string(), TWO.to_string());
    let mismatch = PayloadMismatch::Parent { asked: ONE, found: TWO };
    let parent = format!("the payload is built on {two}, asked was for one on {one}");
    let block = RefusedBlock { hash: ONE, latest_valid: None, reason: Some("gas".to_owned()) };
    let block = DriveError::<Never>::BlockRefused(block);
    let shape = ShapeError { field: "x", fork: Fork::Paris, is_there: true };
    say(&[
        (call.to_string(), "m: the other side refuses our token (401) (attempt 2)"),
        (
            BeaconError { path: "/p".to_owned(), error: error() }.to_string(),
            "/p: the other side refuses our token (401) (attempt 2)",
        ),
        (mismatch.to_string(), &parent),
        (
            PayloadMismatch::Timestamp { asked: 1, found: 2 }.to_string(),
            "the payload is of time 2, asked was for time 1",
        ),
        (DriveError::<Never>::ClientSyncing.to_string(), "the execution client is not there yet"),
        (DriveError::<Never>::NothingBuilt.to_string(), "the execution client builds no payload"),
        (
            DriveError::<Never>::OwnPayload { outcome: PayloadOutcome::Accepted }.to_string(),
            "the execution client says Accepted to its own payload",
        ),
        (
            refused.to_string(),
            &format!("the execution client calls the tip invalid: {one}, and it does not say why"),
        ),
        (block.to_string(), &format!("the execution client calls a block of the chain invalid: {one}, gas")),
        (
            Unfit::Parent { tip: ONE, found: TWO }.to_string(),
            &format!("the payload follows {two}, the tip is {one}"),
        ),
        (Unfit::Number { tip: 1, found: 3 }.to_string(), "the payload has number 3, the tip has 1"),
        (
            Unfit::Timestamp { tip: 4, found: 3 }.to_string(),
            "the payload is of time 3, which is not after the tip's, 4",
        ),
        (
            Unfit::Shape(shape).to_string(),
            "the payload is of another fork: `x` is there, and at Paris it must not be",
        ),
        (
            Failure::OtherBlock { asked: "7".to_owned(), found: one.clone() }.to_string(),
            &format!("the answer is about {one}, asked was for 7"),
        ),
        (Unfit::Withdrawals { found: 2 }.to_string(), "the payload has 2 withdrawals, allowed is none"),
        (
            Unfit::BlockTime { block: 4, found: 3 }.to_string(),
            "the payload is of time 3, its block of time 4",
        ),
        (
            Unfit::Randomness { parent: ONE, found: TWO }.to_string(),
            &format!("the payload has randomness {two}, the block before has root {one}"),
        ),
        (
            PayloadMismatch::Randomness { asked: ONE, found: TWO }.to_string(),
            &format!("the payload has randomness {two}, asked was for {one}"),
        ),
        (BodyError::TooLarge { octets: 7 }.to_string(), "the payload has 7 octets, a body holds 67108864"),
        (BodyError::Unreadable("x".to_owned()).to_string(), "the body holds no payload: x"),
        (BodyError::NotCanonical.to_string(), "the body holds a payload that is not written as it must be"),
    ])
}
