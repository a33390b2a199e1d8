//! What a node needs of memory while it syncs ever longer chains onto a disk, if it keeps no more than it is told to.
//!
//! `cargo bench --profile release -p alys-sync-properties --bench memory`; with `MEMORY_BLOCKS=1000000` the longest chain has so many.

#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a program whose output is its purpose")]

use std::{
    collections::{BTreeMap, VecDeque},
    env, fs,
    sync::Arc,
};

use alys_chain::{
    authorities::AuthoritySet,
    engine::{self, ChainConfig, genesis_header},
    scheme::{Claim, Domain, KeyError, Message, PublicKeyBytes, SignatureScheme},
    store::Directory,
    stored::Stored,
    transition::{Balances, Transfers},
};
use alys_engines::{coverage::artifacts, measure::Stopwatch};
use alys_sync::{
    config::Settings,
    engine::RequestId,
    network::{NetworkCommand, NetworkEvent, Outcome},
    node::{Consensus, SyncNode},
    peer::PeerId,
};
use alys_wire::{
    containers::{
        AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, Signature,
        SignedBlock,
    },
    message::{Request, Response, ResponseBody, Status},
};
use ethereum_hashing::hash;

/// How many authorities there are, and peers.
const AUTHORITIES: u64 = 4;
const PEERS: u64 = 3;

/// How many final blocks the node keeps.
const KEEP: u64 = 1024;

const SLOT_SECONDS: u64 = 4;

/// Signatures that anybody can make. They are verified like others, and nothing is remembered of them.
#[derive(Clone, Copy, Debug)]
struct Sums;

fn tag(key: u64, bytes: &[u8]) -> u128 {
    let digest = hash(&[&key.to_le_bytes(), bytes].concat());
    digest[..16].iter().fold(0, |sum, byte| sum << 8 | u128::from(*byte))
}

fn written(tag: u128) -> Signature {
    let mut bytes = [0; 96];
    bytes[..16].copy_from_slice(&tag.to_le_bytes());
    bytes.into()
}

impl SignatureScheme for Sums {
    type SecretKey = u64;
    type PublicKey = u64;

    fn public_key(&self, secret: &u64) -> PublicKeyBytes {
        let mut bytes = [0; 48];
        bytes[..8].copy_from_slice(&secret.to_le_bytes());
        bytes.into()
    }

    fn prove_possession(&self, secret: &u64) -> Signature {
        written(tag(*secret, &[]))
    }

    fn sign(&self, secret: &u64, message: &Message) -> Signature {
        written(tag(*secret, message.as_bytes()))
    }

    fn admit(&self, key: &PublicKeyBytes, possession: &Signature) -> Result<u64, KeyError> {
        let key = u64::from_le_bytes(*key.first_chunk().ok_or(KeyError::Malformed)?);
        if *possession == self.prove_possession(&key) { Ok(key) } else { Err(KeyError::NotPossessed) }
    }

    fn verify(&self, keys: &[&u64], message: &Message, signature: &Signature) -> bool {
        let sum = keys.iter().fold(0_u128, |sum, key| sum.wrapping_add(tag(**key, message.as_bytes())));
        !keys.is_empty() && *signature == written(sum)
    }

    fn verify_all(&self, claims: &[Claim<'_, u64>]) -> bool {
        claims.iter().all(|claim| self.verify(&claim.keys, &claim.message, &claim.signature))
    }

    fn aggregate(&self, signatures: &[Signature]) -> Option<Signature> {
        let number =
            |one: &Signature| one[..16].iter().rev().fold(0, |sum, byte| sum << 8 | u128::from(*byte));
        Some(written(signatures.iter().map(number).reduce(u128::wrapping_add)?))
    }
}

/// A chain of empty blocks that is made block by block, and not kept.
struct Source {
    config: ChainConfig,
    last: BlockHeader,
}

impl Iterator for Source {
    type Item = Arc<CertifiedBlock>;

    fn next(&mut self) -> Option<Self::Item> {
        let slot = self.last.slot + 1;
        let header = BlockHeader {
            parent_root: self.last.root(),
            height: self.last.height + 1,
            slot,
            proposer_index: slot % AUTHORITIES,
            state_root: self.last.state_root,
            body_root: BlockBody::default().root(),
            timestamp: slot * SLOT_SECONDS,
        };
        self.last = header.clone();
        let block_root = header.root();
        let message = |domain| Message::new(domain, self.config.chain_id, slot, block_root);
        let mut bits = ApprovalBits::with_capacity(AUTHORITIES as usize).ok()?;
        (0..3).for_each(|one| bits.set(one, true).unwrap());
        let parts: Vec<_> = (1..=3).map(|key| Sums.sign(&key, &message(Domain::Approval))).collect();
        let certificate =
            AggregateApproval { block_root, slot, bits, signature: Sums.aggregate(&parts).unwrap() };
        let signature = Sums.sign(&(header.proposer_index + 1), &message(Domain::Proposal));
        let signed_block = SignedBlock { block: Block { header, body: BlockBody::default() }, signature };
        Some(Arc::new(CertifiedBlock { signed_block, certificate }))
    }
}

fn root(block: &CertifiedBlock) -> Hash256 {
    block.signed_block.block.root()
}

/// Peers that have all of a chain, and keep no more of it than the node is about to ask for.
struct Peers {
    source: Source,
    tip: Arc<CertifiedBlock>,
    window: BTreeMap<u64, Arc<CertifiedBlock>>,
    asked: VecDeque<(PeerId, RequestId, Request)>,
}

impl Peers {
    fn carry(&mut self, commands: Vec<NetworkCommand>) {
        for command in commands {
            match command {
                NetworkCommand::Request { peer, request, message } => {
                    self.asked.push_back((peer, request, message));
                }
                NetworkCommand::Cancel { request, .. } => self.asked.retain(|(_, open, _)| *open != request),
                _ => {}
            }
        }
    }

