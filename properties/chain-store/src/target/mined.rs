//! Proofs of work, mined for real at the difficulty of regtest.

use std::collections::BTreeMap;

use alys_engines::draw::SplitMix;
use alys_models::chain_store::Anchor as Range;
use bitcoin::{
    Amount, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxMerkleNode, TxOut, Witness,
    absolute::LockTime,
    block::{Header, Version},
    hashes::{Hash as _, sha256d},
    transaction,
};

use super::alys::pow::{Anchor, AuxPow, Bits, Branch, MergedMining, Network, WorkRequired, slot_expected};
use crate::oracle::root;

/// The id of our chain in these suites.
pub const CHAIN_ID: u16 = 0x1a2b;

/// What our chain asks of a proof: the least work there is.
#[must_use]
pub fn required() -> WorkRequired {
    WorkRequired { chain_id: CHAIN_ID, bits: Network::Regtest.limit() }
}

/// How a proof is made; everything can be wrong.
#[derive(Clone, Debug)]
pub struct Recipe {
    /// What is committed to.
    pub commitment: [u8; 32],
    /// How many hashes the branch of our chain has.
    pub chain_height: u32,
    /// How many hashes the branch of the coinbase has.
    pub coinbase_height: u32,
    /// What the slot is drawn from.
    pub nonce: u32,
    /// The chain id that the slot is drawn from.
    pub chain_id: u16,
    /// The version of the parent header.
    pub version: i32,
    /// The time of the parent header, which tells parents apart.
    pub time: u32,
    /// What the parent header must meet.
    pub bits: Bits,
    /// Whether it is to miss that.
    pub misses: bool,
}

impl Recipe {
    /// A good proof of this commitment.
    #[must_use]
    pub fn of(commitment: [u8; 32]) -> Self {
        Recipe {
            commitment,
            chain_height: 2,
            coinbase_height: 3,
            nonce: 7,
            chain_id: CHAIN_ID,
            version: 0x2000_0000,
            time: 1_700_000_000,
            bits: Network::Regtest.limit(),
            misses: false,
        }
    }

    /// The branch of our chain, at the place where it belongs.
    #[must_use]
    pub fn chain_branch(&self) -> Branch {
        branch(
            u64::from(self.nonce),
            self.chain_height,
            slot_expected(self.nonce, self.chain_id, self.chain_height),
        )
    }

    /// What the coinbase says.
    #[must_use]
    pub fn merged(&self) -> MergedMining {
        let root = self.chain_branch().root(self.commitment);
        MergedMining { root, size: 1_u32.checked_shl(self.chain_height).unwrap_or(0), nonce: self.nonce }
    }

    /// The proof, with the coinbase that says this.
    #[must_use]
    pub fn mine(&self) -> AuxPow {
        self.mine_with(coinbase(&[b"pool ", &self.merged().to_script_bytes()[..], b" tail"].concat()))
    }

    /// The proof with this coinbase.
    #[must_use]
    pub fn mine_with(&self, coinbase: Transaction) -> AuxPow {
        let coinbase_branch = branch(99, self.coinbase_height, 0);
        let merkle_root = coinbase_branch.root(coinbase.compute_txid().to_byte_array());
        let mut parent = Header {
            version: Version::from_consensus(self.version),
            prev_blockhash: bitcoin::BlockHash::all_zeros(),
            merkle_root: TxMerkleNode::from_byte_array(merkle_root),
            time: self.time,
            bits: CompactTarget::from_consensus(self.bits.compact()),
            nonce: 0,
        };
        while self.bits.is_met_by(parent.block_hash()) == self.misses {
            parent.nonce += 1;
        }
        AuxPow { parent, coinbase, coinbase_branch, chain_branch: self.chain_branch() }
    }
}

/// A branch of hashes that follow from a seed.
#[must_use]
pub fn branch(seed: u64, height: u32, index: u32) -> Branch {
    let hash =
        |level: u32| sha256d::Hash::hash(&[seed.to_le_bytes(), u64::from(level).to_le_bytes()].concat());
    Branch { hashes: (0..height).map(|level| hash(level).to_byte_array()).collect(), index }
}

/// A coinbase with this script.
#[must_use]
pub fn coinbase(script: &[u8]) -> Transaction {
    Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: ScriptBuf::from_bytes(script.to_vec()),
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![TxOut { value: Amount::from_sat(50), script_pubkey: ScriptBuf::new() }],
    }
}

/// Anchors for the ranges of a model; a parent that has mined before is the same header again.
#[derive(Debug, Default)]
pub struct Miner(BTreeMap<u8, AuxPow>);

impl Miner {
    /// The anchor of a range.
    pub fn anchor(&mut self, range: &Range) -> Anchor {
        let root = root(range.block);
        let commitment = Anchor::commitment(CHAIN_ID, range.first, range.last, root);
        let time = 1_700_000_000 + u32::from(range.parent);
        let mine = || Recipe { time, nonce: u32::from(range.parent), ..Recipe::of(commitment) }.mine();
        let proof = self.0.get(&range.parent).cloned().unwrap_or_else(mine);
        Anchor { first: range.first, last: range.last, root, proof }
    }

    /// Keeps what was anchored.
    pub fn keep(&mut self, range: &Range, anchor: &Anchor) {
        self.0.insert(range.parent, anchor.proof.clone());
    }

    /// Which parent an anchor is of.
    #[must_use]
    pub fn parent(anchor: &Anchor) -> u8 {
        (anchor.proof.parent.time - 1_700_000_000) as u8
    }
}

/// A seed for whoever draws.
#[must_use]
pub fn seeded(seed: u64) -> SplitMix {
    SplitMix(seed)
}
