//! Who may vote, and with what weight (GV-2).

use std::collections::BTreeMap;

use alloy_primitives::B256;
use sha2::{Digest, Sha256};

use crate::scheme::{KeyError, PublicKeyBytes, Scheme, SignatureBytes};

/// Separates the hash of a registry from all others.
const DOMAIN: &[u8] = b"alys/gov/registry";

/// Somebody who wants to be a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Application {
    /// The public key.
    pub key: PublicKeyBytes,
    /// The proof that the owner has the secret one.
    pub possession: SignatureBytes,
    /// The weight that its votes will have.
    pub weight: u64,
}

/// Why somebody does not become a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Its votes would count for nothing.
    #[error("the weight of a member is 0, allowed is 1 or more")]
    NoWeight,
    /// Somebody would count twice.
    #[error("the key is that of member {member} already")]
    Duplicate {
        /// Who has it.
        member: u64,
    },
    /// The key is not admitted.
    #[error("the key is refused: {0}")]
    Key(#[source] KeyError),
    /// The weights of all would not fit a number.
    #[error("the weight {weight} is too much beside the {total} of the others, allowed are 2^64 - 1 in all")]
    TooHeavy {
        /// The weight.
        weight: u64,
        /// What the members have together.
        total: u64,
    },
}

/// Somebody who may vote.
#[derive(Clone, Debug, PartialEq)]
pub struct Member<K> {
    /// The key, whose possession is proved.
    pub key: K,
    /// The bytes of the key.
    pub stated: PublicKeyBytes,
    /// The weight of its votes, never 0.
    pub weight: u64,
}

/// The members, by numbers that are never given twice.
///
/// ```
/// use alys_governance::registry::{Application, Refusal, Registry};
/// use alys_governance::scheme::{Ideal, IdealKey, Scheme};
///
/// let (ideal, mut registry) = (Ideal::default(), Registry::default());
/// let (key, possession) = (ideal.public_key(&IdealKey(9)), ideal.prove_possession(&IdealKey(9)));
/// let application = Application { key, possession, weight: 5 };
/// assert_eq!(registry.admit(&ideal, &application), Ok(0));
/// assert_eq!(registry.admit(&ideal, &application), Err(Refusal::Duplicate { member: 0 }));
/// assert_eq!(registry.total(), 5);
/// ```
#[derive(Clone, Debug)]
pub struct Registry<K> {
    members: BTreeMap<u64, Member<K>>,
    // invariant: the member of each key
    owners: BTreeMap<PublicKeyBytes, u64>,
    // invariant: the sum of the weights
    total: u64,
    next: u64,
}

impl<K> Default for Registry<K> {
    fn default() -> Self {
        Registry { members: BTreeMap::new(), owners: BTreeMap::new(), total: 0, next: 0 }
    }
}

impl<K: Clone> Registry<K> {
    /// Makes somebody a member, and returns its number.
    ///
    /// # Errors
    ///
    /// Why it does not become one; the registry is as it was.
    pub fn admit<S: Scheme<PublicKey = K>>(
        &mut self,
        scheme: &S,
        application: &Application,
    ) -> Result<u64, Refusal> {
        let Application { key: stated, possession, weight } = *application;
        if weight == 0 {
            return Err(Refusal::NoWeight);
        }
        if let Some(member) = self.owners.get(&stated) {
            return Err(Refusal::Duplicate { member: *member });
        }
        let total = self.total;
        let new_total = total.checked_add(weight).ok_or(Refusal::TooHeavy { weight, total })?;
        let key = scheme.admit(&stated, &possession).map_err(Refusal::Key)?;
        let member = self.next;
        self.members.insert(member, Member { key, stated, weight });
        self.owners.insert(stated, member);
        self.total = new_total;
        self.next += 1;
        Ok(member)
    }

    /// Ends a membership, and returns who it was; `None` when there is no such member. Its number stays taken, its key is
    /// free.
    pub fn remove(&mut self, member: u64) -> Option<Member<K>> {
        let removed = self.members.remove(&member)?;
        self.owners.remove(&removed.stated);
        self.total -= removed.weight;
        Some(removed)
    }

    /// A member.
    #[must_use]
    pub fn member(&self, member: u64) -> Option<&Member<K>> {
        self.members.get(&member)
    }

    /// The members in the order of their numbers.
    pub fn members(&self) -> impl Iterator<Item = (u64, &Member<K>)> {
        self.members.iter().map(|(number, member)| (*number, member))
    }

    /// The weight of all members.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// The hash of the domain and of every member's number, key and weight: what a proposal is bound to.
    #[must_use]
    pub fn root(&self) -> B256 {
        let mut hash = Sha256::new_with_prefix(DOMAIN);
        for (number, member) in &self.members {
            hash.update(number.to_le_bytes());
            hash.update(member.stated);
            hash.update(member.weight.to_le_bytes());
        }
        B256::from_slice(&hash.finalize())
    }
}
