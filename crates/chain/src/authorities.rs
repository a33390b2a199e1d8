//! The authority set: who proposes, who approves, and how many of them are enough (CH-2).

use alys_wire::containers::{MAX_AUTHORITIES, Signature};

use crate::scheme::{KeyError, PublicKeyBytes, SignatureScheme};

/// Why there is no authority set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuthorityError {
    /// Nobody could propose or approve.
    #[error("the authority set is empty, allowed are 1 to {MAX_AUTHORITIES} keys")]
    Empty,
    /// More than certificates have bits for.
    #[error("the authority set has {count} keys, allowed are 1 to {MAX_AUTHORITIES}")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A key is not admitted.
    #[error("authority {index} is refused: {error}")]
    Key {
        /// Whose key it is.
        index: usize,
        /// What is wrong with it.
        error: KeyError,
    },
    /// Somebody would count twice.
    #[error("authority {index} has the key of authority {first}")]
    Duplicate {
        /// Who comes second.
        index: usize,
        /// Who comes first.
        first: usize,
    },
}

/// The authorities of a chain, by index.
#[derive(Clone, Debug, PartialEq)]
pub struct AuthoritySet<K> {
    // invariant: not empty, at most MAX_AUTHORITIES, no two alike, each one's possession proved
    keys: Vec<K>,
}

impl<K: Clone + PartialEq> AuthoritySet<K> {
    /// Admits keys, each with the proof that its owner has the secret one.
    ///
    /// # Errors
    ///
    /// That the set is empty or too large, or the first key that is refused and why.
    pub fn new<S: SignatureScheme<PublicKey = K>>(
        scheme: &S,
        stated: &[(PublicKeyBytes, Signature)],
    ) -> Result<Self, AuthorityError> {
        match stated.len() {
            0 => return Err(AuthorityError::Empty),
            count if count > MAX_AUTHORITIES => return Err(AuthorityError::TooMany { count }),
            _ => {}
        }
        let mut keys: Vec<K> = Vec::with_capacity(stated.len());
        for (index, (key, possession)) in stated.iter().enumerate() {
            let key = scheme.admit(key, possession).map_err(|error| AuthorityError::Key { index, error })?;
            if let Some(first) = keys.iter().position(|other| *other == key) {
                return Err(AuthorityError::Duplicate { index, first });
            }
            keys.push(key);
        }
        Ok(AuthoritySet { keys })
    }

    /// How many there are; never 0.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a set is never empty")]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// The key of an authority.
    #[must_use]
    pub fn key(&self, index: u64) -> Option<&K> {
        self.keys.get(usize::try_from(index).ok()?)
    }

    /// Who proposes in a slot.
    #[must_use]
    pub fn proposer(&self, slot: u64) -> u64 {
        slot % self.keys.len() as u64
    }

    /// Whether so many authorities are a quorum: strictly more than two thirds.
    #[must_use]
    pub fn is_quorum(&self, signers: usize) -> bool {
        is_quorum(signers, self.keys.len())
    }
}

/// Whether `signers` of `n` authorities are a quorum: strictly more than two thirds, so that any two quorums have more
/// than n/3 authorities in common.
///
/// ```
/// use alys_chain::authorities::is_quorum;
///
/// assert!(!is_quorum(2, 3) && is_quorum(3, 3));
/// assert!(!is_quorum(2, 4) && is_quorum(3, 4));
/// ```
#[must_use]
pub fn is_quorum(signers: usize, n: usize) -> bool {
    3 * signers > 2 * n
}
