//! Laws of merged mining, anchors, retarget and gate: every refusal, each with all else right.

use alys_engines::violation::{check_eq, violated};
use bitcoin::{
    BlockHash, OutPoint, Transaction,
    consensus::encode::serialize,
    hashes::{Hash as _, sha256d},
};

use super::{
    alys::pow::{
        Anchor, AnchorRefused, Anchored, AuxPow, AuxPowDecodeError, AuxPowRefused, BranchKind, Gate,
        GateError, MergedMiningError, WorkRequired, slot_expected,
    },
    mined::{CHAIN_ID, Recipe, branch, coinbase, required, seeded},
};

/// What is committed to in these laws.
const COMMITMENT: [u8; 32] = [0x5a; 32];

fn good() -> Recipe {
    Recipe::of(COMMITMENT)
}

fn verdict(proof: &AuxPow) -> Result<BlockHash, AuxPowRefused> {
    proof.verify(COMMITMENT, required())
}

fn refused(what: &str, proof: &AuxPow, expected: &AuxPowRefused) {
    check_eq("CH-10", what, &Err(*expected), &verdict(proof));
}

/// A good proof of every shape is accepted, and returns the hash of its header.
pub fn good_proofs_are_accepted() -> u64 {
    let mut tried = 0;
    for chain_height in [0, 1, 5, 30] {
        for coinbase_height in [0, 1, 12, 30] {
            for nonce in [0, 1, 77, u32::MAX] {
                let proof = Recipe { chain_height, coinbase_height, nonce, ..good() }.mine();
                check_eq("CH-10", "a good proof", &Ok(proof.parent.block_hash()), &verdict(&proof));
                tried += 1;
            }
        }
    }
    tried
}

/// Each rule of merged mining, broken alone.
pub fn each_rule_is_refused_alone() -> u64 {
    let proof = good().mine();
    let with = |change: &dyn Fn(&mut AuxPow)| {
        let mut other = proof.clone();
        change(&mut other);
        other
    };
    let at_index = with(&|it| it.coinbase_branch.index = 1);
    refused("a coinbase that is not the first", &at_index, &AuxPowRefused::CoinbaseIndex { index: 1 });
    let (kind, len) = (BranchKind::Coinbase, 31);
    let long = Recipe { coinbase_height: 31, ..good() }.mine();
    refused("a long branch of the coinbase", &long, &AuxPowRefused::BranchTooLong { kind, len });
    let (kind, len) = (BranchKind::Chain, 31);
    let long = Recipe { chain_height: 31, ..good() }.mine();
    refused("a long branch of the chain", &long, &AuxPowRefused::BranchTooLong { kind, len });
    let kind = BranchKind::Coinbase;
    let broken = with(&|it| it.coinbase_branch.hashes[1][7] ^= 1);
    refused("a broken branch of the coinbase", &broken, &AuxPowRefused::BrokenBranch { kind });
    let kind = BranchKind::Chain;
    let broken = with(&|it| it.chain_branch.hashes[0][31] ^= 0x80);
    refused("a broken branch of the chain", &broken, &AuxPowRefused::BrokenBranch { kind });
    let other = proof.verify([0x5b; 32], required());
    check_eq("CH-10", "another commitment", &Err(AuxPowRefused::BrokenBranch { kind }), &other);
    let missing = Recipe { misses: true, ..good() }.mine();
    let (hash, bits) = (missing.parent.block_hash(), required().bits.compact());
    refused("too little work", &missing, &AuxPowRefused::MissesTarget { hash, bits });
    9
}

/// A parent of our own chain is refused, whatever its lower bits say, and one of any other chain is not.
pub fn no_parent_is_of_our_own_chain() -> u64 {
    for low in [0, 1, 0xffff] {
        let version = (i32::from(CHAIN_ID) << 16) | low;
        let own = Recipe { version, ..good() }.mine();
        refused("our own chain id", &own, &AuxPowRefused::OwnChainId { chain_id: CHAIN_ID });
        let other = Recipe { version: version ^ (1 << 16), ..good() }.mine();
        check_eq("CH-10", "another chain id", &true, &verdict(&other).is_ok());
    }
    // The upper half of a version that is negative as a number.
    let chain_id = 0x9000;
    let recipe = Recipe { chain_id, version: i32::from_be_bytes([0x90, 0, 0, 1]), ..good() };
    let found = recipe.mine().verify(COMMITMENT, WorkRequired { chain_id, ..required() });
    check_eq("CH-10", "a high chain id", &Err(AuxPowRefused::OwnChainId { chain_id }), &found);
    7
}

