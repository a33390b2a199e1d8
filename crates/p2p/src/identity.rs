//! Who a node is.

use alys_sync::peer::PeerId as Number;
use libp2p::PeerId;
use libp2p::identity::Keypair;
use sha2::{Digest, Sha256};

/// The key of a node, drawn from a seed: the same seed is the same node.
///
/// # Errors
///
/// Never with the Ed25519 keys of today's libp2p; what it says otherwise.
pub fn keypair(seed: u64) -> Result<Keypair, libp2p::identity::DecodingError> {
    let mut hasher = Sha256::new();
    hasher.update(b"alys/p2p/identity");
    hasher.update(seed.to_le_bytes());
    let mut secret: [u8; 32] = hasher.finalize().into();
    Keypair::ed25519_from_bytes(&mut secret)
}

/// The number of a peer for the rest of the node: the first eight bytes of its id's SHA-256.
///
/// It follows from the peer's key alone, so the same peer has the same number when it comes back, and nothing need be
/// remembered of who is gone. Of two connected peers with one number, which somebody must have searched for, the second
/// is refused.
///
/// ```
/// use alys_p2p::identity::{keypair, number_of};
///
/// let (one, other) = (keypair(1)?.public().to_peer_id(), keypair(2)?.public().to_peer_id());
/// assert_eq!(number_of(&one), number_of(&keypair(1)?.public().to_peer_id()));
/// assert_ne!(number_of(&one), number_of(&other));
/// # Ok::<(), libp2p::identity::DecodingError>(())
/// ```
#[must_use]
pub fn number_of(peer: &PeerId) -> Number {
    let digest = Sha256::digest(peer.to_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    Number(u64::from_le_bytes(first))
}
