//! What a proof of work and a header must be, said without the component.

use bitcoin::{
    Target, Transaction,
    block::Header,
    consensus::encode::deserialize,
    hashes::{Hash as _, sha256d},
};

/// What marks a commitment.
const MAGIC: [u8; 4] = [0xfa, 0xbe, b'm', b'm'];

/// The hashes of a branch, and the place of its leaf.
type Branch<'a> = (&'a [[u8; 32]], u32);

/// Whether a proof of parent header, coinbase and branches (that of the coinbase first) commits to something on the chain with
/// this id, with as much work as these bits ask for.
#[must_use]
pub fn proof_verdict(
    (parent, coinbase): (&Header, &Transaction),
    [of_coinbase, of_chain]: [Branch<'_>; 2],
    commitment: [u8; 32],
    (chain_id, bits): (u16, u32),
) -> bool {
    let own = parent.version.to_consensus().to_be_bytes()[..2] == chain_id.to_be_bytes();
    let short = of_coinbase.0.len() <= 30 && of_chain.0.len() <= 30;
    let leads =
        root(coinbase.compute_txid().to_byte_array(), of_coinbase) == parent.merkle_root.to_byte_array();
    let placed = of_coinbase.1 == 0 && !own && short && leads;
    let committed = merged(coinbase).is_some_and(|(top, size, nonce)| {
        let height = of_chain.0.len();
        let at = slot(u64::from(nonce), u64::from(chain_id), height);
        let place = u64::from(size) == 1 << height && u64::from(of_chain.1) == at;
        root(commitment, of_chain) == top && place
    });
    placed && committed && worked(parent, bits)
}

/// The place of a chain, by the published generator.
fn slot(nonce: u64, chain_id: u64, height: usize) -> u64 {
    let step = |seed: u64| (seed * 1_103_515_245 + 12_345) % (1 << 32);
    step((step(nonce) + chain_id) % (1 << 32)) % (1 << height)
}

/// Root, size and nonce of the only commitment of a coinbase.
fn merged(coinbase: &Transaction) -> Option<([u8; 32], u32, u32)> {
    let script = coinbase.is_coinbase().then(|| coinbase.input[0].script_sig.as_bytes())?;
    let places: Vec<usize> = (0..script.len()).filter(|at| script[*at..].starts_with(&MAGIC)).collect();
    let [place] = places[..] else { return None };
    let said = script.get(place + 4..place + 44)?;
    let mut top: [u8; 32] = said[..32].try_into().ok()?;
    top.reverse();
    let number = |at: usize| Some(u32::from_le_bytes(said[at..at + 4].try_into().ok()?));
    Some((top, number(32)?, number(36)?))
}

fn root(leaf: [u8; 32], (hashes, index): Branch<'_>) -> [u8; 32] {
    let mut at = leaf;
    for (level, beside) in hashes.iter().enumerate() {
        let right = level < 32 && index >> level & 1 == 1;
        let pair = if right { [*beside, at].concat() } else { [at, *beside].concat() };
        at = sha256d::Hash::hash(&pair).to_byte_array();
    }
    at
}

fn worked(header: &Header, bits: u32) -> bool {
    let target = Target::from_compact(bitcoin::CompactTarget::from_consensus(bits));
    target.is_met_by(header.block_hash())
}

/// Whether 80 bytes are a header on the genesis of a private network without retarget.
#[must_use]
pub fn follows(genesis: &Header, raw: &[u8; 80]) -> bool {
    let Ok(header) = deserialize::<Header>(raw) else { return false };
    header.prev_blockhash == genesis.block_hash()
        && header.bits == genesis.bits
        && header.time > genesis.time
        && worked(&header, genesis.bits.to_consensus())
}