/// The slot follows from nonce, chain id and height; one of another chain is refused.
pub fn a_slot_follows_from_nonce_and_chain() -> u64 {
    // The published generator, in wider numbers.
    let drawn = |nonce: u32, chain: u16, height: u32| {
        let step = |seed: u64| (seed * 1_103_515_245 + 12_345) % (1 << 32);
        step((step(u64::from(nonce)) + u64::from(chain)) % (1 << 32)) % (1 << height)
    };
    let mut mix = seeded(10);
    for height in 0..=30 {
        for _ in 0..40 {
            let (nonce, chain) = (mix.next() as u32, mix.next() as u16);
            let slot = u64::from(slot_expected(nonce, chain, height));
            check_eq("CH-10", "the slot", &drawn(nonce, chain, height), &slot);
        }
    }
    let chain_id = CHAIN_ID + 1;
    let elsewhere = Recipe { chain_id, chain_height: 20, ..good() };
    let index = slot_expected(elsewhere.nonce, chain_id, 20);
    let expected = slot_expected(elsewhere.nonce, CHAIN_ID, 20);
    refused("the slot of another chain", &elsewhere.mine(), &AuxPowRefused::SlotIndex { index, expected });
    // Bits beyond the height lead to the same root, and are another place all the same.
    let mut beyond = good().mine();
    let expected = beyond.chain_branch.index;
    beyond.chain_branch.index += 4;
    let index = expected + 4;
    refused("an index beyond the tree", &beyond, &AuxPowRefused::SlotIndex { index, expected });
    31 * 40 + 2
}

/// The magic stands exactly once, in the first script of a true coinbase, with all of the commitment behind it.
pub fn a_coinbase_commits_once() -> u64 {
    let merged = good().merged().to_script_bytes();
    let mine = |script: &[u8]| good().mine_with(coinbase(script));
    let magic = |count| AuxPowRefused::Coinbase(MergedMiningError::Magic { count });
    refused("no magic", &mine(&merged[4..]), &magic(0));
    refused("a broken magic", &mine(&[&merged[..3], b"x", &merged[4..]].concat()), &magic(0));
    refused("two commitments", &mine(&[&merged[..], &merged[..]].concat()), &magic(2));
    refused("a second magic behind", &mine(&[&merged[..], &merged[..4]].concat()), &magic(2));
    refused("a second magic before", &mine(&[&merged[..4], &merged[..]].concat()), &magic(2));
    for len in [0, 1, 31, 32, 36, 39] {
        let truncated = AuxPowRefused::Coinbase(MergedMiningError::Truncated { len });
        refused("a truncated commitment", &mine(&merged[..4 + len]), &truncated);
    }
    for before in [0, 1, 50] {
        let whole = mine(&[&vec![1; before][..], &merged[..]].concat());
        check_eq("CH-10", "a commitment anywhere in the script", &true, &verdict(&whole).is_ok());
    }
    for size in [0, 1, 3, 5, 8, u32::MAX] {
        let wrong = super::alys::pow::MergedMining { size, ..good().merged() };
        let places = 4;
        refused("a wrong size", &mine(&wrong.to_script_bytes()), &AuxPowRefused::TreeSize { size, places });
    }
    let spending = |change: &dyn Fn(&mut Transaction)| {
        let mut transaction = coinbase(&merged);
        change(&mut transaction);
        good().mine_with(transaction)
    };
    let none = AuxPowRefused::Coinbase(MergedMiningError::NotACoinbase);
    let spends = spending(&|it| it.input[0].previous_output = OutPoint::new(bitcoin::Txid::all_zeros(), 0));
    refused("a transaction that spends", &spends, &none);
    refused("two inputs", &spending(&|it| it.input.push(it.input[0].clone())), &none);
    22
}

/// Bytes of a proof: what is written is read, and nothing else; every prefix and every flipped bit is an error or another
/// proof, never a panic.
pub fn a_proof_has_one_form() -> u64 {
    let mut tried = 0;
    for recipe in [
        good(),
        Recipe { chain_height: 0, coinbase_height: 0, ..good() },
        Recipe { chain_height: 30, ..good() },
    ] {
        let proof = recipe.mine();
        let bytes = proof.encode();
        check_eq("CH-10", "a round trip", &Some(&proof), &AuxPow::decode(&bytes).as_ref().ok());
        for len in 0..bytes.len() {
            check_eq("CH-10", "a truncated proof", &true, &AuxPow::decode(&bytes[..len]).is_err());
        }
        let longer = AuxPow::decode(&[&bytes[..], &[0]].concat());
        check_eq(
            "CH-10",
            "a byte too many",
            &true,
            &matches!(longer, Err(AuxPowDecodeError::TrailingBytes { len: 1 })),
        );
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = AuxPow::decode(&flipped) {
                check_eq("CH-10", "another proof", &(true, flipped), &(other != proof, other.encode()));
            }
            tried += 1;
        }
        tried += bytes.len() as u64 + 2;
    }
    tried + refused_bytes()
}

/// A branch that claims too much is refused before it is read, and the named parent is the header's.
fn refused_bytes() -> u64 {
    let proof = good().mine();
    let (bytes, coinbase) = (proof.encode(), serialize(&proof.coinbase));
    let mut other = bytes.clone();
    other[coinbase.len()] ^= 1;
    let found = AuxPow::decode(&other);
    check_eq("CH-10", "another parent", &true, &matches!(found, Err(AuxPowDecodeError::OtherParent { .. })));
    for (claim, len) in [(vec![31], 31), (vec![0xfe, 0xff, 0xff, 0xff, 0xff], 0xffff_ffff)] {
        let long = [&bytes[..coinbase.len() + 32], &claim[..]].concat();
        let Err(AuxPowDecodeError::BranchTooLong { len: found, kind }) = AuxPow::decode(&long) else {
            violated("CH-10", "a branch that claims too much is read")
        };
        check_eq("CH-10", "what is claimed", &(len, BranchKind::Coinbase), &(found, kind));
    }
    let longest = Recipe { coinbase_height: 30, chain_height: 30, ..good() }.mine();
    check_eq("CH-10", "the longest branches", &true, &AuxPow::decode(&longest.encode()).is_ok());
    4
}

