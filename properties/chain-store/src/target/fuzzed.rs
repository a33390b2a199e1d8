//! The bodies of the fuzz targets: bytes as rows of checkpoints, and as proofs of work.

use alys_engines::violation::{check_eq, violated};
use arbitrary::{Arbitrary as _, Result, Unstructured};
use bitcoin::hashes::{Hash as _, sha256d};

use super::{
    alys::{
        checkpoint::{Checkpoint, CheckpointFault, CheckpointId, Expected, Interval},
        pow::{AuxPow, AuxPowDecodeError, Headers, Network, RawHeader},
    },
    mined::{Recipe, required},
};
use crate::{
    oracle,
    oracle_pow::{follows, proof_verdict},
};

/// How many bytes the content of a checkpoint has.
const CONTENT: usize = 112;

/// What is committed to.
const COMMITMENT: [u8; 32] = [0x5a; 32];

/// A row of a checkpoint: read as it says by definition, whether its id is right or not, and compared with what it must say
/// (CH-6, CH-7).
///
/// # Panics
///
/// When a rule is broken.
pub fn checkpoint_bytes(bytes: &[u8]) {
    let mut u = Unstructured::new(bytes);
    let (Ok(kind), Ok(flipped)) = (u8::arbitrary(&mut u), u16::arbitrary(&mut u)) else { return };
    let mut row = u.take_rest().to_vec();
    if kind & 1 == 1 {
        // Nobody comes upon the right id by chance.
        row.resize(CONTENT, 0);
        row.extend(oracle::id(&row));
    }
    if kind & 2 == 2 && !row.is_empty() {
        let bit = usize::from(flipped) % (row.len() * 8);
        row[bit / 8] ^= 1 << (bit % 8);
    }
    let expected = match row.split_at_checked(CONTENT) {
        Some((content, id)) if id.len() == 32 => match oracle::id(content) == id {
            true => Ok(content),
            false => Err(CheckpointFault::Id),
        },
        _ => Err(CheckpointFault::Length { len: row.len() }),
    };
    let read = Checkpoint::from_row(&row);
    check_eq("CH-7", "what is read", &expected.err(), &read.err());
    if let (Ok(content), Ok(checkpoint)) = (expected, read) {
        check_eq("CH-6", "the bytes", content, &checkpoint.to_bytes());
        check_eq("CH-6", "the row", &row[..], &checkpoint.to_row());
        check_eq("CH-6", "the id", &oracle::id(content), &checkpoint.id().0);
        compared(&checkpoint, kind >> 2);
    }
}

/// A checkpoint beside one that differs from it in some fields: the first of them is told.
fn compared(checkpoint: &Checkpoint, differs: u8) {
    let Checkpoint { mut previous, mut height, mut block_root, mut state_root, interval } = *checkpoint;
    let bit = |field: u8| u64::from(differs >> field & 1);
    height ^= bit(0);
    let wanted = interval ^ bit(1) << 5;
    block_root[31] ^= bit(2) as u8;
    state_root[0] ^= bit(3) as u8;
    previous = CheckpointId(previous.0.map(|byte| byte ^ bit(4) as u8));
    let Ok(interval) = Interval::new(wanted) else {
        return check_eq("CH-6", "an interval that is refused", &0, &wanted);
    };
    let expected = Expected { previous, height, block_root, state_root, interval };
    let faults = [
        CheckpointFault::Height { found: checkpoint.height },
        CheckpointFault::Interval { found: checkpoint.interval },
        CheckpointFault::BlockRoot,
        CheckpointFault::StateRoot,
        CheckpointFault::Unlinked,
    ];
    let first = (0..).zip(faults).find(|(field, _)| bit(*field) == 1).map(|(_, fault)| fault);
    check_eq("CH-7", "the first field that differs", &first, &expected.check(checkpoint).err());
    let due = height > 0 && height % wanted == 0;
    check_eq("CH-6", "whether a checkpoint is due", &due, &interval.is_due(height));
    let last = interval.last_due(height);
    let right = last <= height && height - last < wanted && last % wanted == 0;
    check_eq("CH-6", &format!("whether {last} is the last one due up to {height}"), &true, &right);
}

