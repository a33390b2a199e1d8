//! What peers do wrong, and what it costs.

/// What a peer has done wrong. Whatever it is, the peer is left alone for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Offence {
    /// It has sent what is provably false: a bad certificate, blocks that are not linked, more than was asked for.
    Lie,
    /// It has sent what cannot be decoded.
    Malformed,
    /// It has not answered in time.
    Timeout,
    /// It has answered with nothing.
    Empty,
    /// It has answered with less than it has proved to have.
    Short,
    /// It has answered with blocks that do not lead to the tip that it has proved. It may have had a reorg.
    Astray,
    /// It does not have what it has proved to have, or refuses for another reason.
    Refused,
    /// It could not be asked.
    Unavailable,
    /// It says that it was asked too often.
    RateLimited,
}

impl Offence {
    /// Every offence.
    pub const ALL: [Self; 9] = [
        Self::Lie,
        Self::Malformed,
        Self::Timeout,
        Self::Empty,
        Self::Short,
        Self::Astray,
        Self::Refused,
        Self::Unavailable,
        Self::RateLimited,
    ];

    /// How much score it costs. Being asked too often is our doing, and costs none.
    #[must_use]
    pub const fn cost(self) -> u64 {
        match self {
            Self::Lie => 250,
            Self::Malformed => 200,
            Self::Timeout => 50,
            Self::Empty | Self::Short | Self::Astray => 100,
            Self::Refused | Self::Unavailable => 50,
            Self::RateLimited => 0,
        }
    }

    /// Whether it counts towards a ban: only what is provably false does.
    #[must_use]
    pub const fn counts_towards_ban(self) -> bool {
        matches!(self, Self::Lie)
    }

    /// Whether it counts as a failure to the circuit breaker. To be asked too often is no sign that a peer is ill.
    #[must_use]
    pub const fn counts_as_failure(self) -> bool {
        !matches!(self, Self::RateLimited)
    }

    /// Whether it costs the connection at once.
    #[must_use]
    pub const fn costs_connection(self) -> bool {
        matches!(self, Self::Malformed)
    }
}