/// Ranges: one after the other, without holes and overlaps, and only what is final.
pub fn ranges_are_contiguous() -> u64 {
    let mut tried = 0;
    for anchored in 0..6_u64 {
        for finalised in anchored..9 {
            for first in 0..10 {
                for last in 0..11 {
                    let expected = if last < first {
                        Err(AnchorRefused::Empty { first, last })
                    } else if first <= anchored {
                        Err(AnchorRefused::Overlap { first, expected: anchored + 1 })
                    } else if first > anchored + 1 {
                        Err(AnchorRefused::Hole { first, expected: anchored + 1 })
                    } else if last > finalised {
                        Err(AnchorRefused::Unfinalised { last, finalised })
                    } else {
                        Ok(())
                    };
                    let found = Anchored { anchored, finalised }.admits(first, last);
                    check_eq("CH-10", "a range", &expected, &found);
                    tried += 1;
                }
            }
        }
    }
    tried
}

fn number(number: u64) -> [u8; 8] {
    number.to_le_bytes()
}

/// A commitment binds chain, range and block, and an anchor is held to it.
pub fn a_commitment_binds_everything() -> u64 {
    let of = |chain: u16, first: u64, last: u64, root: u8| Anchor::commitment(chain, first, last, [root; 32]);
    let all =
        [of(1, 2, 3, 4), of(2, 2, 3, 4), of(1, 3, 3, 4), of(1, 2, 4, 4), of(1, 2, 3, 5), of(1, 3, 2, 4)];
    let distinct: std::collections::BTreeSet<_> = all.into_iter().collect();
    check_eq("CH-10", "how many commitments differ", &all.len(), &distinct.len());
    // Miners compute it with programs of their own: domain, chain, range and root, hashed twice.
    let said = [b"alys-anchor-v1", &[0x02, 0x01][..], &number(3), &number(4), &[5; 32]].concat();
    let hashed = sha256d::Hash::hash(&said).to_byte_array();
    check_eq("CH-10", "a commitment", &hashed, &of(0x0102, 3, 4, 5));
    let proof = Recipe::of(of(CHAIN_ID, 2, 3, 4)).mine();
    let anchor = Anchor { first: 2, last: 3, root: [4; 32], proof };
    check_eq("CH-10", "an anchor", &Ok(anchor.parent()), &anchor.verify(required()));
    let broken = Err(AnchorRefused::Proof(AuxPowRefused::BrokenBranch { kind: BranchKind::Chain }));
    for other in [
        Anchor { first: 1, ..anchor.clone() },
        Anchor { last: 4, ..anchor.clone() },
        Anchor { root: [5; 32], ..anchor.clone() },
    ] {
        check_eq("CH-10", "an anchor of something else", &broken, &other.verify(required()));
    }
    11
}

/// Production stops exactly when so many final blocks are not anchored; an unfinalised tail never stops it.
pub fn the_gate_closes_in_time() -> u64 {
    check_eq("CH-10", "a gate that is never open", &Err(GateError::NoBlocks), &Gate::new(0));
    let mut tried = 1;
    for max in 1..6_u64 {
        let gate = Gate::new(max).unwrap_or_else(|error| violated("CH-10", error.to_string()));
        for anchored in 0..8_u64 {
            for finalised in 0..16_u64 {
                let unanchored = finalised.saturating_sub(anchored);
                let closed = GateError::Closed { finalised, anchored, unanchored, max };
                let expected = if unanchored < max { Ok(()) } else { Err(closed) };
                check_eq("CH-10", "the gate", &expected, &gate.open(finalised, anchored));
                tried += 1;
            }
        }
    }
    tried
}

/// A branch leads to the root that hashing by hand leads to.
pub fn a_branch_is_hashed_by_its_index() -> u64 {
    let pair = |left: [u8; 32], right: [u8; 32]| sha256d::Hash::hash(&[left, right].concat()).to_byte_array();
    let leaf = [9; 32];
    let one = branch(1, 2, 0);
    let (first, second) = (one.hashes[0], one.hashes[1]);
    let expected = [
        pair(pair(leaf, first), second),
        pair(pair(first, leaf), second),
        pair(second, pair(leaf, first)),
        pair(second, pair(first, leaf)),
    ];
    for (index, expected) in (0..).zip(expected) {
        check_eq("CH-10", "the root of a branch", &expected, &branch(1, 2, index).root(leaf));
    }
    check_eq("CH-10", "an empty branch", &leaf, &branch(1, 0, 0).root(leaf));
    5
}