/// A proof of work, from raw bytes or from one that is mined and then changed, or a header of the parent chain: it has one form, and
/// is judged as the rules say (CH-10).
///
/// # Panics
///
/// When a rule is broken.
pub fn auxpow_header(bytes: &[u8]) {
    let Some((kind, rest)) = bytes.split_first() else { return };
    match kind % 4 {
        0 => read(rest),
        1 => header(rest),
        _ => {
            if let Ok(changed) = mined(&mut Unstructured::new(rest)) {
                read(&changed);
            }
        }
    }
}

/// A proof in bytes that is mined and then changed in some places.
fn mined(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let recipe = Recipe {
        chain_height: u.int_in_range(0..=3)?,
        coinbase_height: u.int_in_range(0..=3)?,
        nonce: u.arbitrary()?,
        version: if u.ratio(1, 8)? { u.arbitrary()? } else { 0x2000_0000 },
        misses: u.ratio(1, 8)?,
        ..Recipe::of(COMMITMENT)
    };
    let mut bytes = recipe.mine().encode();
    for _ in 0..u.int_in_range(0..=2)? {
        let at = u.choose_index(bytes.len())?;
        bytes[at] ^= u8::arbitrary(u)?;
    }
    if u.ratio(1, 4)? {
        // The hash of the header is in it twice: a changed header is still one form of a proof.
        rehash(&mut bytes);
    }
    Ok(bytes)
}

/// Writes the hash of the last 80 bytes where a proof that can be read has it.
fn rehash(bytes: &mut [u8]) {
    let Some(header) = bytes.len().checked_sub(80) else { return };
    let hash = sha256d::Hash::hash(&bytes[header..]).to_byte_array();
    let mut rest = &bytes[..];
    let read: std::result::Result<bitcoin::Transaction, _> =
        bitcoin::consensus::Decodable::consensus_decode(&mut rest);
    let place = bytes.len() - rest.len();
    if read.is_ok() && place + 32 <= header {
        bytes[place..place + 32].copy_from_slice(&hash);
    }
}

/// Reads a proof and judges it.
fn read(bytes: &[u8]) {
    let Ok(proof) = AuxPow::decode(bytes) else { return };
    check_eq("CH-10", "a proof written again", bytes, &proof.encode()[..]);
    let longer = [bytes, &[0]].concat();
    if !matches!(AuxPow::decode(&longer), Err(AuxPowDecodeError::TrailingBytes { len: 1 })) {
        violated("CH-10", "a byte behind a proof is passed over".to_owned());
    }
    check_eq(
        "CH-10",
        "whether a part of a proof is one",
        &true,
        &AuxPow::decode(&bytes[..bytes.len() - 1]).is_err(),
    );
    let (index, chain_index) = (proof.coinbase_branch.index, proof.chain_branch.index);
    let branches =
        [(&proof.coinbase_branch.hashes[..], index), (&proof.chain_branch.hashes[..], chain_index)];
    let required = required();
    let expected = proof_verdict(
        (&proof.parent, &proof.coinbase),
        branches,
        COMMITMENT,
        (required.chain_id, required.bits.compact()),
    );
    let verdict = proof.verify(COMMITMENT, required);
    check_eq("CH-10", &format!("whether {verdict:?} is right"), &expected, &verdict.is_ok());
}

/// The first header on the genesis of a private network.
fn header(bytes: &[u8]) {
    let genesis = Network::Regtest.genesis();
    let mut raw: RawHeader = [0; 80];
    // What is left out is as it should be.
    raw[4..36].copy_from_slice(&genesis.block_hash().to_byte_array());
    raw[68..72].copy_from_slice(&(genesis.time + 1).to_le_bytes());
    raw[72..76].copy_from_slice(&genesis.bits.to_consensus().to_le_bytes());
    for change in bytes.chunks_exact(2) {
        raw[usize::from(change[0]) % 80] ^= change[1];
    }
    let mut headers = Headers::of_genesis(Network::Regtest);
    let before = (headers.height(), headers.tip(), headers.median_time_past());
    let pushed = headers.push(&raw).ok();
    let expected = follows(&genesis, &raw);
    check_eq("CH-10", "whether a header follows", &expected, &pushed.is_some());
    let after = (headers.height(), headers.tip(), headers.median_time_past());
    check_eq("CH-10", "whether what is refused leaves no trace", &!expected, &(before == after));
}
