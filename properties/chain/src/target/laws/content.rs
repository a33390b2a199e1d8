//! Blocks are bound by their content: what corruption makes of one is not in the tree.

use std::sync::Arc;

use alys_engines::violation::{check_eq, violated};
use alys_wire::containers::{BlockBody, CertifiedBlock};
use ssz::{Decode as _, Encode as _};

use super::super::alys::authorities::AuthoritySet;
use super::super::alys::engine::{Effect, Engine, Event, Settings, Signatures};
use super::super::alys::scheme::{Bls, BlsSecretKey, SignatureScheme};
use super::super::alys::transition::{Balances, Transfer, Transfers};

/// When everything is imported: after the slots of all blocks.
const NOW: u64 = 9;

/// A chain of one authority, whose approval alone is a certificate, and what it has when it begins.
fn engine() -> Engine<Bls, Transfers> {
    let key = secret();
    let stated = [(Bls.public_key(&key), Bls.prove_possession(&key))];
    let authorities = AuthoritySet::new(&Bls, &stated).expect("a sound key");
    let config = Settings { slot_duration: 1, ..Settings::default() }.check().expect("a sound setting");
    let genesis = Balances::genesis(&[(1, 1_000)]).expect("a small supply");
    Engine::new(config, Bls, authorities, Transfers, genesis)
}

fn secret() -> BlsSecretKey {
    BlsSecretKey::from_seed(&[7; 32]).expect("32 bytes are enough")
}

/// The first block of a chain, certified, in bytes: all are of one length.
fn certified(slot: u64, amount: u64) -> Vec<u8> {
    let mut author = engine().with_identity(0, secret()).expect("its own key");
    let transfer = Transfer { from: 1, to: 2, amount }.to_transaction();
    let body = BlockBody { transactions: vec![transfer].try_into().expect("one fits") };
    let effects = author.handle(Event::Propose(body), slot);
    let entered = effects.into_iter().find_map(|effect| match effect {
        Effect::Commit(commit) => commit.entered,
        _ => None,
    });
    entered.expect("its own approval is enough").block.as_ssz_bytes()
}

/// Imports what bytes are, if they are a block at all, and says whether the tree has got anything.
fn enters(node: &mut Engine<Bls, Transfers>, bytes: &[u8]) -> bool {
    let Ok(block) = CertifiedBlock::from_ssz_bytes(bytes) else { return false };
    let event = Event::Import { block: Arc::new(block), signatures: Signatures::Verified };
    node.handle(event, NOW).iter().any(|effect| matches!(effect, Effect::Commit(_)))
}

/// Every flipped bit of a certified block, whatever the framing said of it.
pub(super) fn flips() {
    let (sent, mut node) = (certified(1, 10), engine());
    for bit in 0..sent.len() * 8 {
        let mut bytes = sent.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        if enters(&mut node, &bytes) {
            violated(
                "WR-7",
                format!("bit {bit} of {} bits is another, and the block entered", sent.len() * 8),
            );
        }
    }
    check_eq("WR-7", "whether the block as it was sent enters", &true, &enters(&mut node, &sent));
}

/// Every splice of two certified blocks: what begins as one and ends as the other.
pub(super) fn splices() {
    let (one, other) = (certified(1, 10), certified(2, 11));
    check_eq("WR-7", "the length of blocks alike", &one.len(), &other.len());
    let mut node = engine();
    for at in 0..=one.len() {
        for spliced in [[&one[..at], &other[at..]].concat(), [&other[..at], &one[at..]].concat()] {
            if spliced != one && spliced != other && enters(&mut node, &spliced) {
                violated("WR-7", format!("two blocks were spliced at byte {at}, and the block entered"));
            }
        }
    }
    check_eq("WR-7", "whether a block as it was sent enters", &true, &enters(&mut node, &other));
}
