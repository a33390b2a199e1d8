//! What a coinbase of the parent chain says about merged mining.

use bitcoin::Transaction;
use thiserror::Error;

/// What marks the commitment in the script of a coinbase.
pub const MAGIC: [u8; 4] = [0xfa, 0xbe, b'm', b'm'];

/// The commitment behind the magic: root, size and nonce.
const COMMITMENT_LEN: usize = 40;

/// What a coinbase commits to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MergedMining {
    /// The Merkle root over the chains that are mined together, as a hash of Bitcoin is in memory.
    pub root: [u8; 32],
    /// How many places that tree has.
    pub size: u32,
    /// What the places of the chains are drawn from.
    pub nonce: u32,
}

/// Why a coinbase commits to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum MergedMiningError {
    /// The transaction is none that makes new coins.
    #[error("the transaction is no coinbase: one input that spends nothing is needed")]
    NotACoinbase,
    /// The magic must stand there exactly once: of two commitments, one could be to another chain.
    #[error("the merged-mining magic stands {count} times in the script of the coinbase: once is allowed")]
    Magic {
        /// How often it is found.
        count: usize,
    },
    /// The script ends inside the commitment.
    #[error("the script of the coinbase has {len} bytes behind the magic: {COMMITMENT_LEN} are needed")]
    Truncated {
        /// How many bytes there are.
        len: usize,
    },
}

impl MergedMining {
    /// Reads the commitment from the script of a coinbase.
    ///
    /// # Errors
    ///
    /// [`MergedMiningError`] says what is missing.
    pub fn of(coinbase: &Transaction) -> Result<Self, MergedMiningError> {
        if !coinbase.is_coinbase() {
            return Err(MergedMiningError::NotACoinbase);
        }
        let script = coinbase.input[0].script_sig.as_bytes();
        let mut places = script.windows(MAGIC.len()).enumerate().filter(|(_, bytes)| *bytes == MAGIC);
        let (Some((place, _)), 0) = (places.next(), places.count()) else {
            let count = script.windows(MAGIC.len()).filter(|bytes| *bytes == MAGIC).count();
            return Err(MergedMiningError::Magic { count });
        };
        let behind = &script[place + MAGIC.len()..];
        let truncated = MergedMiningError::Truncated { len: behind.len() };
        let (root, behind) = behind.split_first_chunk::<32>().ok_or(truncated)?;
        let (size, behind) = behind.split_first_chunk::<4>().ok_or(truncated)?;
        let (nonce, _) = behind.split_first_chunk::<4>().ok_or(truncated)?;
        // Written as a hash is printed: the last byte first.
        let mut root = *root;
        root.reverse();
        Ok(MergedMining { root, size: u32::from_le_bytes(*size), nonce: u32::from_le_bytes(*nonce) })
    }

    /// The bytes that stand in the script of a coinbase, magic included.
    #[must_use]
    pub fn to_script_bytes(&self) -> Vec<u8> {
        let reversed: Vec<u8> = self.root.iter().rev().copied().collect();
        [&MAGIC[..], &reversed, &self.size.to_le_bytes(), &self.nonce.to_le_bytes()].concat()
    }
}

/// The place of a chain in a tree with `2^height` of them.
///
/// It is drawn from nonce and chain id, so that a miner cannot put two commitments for one chain into one tree. The
/// generator is the one that Namecoin published for merged mining, in 32 bits that wrap.
#[must_use]
pub fn slot_expected(nonce: u32, chain_id: u16, height: u32) -> u32 {
    let drawn = |seed: u32| seed.wrapping_mul(1_103_515_245).wrapping_add(12_345);
    let drawn_twice = drawn(drawn(nonce).wrapping_add(u32::from(chain_id)));
    // `height` is at most 30 where it comes from a branch; beyond 31 every place is one of the tree.
    1_u32.checked_shl(height).map_or(drawn_twice, |places| drawn_twice % places)
}
