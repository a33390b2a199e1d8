//! Why a request has failed, and whether it may be made again.

use std::time::Duration;

/// Why one attempt at a request has failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No connection could be made.
    #[error("no connection: {0}")]
    Connect(String),
    /// The connection was lost before the whole answer had come.
    #[error("the connection was lost before the whole answer had come: {0}")]
    Lost(String),
    /// The answer had not come in time.
    #[error("no answer within {} ms", .after.as_millis())]
    Timeout {
        /// How long was waited.
        after: Duration,
    },
    /// The answer is larger than allowed.
    #[error("the answer has more than {limit} octets, which is what is allowed")]
    TooLarge {
        /// How many are allowed.
        limit: usize,
    },
    /// The other side does not believe that we are who we say (401).
    #[error("the other side refuses our token (401)")]
    Unauthorised,
    /// The other side answered with an error of HTTP.
    #[error("the other side answers with status {status}: {message}")]
    Status {
        /// The status.
        status: u16,
        /// What it says to that; empty when it says nothing that is understood.
        message: String,
    },
    /// The answer is complete, and is not what was asked for.
    #[error("the answer is not understood: {0}")]
    Malformed(String),
    /// The answer is to another request.
    #[error("the answer is to request {found}, not to request {asked}")]
    OtherRequest {
        /// The id that was asked with.
        asked: u64,
        /// The id that was answered to, as it stands there.
        found: String,
    },
    /// The answer is about another block.
    #[error("the answer is about {found}, asked was for {asked}")]
    OtherBlock {
        /// What was asked for.
        asked: String,
        /// What is answered.
        found: String,
    },
    /// The other side answered with an error of JSON-RPC.
    #[error("the other side answers with error {code}: {message}")]
    Rpc {
        /// The code.
        code: i64,
        /// What it says to that.
        message: String,
    },
}

/// Whether a request may be made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    /// It may: the other side, or the way to it, may be back.
    Yes,
    /// A few times: a new token may be believed, if only our clocks disagreed.
    WithNewToken,
    /// It would come out the same.
    Never,
}

impl Failure {
    /// Says whether the request may be made again.
    ///
    /// Every request of both APIs may be made twice with one effect, so only what an answer says counts. One that is complete
    /// is final, but for "too many requests" and the errors of a server that may be over soon.
    #[must_use]
    pub fn again(&self) -> Again {
        match self {
            Self::Connect(_) | Self::Lost(_) | Self::Timeout { .. } => Again::Yes,
            Self::Status { status, .. } if may_pass(*status) => Again::Yes,
            Self::Unauthorised => Again::WithNewToken,
            Self::TooLarge { .. } | Self::Status { .. } | Self::Malformed(_) => Again::Never,
            Self::OtherRequest { .. } | Self::OtherBlock { .. } | Self::Rpc { .. } => Again::Never,
        }
    }

    /// An answer that is not understood, for a reason.
    pub fn malformed(why: impl ToString) -> Self {
        Self::Malformed(why.to_string())
    }
}

/// Whether a status may be another one soon: too many requests, and the errors of a server.
fn may_pass(status: u16) -> bool {
    status == 429 || (500..=599).contains(&status)
}

/// Why a call has failed: its last attempt, and how many there were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{failure} (attempt {attempts})")]
pub struct CallError {
    /// How many attempts were made.
    pub attempts: u32,
    /// Why the last one failed.
    #[source]
    pub failure: Failure,
}
