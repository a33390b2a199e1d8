//! Our rules of a parent chain, against a real node of Bitcoin on regtest: `interop/run` starts it and this.
//!
//! Argument: the URL of its RPC and REST interfaces. Blocks are mined by the node and by us; what comes back over REST is held to the rules of
//! headers; a parent block is made of the node's template, commits to a range of ours, proves it, and is then given to the node.

#![allow(clippy::print_stdout, reason = "it tells whoever runs it what it has done")]

use std::error::Error;

use alys_chain::pow::{
    Anchor, AuxPow, Branch, Headers, MergedMining, Network, RawHeader, WorkRequired, header_hash, validate,
};
use bitcoin::{
    Amount, Block, BlockHash, CompactTarget, OutPoint, ScriptBuf, Sequence, Transaction, TxIn, TxMerkleNode,
    TxOut, Witness,
    absolute::LockTime,
    block::{Header, Version},
    consensus::encode::serialize_hex,
    hashes::Hash as _,
    script::Builder,
    transaction,
};
use serde_json::{Value, json};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// The id of our chain among those that are mined together.
const CHAIN_ID: u16 = 0x1a2b;

/// How many blocks there are before anything happens to them.
const BLOCKS: u64 = 110;

/// `alys:alys`, which `interop/bitcoin` has told the node.
const AUTHORIZATION: &str = "Basic YWx5czphbHlz";

/// How long an answer may take, in seconds.
const TIMEOUT_SECONDS: u64 = 30;

fn main() -> Outcome<()> {
    let url = std::env::args().nth(1).ok_or("the URL of a node of Bitcoin is needed")?;
    let node = Parent { url };
    let version = node.rpc("getnetworkinfo", json!([]))?;
    told(
        &format!("it is {} on regtest", version["subversion"]),
        node.rpc("getblockchaininfo", json!([]))?["chain"] == "regtest",
    )?;
    node.rpc("generatetodescriptor", json!([BLOCKS, "raw(51)"]))?;
    let headers = node.headers(1, BLOCKS)?;
    let mut state = Headers::of_genesis(Network::Regtest);
    validate(&mut state, headers.as_flattened())?;
    told(&format!("{BLOCKS} headers validate"), state.height() == BLOCKS && state.tip() == node.best()?)?;
    told("each of their bits that is flipped is refused", flips_are_refused(&headers))?;
    merge_mined(&node, &mut state)?;
    forked(&node, &headers)?;
    Ok(())
}

/// Says what holds, and ends where it does not.
fn told(what: &str, holds: bool) -> Outcome<()> {
    println!("{}: {what}", if holds { "ok" } else { "does not hold" });
    if holds { Ok(()) } else { Err(format!("does not hold: {what}").into()) }
}

/// A node of Bitcoin.
struct Parent {
    url: String,
}

impl Parent {
    /// The result of a call.
    fn rpc(&self, method: &str, params: Value) -> Outcome<Value> {
        let asked = json!({ "jsonrpc": "1.0", "id": method, "method": method, "params": params }).to_string();
        let request = minreq::post(&self.url).with_header("Authorization", AUTHORIZATION).with_body(asked);
        let answer: Value = serde_json::from_slice(request.with_timeout(TIMEOUT_SECONDS).send()?.as_bytes())?;
        match &answer["error"] {
            Value::Null => Ok(answer["result"].clone()),
            error => Err(format!("{method}: {error}").into()),
        }
    }

    fn best(&self) -> Outcome<BlockHash> {
        Ok(self.rpc("getbestblockhash", json!([]))?.as_str().unwrap_or_default().parse()?)
    }

    /// The headers of these heights, over REST.
    fn headers(&self, first: u64, last: u64) -> Outcome<Vec<RawHeader>> {
        let hash = self.rpc("getblockhash", json!([first]))?;
        let url = format!(
            "{}/rest/headers/{}.bin?count={}",
            self.url,
            hash.as_str().unwrap_or_default(),
            last - first + 1
        );
        let answer = minreq::get(url).with_timeout(TIMEOUT_SECONDS).send()?;
        let (headers, rest) = answer.as_bytes().as_chunks::<80>();
        match rest {
            [] if headers.len() as u64 == last - first + 1 => Ok(headers.to_vec()),
            _ => Err(format!("{} bytes are no {} headers", answer.as_bytes().len(), last - first + 1).into()),
        }
    }

    /// Gives it a block; says whether it has taken it.
    fn takes(&self, block: &Block) -> Outcome<bool> {
        Ok(self.rpc("submitblock", json!([serialize_hex(block)]))?.is_null())
    }
}

/// Flips every bit of every header, against the state before it. Where the work is as easy as here, half of all hashes meet it; what is
/// then not refused at its place is refused by the header behind it.
fn flips_are_refused(headers: &[RawHeader]) -> bool {
    let mut state = Headers::of_genesis(Network::Regtest);
    for pair in headers.windows(2) {
        for bit in 0..pair[0].len() * 8 {
            let (mut flipped, mut after) = (pair[0], state.clone());
            flipped[bit / 8] ^= 1 << (bit % 8);
            if after.push(&flipped).is_ok() && after.push(&pair[1]).is_ok() {
                return false;
            }
        }
        if state.push(&pair[0]).is_err() {
            return false;
        }
    }
    true
}

