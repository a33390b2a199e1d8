//! What comes of a request, as the engine knows it.

use std::sync::Arc;

use alys_wire::message::{Response, ResponseBody};

use crate::engine::Answer;
use crate::network::Outcome;

/// Reads an outcome. Blocks that came before a failure are an answer; a failure alone is a refusal.
pub(super) fn answer(outcome: Outcome) -> Answer {
    let responses = match outcome {
        Outcome::Answered(responses) => responses,
        Outcome::Malformed(fault) => return Answer::Malformed(fault),
        Outcome::Unavailable => return Answer::Unavailable,
    };
    let mut blocks = Vec::new();
    for response in responses {
        match response {
            Response::Success(ResponseBody::Block(block)) => blocks.push(Arc::from(block)),
            Response::Success(ResponseBody::Status(status)) => return Answer::Status(status),
            Response::Failure(failure) if blocks.is_empty() => return Answer::Refused { code: failure.code },
            // Nothing else answers what is asked, and nothing follows a failure.
            Response::Success(_) | Response::Failure(_) => break,
        }
    }
    Answer::Blocks(blocks)
}
