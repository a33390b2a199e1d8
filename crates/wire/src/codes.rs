//! Result codes and reasons to say goodbye.
//!
//! A code without a name keeps its number. It cannot be made with the number of a named one, so equal codes are equal
//! values.

/// Why a request was not answered: any result byte but 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureCode {
    /// The request was malformed, or asked for what is never allowed.
    InvalidRequest,
    /// The responder failed.
    ServerError,
    /// The responder does not have what was asked for.
    ResourceUnavailable,
    /// The requester asked too often.
    RateLimited,
    /// Any other code.
    Other(UnnamedFailure),
}

/// A result byte without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnnamedFailure(
    /// invariant: the byte of no named code, and not 0.
    u8,
);

impl UnnamedFailure {
    /// Tells the byte.
    pub fn byte(self) -> u8 {
        self.0
    }
}

impl FailureCode {
    /// Reads a result byte; none of them is success.
    pub fn from_byte(byte: u8) -> Option<Self> {
        Some(match byte {
            0 => return None,
            1 => Self::InvalidRequest,
            2 => Self::ServerError,
            3 => Self::ResourceUnavailable,
            139 => Self::RateLimited,
            other => Self::Other(UnnamedFailure(other)),
        })
    }

    /// Tells the result byte.
    pub fn byte(self) -> u8 {
        match self {
            Self::InvalidRequest => 1,
            Self::ServerError => 2,
            Self::ResourceUnavailable => 3,
            Self::RateLimited => 139,
            Self::Other(code) => code.0,
        }
    }
}

/// Why a peer leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GoodbyeReason {
    /// It shuts down.
    ClientShutdown,
    /// It follows another chain.
    IrrelevantNetwork,
    /// It met a fault or an error.
    Fault,
    /// It cannot tell whether the networks are the same.
    UnableToVerifyNetwork,
    /// It has as many peers as it wants.
    TooManyPeers,
    /// It trusts this peer too little.
    BadScore,
    /// It has banned this peer.
    Banned,
    /// Any other reason.
    Other(UnnamedReason),
}

/// A reason without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnnamedReason(
    /// invariant: the number of no named reason.
    u64,
);

impl UnnamedReason {
    /// Tells the number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl GoodbyeReason {
    /// Reads a reason; every number is one.
    pub fn from_number(number: u64) -> Self {
        match number {
            1 => Self::ClientShutdown,
            2 => Self::IrrelevantNetwork,
            3 => Self::Fault,
            128 => Self::UnableToVerifyNetwork,
            129 => Self::TooManyPeers,
            250 => Self::BadScore,
            251 => Self::Banned,
            other => Self::Other(UnnamedReason(other)),
        }
    }

    /// Tells the number.
    pub fn number(self) -> u64 {
        match self {
            Self::ClientShutdown => 1,
            Self::IrrelevantNetwork => 2,
            Self::Fault => 3,
            Self::UnableToVerifyNetwork => 128,
            Self::TooManyPeers => 129,
            Self::BadScore => 250,
            Self::Banned => 251,
            Self::Other(reason) => reason.0,
        }
    }
}