/// A block on another one, with a coinbase alone; `said` is what the coinbase says behind its height.
fn mined(
    version: i32,
    previous: BlockHash,
    height: u64,
    time: u32,
    bits: u32,
    said: &[u8],
) -> Outcome<Block> {
    let height = Builder::new().push_int(i64::try_from(height)?).into_script();
    let script = ScriptBuf::from_bytes([height.as_bytes(), said].concat());
    let coinbase = Transaction {
        version: transaction::Version::TWO,
        lock_time: LockTime::ZERO,
        input: vec![TxIn {
            previous_output: OutPoint::null(),
            script_sig: script,
            sequence: Sequence::MAX,
            witness: Witness::new(),
        }],
        output: vec![TxOut { value: Amount::from_sat(1), script_pubkey: ScriptBuf::from_bytes(vec![0x51]) }],
    };
    let mut header = Header {
        version: Version::from_consensus(version),
        prev_blockhash: previous,
        merkle_root: TxMerkleNode::from_byte_array(coinbase.compute_txid().to_byte_array()),
        time,
        bits: CompactTarget::from_consensus(bits),
        nonce: 0,
    };
    while !header.target().is_met_by(header.block_hash()) {
        header.nonce += 1;
    }
    Ok(Block { header, txdata: vec![coinbase] })
}

/// A parent block of the node's template, which proves a range of ours, and which the node takes.
fn merge_mined(node: &Parent, state: &mut Headers) -> Outcome<()> {
    let template = node.rpc("getblocktemplate", json!([{ "rules": ["segwit"] }]))?;
    let number = |key: &str| template[key].as_u64().ok_or_else(|| format!("the template has no `{key}`"));
    let previous: BlockHash = template["previousblockhash"].as_str().unwrap_or_default().parse()?;
    let bits = u32::from_str_radix(template["bits"].as_str().unwrap_or_default(), 16)?;
    told("its template asks for the bits that we ask for", bits == state.bits_required().compact())?;
    let (first, last, root) = (1, 60, [7; 32]);
    let commitment = Anchor::commitment(CHAIN_ID, first, last, root);
    let merged = MergedMining { root: commitment, size: 1, nonce: 0 };
    // Behind a push: what stands there is data, and 44 bytes long.
    let said = [&[44][..], &merged.to_script_bytes()].concat();
    let (version, time) = (i32::try_from(number("version")?)?, u32::try_from(number("curtime")?)?);
    let block = mined(version, previous, number("height")?, time, bits, &said)?;
    let proof = AuxPow {
        parent: block.header,
        coinbase: block.txdata[0].clone(),
        coinbase_branch: Branch::default(),
        chain_branch: Branch::default(),
    };
    let required = WorkRequired { chain_id: CHAIN_ID, bits: Network::Regtest.limit() };
    let proves = |root| Anchor { first, last, root, proof: proof.clone() }.verify(required);
    told("a parent of its template anchors our range", proves(root)? == block.block_hash())?;
    told("and no other range", proves([8; 32]).is_err())?;
    told(
        "it takes that parent, which is its tip",
        node.takes(&block)? && node.best()? == block.block_hash(),
    )?;
    let raw = node.headers(state.height() + 1, state.height() + 1)?[0];
    state.push(&raw)?;
    told(
        "its header of the parent validates",
        state.tip() == header_hash(&raw) && state.tip() == block.block_hash(),
    )
}

/// A fork of another descriptor that is left, and one of ours that wins.
fn forked(node: &Parent, before: &[RawHeader]) -> Outcome<()> {
    let (tip, from) = (node.best()?, BLOCKS - 4);
    let left = node.rpc("getblockhash", json!([from + 1]))?;
    node.rpc("invalidateblock", json!([left]))?;
    node.rpc("generatetodescriptor", json!([3, "raw(52)"]))?;
    let fork = node.best()?;
    node.rpc("reconsiderblock", json!([left]))?;
    told("it goes back to the longer chain", node.best()? == tip && fork != tip)?;
    // Blocks of ours on the fork, until it is the longer one.
    let header = node.rpc("getblockheader", json!([fork.to_string()]))?;
    let number = |key: &str| header[key].as_u64().ok_or_else(|| format!("the header has no `{key}`"));
    let (mut previous, height, time) = (fork, number("height")?, u32::try_from(number("time")?)?);
    for step in 1..=3 {
        let bits = Network::Regtest.limit().compact();
        let block = mined(0x2000_0000, previous, height + u64::from(step), time + step, bits, b"\x04alys")?;
        node.takes(&block)?;
        previous = block.block_hash();
    }
    told("blocks of ours make it change chains", node.best()? == previous)?;
    let after = node.headers(1, height + 3)?;
    let mut state = Headers::of_genesis(Network::Regtest);
    validate(&mut state, after.as_flattened())?;
    told("the headers of the new chain validate", state.tip() == previous && state.height() == height + 3)?;
    let common = before.iter().zip(&after).take_while(|(one, other)| one == other).count() as u64;
    told("they part where the fork began", common == from)?;
    let mut old = Headers::of_genesis(Network::Regtest);
    validate(&mut old, before.as_flattened())?;
    told("behind the old chain they are refused", old.push(&after[from as usize]).is_err())?;
    let tips = node.rpc("getchaintips", json!([]))?;
    told("it has both chains", tips.as_array().is_some_and(|tips| tips.len() == 2))
}
