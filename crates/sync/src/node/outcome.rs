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

#[cfg(test)]
mod properties {
    use alys_wire::codes::FailureCode;
    use alys_wire::containers::CertifiedBlock;
    use alys_wire::error::{Cause, WireError};
    use alys_wire::fault::{Channel, PeerFault};
    use alys_wire::message::{ErrorText, Failure, Status};
    use alys_wire::protocol::Protocol;

    use super::*;
    use crate::node::properties::truth::Truth;

    fn block(height: usize) -> CertifiedBlock {
        CertifiedBlock::clone(&Truth::new(2).blocks[height - 1])
    }

    fn sent(height: usize) -> Response {
        Response::Success(ResponseBody::Block(Box::new(block(height))))
    }

    fn refused(code: FailureCode) -> Response {
        Response::Failure(Failure { code, text: ErrorText::default() })
    }

    /// WR-5, SY-6, SY-7: what came before a failure is used, a failure alone is a refusal, and of what is malformed
    /// nothing is left.
    ///
    /// Engine: law
    #[test]
    fn outcomes_are_read_as_they_are_meant() {
        let read = |responses: Vec<Response>| answer(Outcome::Answered(responses));
        let blocks = |heights: &[usize]| {
            Answer::Blocks(heights.iter().map(|height| Arc::new(block(*height))).collect())
        };
        let code = FailureCode::ServerError;
        assert_eq!(read(vec![]), blocks(&[]));
        assert_eq!(read(vec![sent(1), sent(2)]), blocks(&[1, 2]));
        assert_eq!(read(vec![sent(1), refused(code)]), blocks(&[1]));
        assert_eq!(read(vec![refused(code)]), Answer::Refused { code });
        let status = Status { head_slot: 7, ..Status::default() };
        assert_eq!(
            read(vec![Response::Success(ResponseBody::Status(status.clone()))]),
            Answer::Status(status)
        );
        assert_eq!(read(vec![Response::Success(ResponseBody::Ping(1)), sent(1)]), blocks(&[]));
        assert_eq!(answer(Outcome::Unavailable), Answer::Unavailable);
        let fault =
            PeerFault::new(Channel::Response(Protocol::Ping), WireError { at: 3, cause: Cause::Truncated });
        assert_eq!(answer(Outcome::Malformed(fault.clone())), Answer::Malformed(fault));
    }
}
