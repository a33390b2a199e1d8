//! Approvals: what makes one count, and when those of a block are a quorum (CH-2).

use alys_wire::containers::{AggregateApproval, Approval, ApprovalBits};

use crate::authorities::AuthoritySet;
use crate::scheme::{Claim, Domain, Message, SignatureScheme};

/// How many aggregates without a quorum are kept of one block: all their combinations are tried.
pub const AGGREGATES_PER_BLOCK: usize = 8;

/// Why an approval does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApprovalRefusal {
    /// There is no such authority.
    #[error("authority {index} approves, allowed are those below {n}")]
    UnknownSigner {
        /// Who is said to approve.
        index: u64,
        /// How many authorities there are.
        n: usize,
    },
    /// The bits are not those of the authority set: some of them would be nobody's.
    #[error("the aggregate has bits for {len} authorities, there are {n}")]
    WrongLength {
        /// How many bits there are.
        len: usize,
        /// How many authorities there are.
        n: usize,
    },
    /// Nobody approves.
    #[error("the aggregate has no signer")]
    NoSigner,
    /// The signature is not that of all who are said to approve, over this block and slot on this chain.
    #[error("the signature of {signers} authorities for slot {slot} does not verify")]
    BadSignature {
        /// The slot that was approved.
        slot: u64,
        /// How many are said to have signed.
        signers: usize,
    },
    /// The block that is approved was proposed in another slot.
    #[error("slot {approved} is approved of a block of slot {slot}")]
    SlotMismatch {
        /// The slot that was approved.
        approved: u64,
        /// The block's.
        slot: u64,
    },
}

/// Writes one authority's approval as an aggregate of one.
///
/// # Errors
///
/// [`ApprovalRefusal::UnknownSigner`] when there is no such authority.
pub fn alone(approval: &Approval, n: usize) -> Result<AggregateApproval, ApprovalRefusal> {
    let unknown = ApprovalRefusal::UnknownSigner { index: approval.validator_index, n };
    let mut bits = ApprovalBits::with_capacity(n).map_err(|_| unknown)?;
    let place = usize::try_from(approval.validator_index).map_err(|_| unknown)?;
    bits.set(place, true).map_err(|_| unknown)?;
    let Approval { block_root, slot, signature, .. } = approval.clone();
    Ok(AggregateApproval { block_root, slot, bits, signature })
}

/// Holds an approval to CH-2: its bits are those of the set, and all its signers have signed this, on this chain.
///
/// # Errors
///
/// Why it does not count.
pub fn verify<S: SignatureScheme>(
    scheme: &S,
    authorities: &AuthoritySet<S::PublicKey>,
    chain_id: u64,
    approval: &AggregateApproval,
) -> Result<(), ApprovalRefusal> {
    let Claim { keys, message, signature } = claim(authorities, chain_id, approval)?;
    match scheme.verify(&keys, &message, &signature) {
        true => Ok(()),
        false => Err(ApprovalRefusal::BadSignature { slot: approval.slot, signers: keys.len() }),
    }
}

/// What the signature of an approval must show.
///
/// # Errors
///
/// Why it does not count, whatever its signature shows.
pub fn claim<'a, K: Clone + PartialEq>(
    authorities: &'a AuthoritySet<K>,
    chain_id: u64,
    approval: &AggregateApproval,
) -> Result<Claim<'a, K>, ApprovalRefusal> {
    let (len, n) = (approval.bits.len(), authorities.len());
    if len != n {
        return Err(ApprovalRefusal::WrongLength { len, n });
    }
    let keys: Vec<&K> = signers(&approval.bits).filter_map(|index| authorities.key(index)).collect();
    if keys.is_empty() {
        return Err(ApprovalRefusal::NoSigner);
    }
    let message = Message::new(Domain::Approval, chain_id, approval.slot, approval.block_root);
    Ok(Claim { keys, message, signature: approval.signature })
}

/// Makes a certificate of the approvals of one block and slot, if some of them, no two of which overlap, are a quorum
/// together.
///
/// An aggregate proves only that all its signers together have signed. So it counts as a whole or not at all, and two
/// that overlap are never merged. The first that is a quorum is taken as it is. Otherwise all combinations of the others
/// are tried, each with those who have approved alone and are not in it. Behind
/// [`AGGREGATES_PER_BLOCK`] aggregates none is looked at.
#[must_use]
pub fn certificate<S: SignatureScheme>(
    scheme: &S,
    authorities: &AuthoritySet<S::PublicKey>,
    approvals: &[&AggregateApproval],
) -> Option<AggregateApproval> {
    let size = |approval: &AggregateApproval| approval.bits.num_set_bits();
    if let Some(whole) = approvals.iter().find(|approval| authorities.is_quorum(size(approval))) {
        return Some((*whole).clone());
    }
    let (alone, mut several): (Vec<_>, Vec<_>) = approvals.iter().copied().partition(|one| size(one) == 1);
    several.truncate(AGGREGATES_PER_BLOCK);
    (0_u32..1 << several.len()).find_map(|choice| {
        let chosen = several.iter().enumerate().filter(|(place, _)| choice >> place & 1 == 1);
        let whole = chosen.map(|(_, approval)| *approval);
        let joined = disjoint(whole, &alone)?;
        authorities.is_quorum(joined.iter().map(|one| size(one)).sum()).then(|| merged(scheme, &joined))?
    })
}

/// Those of `whole`, and those of `alone` that they leave; `None` when two of `whole` overlap.
fn disjoint<'a>(
    whole: impl Iterator<Item = &'a AggregateApproval>,
    alone: &[&'a AggregateApproval],
) -> Option<Vec<&'a AggregateApproval>> {
    let mut joined: Vec<&AggregateApproval> = Vec::new();
    for approval in whole {
        if overlaps(&joined, approval) {
            return None;
        }
        joined.push(approval);
    }
    for one in alone {
        if !overlaps(&joined, one) {
            joined.push(one);
        }
    }
    Some(joined)
}

fn overlaps(joined: &[&AggregateApproval], approval: &AggregateApproval) -> bool {
    joined.iter().any(|one| !one.bits.intersection(&approval.bits).is_zero())
}

/// Makes approvals one; `None` when one of their signatures is none, which a verified one never is.
fn merged<S: SignatureScheme>(scheme: &S, approvals: &[&AggregateApproval]) -> Option<AggregateApproval> {
    let (first, others) = approvals.split_first()?;
    let bits = others.iter().fold(first.bits.clone(), |bits, other| bits.union(&other.bits));
    let signatures: Vec<_> = approvals.iter().map(|one| one.signature).collect();
    let signature = scheme.aggregate(&signatures)?;
    Some(AggregateApproval { block_root: first.block_root, slot: first.slot, bits, signature })
}

/// Who is in an aggregate.
pub fn signers(bits: &ApprovalBits) -> impl Iterator<Item = u64> + '_ {
    (0..).zip(bits.iter()).filter(|(_, set)| *set).map(|(index, _)| index)
}