    fn at(&mut self, height: u64) -> Option<Arc<CertifiedBlock>> {
        while self.source.last.height < height.min(self.tip.signed_block.block.header.height) {
            let block = self.source.next()?;
            self.window.insert(block.signed_block.block.header.height, block);
        }
        self.window.get(&height).cloned()
    }

    fn answer(&mut self, message: &Request) -> Vec<Response> {
        let body = |block: Arc<CertifiedBlock>| {
            Response::Success(ResponseBody::Block(Box::new(CertifiedBlock::clone(&block))))
        };
        match message {
            Request::BlocksByRange(range) => (range.start..range.start + range.count)
                .map_while(|height| self.at(height))
                .map(body)
                .collect(),
            Request::BlocksByRoot(_) => vec![body(Arc::clone(&self.tip))],
            _ => {
                let head_slot = self.tip.signed_block.block.header.slot;
                let status = Status { head_root: root(&self.tip), head_slot, ..Status::default() };
                vec![Response::Success(ResponseBody::Status(status))]
            }
        }
    }
}

fn resident_mib() -> f64 {
    let statm = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: f64 = statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0.0);
    pages * 4096.0 / (1 << 20) as f64
}

/// Syncs a chain of so many blocks onto a disk; tells how fast, and the most memory that was resident on the way.
fn synced(blocks: u64) -> (f64, f64) {
    let stated: Vec<_> =
        (1..=AUTHORITIES).map(|key| (Sums.public_key(&key), Sums.prove_possession(&key))).collect();
    let authorities = AuthoritySet::new(&Sums, &stated).unwrap();
    let settings =
        engine::Settings { slot_duration: SLOT_SECONDS, checkpoint_interval: 100, ..Default::default() };
    let config = settings.check().unwrap();
    let first = genesis_header(&config.clock, Balances::default().root());
    let genesis = first.root();
    let source = || Source { config, last: first.clone() };
    let tip = source().nth(blocks as usize - 1).unwrap();
    let mut peers = Peers { source: source(), tip, window: BTreeMap::new(), asked: VecDeque::new() };

    let folder = artifacts().join("sync-memory");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let disk = Directory::new(&folder).unwrap();
    let stored = Stored::open(&disk, "chain.redb", config, Transfers, Balances::default()).unwrap();
    let consensus = Consensus { scheme: Sums, authorities, chain: config, genesis };
    let sync = Settings { keep: Some(KEEP), ..Settings::default() };
    let mut node = SyncNode::restore(stored, consensus, None, sync.check().unwrap()).unwrap();

    let (mut now, mut most, watch) = ((blocks + 1) * SLOT_SECONDS * 1000, 0.0_f64, Stopwatch::start());
    for peer in 1..=PEERS {
        peers.carry(node.handle(NetworkEvent::Connected { peer: PeerId(peer) }, now));
    }
    while node.chain().head().height < blocks {
        if let Some((peer, request, message)) = peers.asked.pop_front() {
            let outcome = Outcome::Answered(peers.answer(&message));
            peers.carry(node.handle(NetworkEvent::Response { peer, request, outcome }, now));
        } else {
            now = node.next_wakeup().unwrap().max(now + 1);
            peers.carry(node.tick(now));
        }
        peers.window = peers.window.split_off(&(node.chain().head().height + 1));
        most = most.max(resident_mib());
    }
    let took = watch.elapsed().as_secs_f64();
    assert!(node.failure().is_none());
    drop(node);
    drop(fs::remove_dir_all(&folder));
    (blocks as f64 / took, most)
}

fn main() {
    let longest = env::var("MEMORY_BLOCKS").ok().and_then(|blocks| blocks.parse().ok()).unwrap_or(100_000);
    println!("| blocks | blocks/s | most resident memory, MiB |\n|---|---|---|");
    for blocks in [10_000, 100_000, 1_000_000].into_iter().filter(|blocks| *blocks <= longest) {
        let (rate, most) = synced(blocks);
        println!("| {blocks} | {rate:.0} | {most:.1} |");
    }
}
