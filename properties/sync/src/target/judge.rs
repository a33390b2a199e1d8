//! A judge of what nodes say who knows what is true, and reads what comes over the lines: never what sync says of itself.
//!
//! It overhears which hosts a node is told of, what the node asks, and the bytes that come back. Of those it makes out who has
//! shown which certified block as the tip that it claims (SY-4), and what the node may therefore say (SY-5).

use std::collections::{BTreeMap, BTreeSet};

use alys_chain::approvals;
use alys_chain::scheme::SignatureScheme;
use alys_engines::violation::violated;
use alys_models::sync::{ProvedTip, SyncTruth, TruthSetting};
use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::limits::Limits;
use alys_wire::message::{Request, Response, ResponseBody};
use alys_wire::stream::ResponseDecoder;

use super::alys::config::Settings;
use super::alys::engine::RequestId;
use super::alys::simulated::{Host, Passing, Simulation, Tapped, Truth, What};

/// What the nodes of a simulation sign with.
pub trait Signing: SignatureScheme<PublicKey: Sync> + Clone + Sync {}

impl<S: SignatureScheme<PublicKey: Sync> + Clone + Sync> Signing for S {}

/// What is known of one node.
#[derive(Debug)]
pub struct Side {
    /// What is true of what its peers have shown.
    pub truth: SyncTruth,
    /// Who is connected.
    pub connected: BTreeSet<u64>,
    /// What it has asked, and what has come of it so far.
    asked: BTreeMap<RequestId, Asked>,
    /// The tip that each peer has claimed last.
    claims: BTreeMap<u64, Hash256>,
}

/// A request that is open.
#[derive(Debug)]
struct Asked {
    of: Host,
    message: Request,
    /// Which copy of the answer has begun, and its bytes.
    stream: Option<(u64, Vec<u8>)>,
}

/// The judge of all nodes of a simulation.
#[derive(Debug)]
pub struct Judge {
    sides: Vec<Side>,
    /// How many entries of the log were read.
    read: usize,
}

/// Nobody's tip yet; it is set when a node is looked at.
const NOWHERE: ProvedTip = ProvedTip { height: 0, slot: 0, root: [0; 32] };

/// The limits of the truth, as sync is configured with them.
#[must_use]
pub fn setting(settings: &Settings) -> TruthSetting {
    TruthSetting {
        freshness_slots: settings.freshness_slots,
        sample_min: usize::try_from(settings.sample).unwrap_or(usize::MAX),
        max_lag_blocks: settings.max_lag_blocks,
        bootstrap: settings.bootstrap,
    }
}

impl Side {
    /// A node that knows nobody.
    #[must_use]
    pub fn new(setting: TruthSetting) -> Self {
        Side {
            truth: SyncTruth::new(setting, NOWHERE),
            connected: BTreeSet::new(),
            asked: BTreeMap::new(),
            claims: BTreeMap::new(),
        }
    }

    /// A host is gone: nothing that it was asked is answered, and nothing that it has shown counts.
    fn left(&mut self, host: Host) {
        let peer = host.id().0;
        self.truth.left(peer);
        self.connected.remove(&peer);
        self.claims.remove(&peer);
        self.asked.retain(|_, asked| asked.of != host);
    }

    fn joined(&mut self, host: Host) {
        self.left(host);
        self.truth.joined(host.id().0);
        self.connected.insert(host.id().0);
    }

    /// What a status says. A peer at genesis has nothing to show.
    fn claimed<S: SignatureScheme>(
        &mut self,
        peer: u64,
        truth: &Truth<S>,
        responses: &[Response],
        digest: [u8; 4],
    ) {
        let Some(Response::Success(ResponseBody::Status(status))) = responses.first() else { return };
        self.claims.insert(peer, status.head_root);
        let genesis = truth.genesis_ref().root;
        if status.head_root == genesis && status.fork_digest.0 == digest {
            self.truth.proved(peer, ProvedTip { height: 0, slot: 0, root: genesis.0 });
        }
    }

    /// A block that was asked for by its root. It proves the peer's tip if it is the one that the peer claims, alone, and certified.
    fn shown<S: SignatureScheme>(
        &mut self,
        peer: u64,
        truth: &Truth<S>,
        roots: &[Hash256],
        responses: &[Response],
    ) {
        let blocks = responses.iter().map_while(|response| match response {
            Response::Success(ResponseBody::Block(block)) => Some(&**block),
            _ => None,
        });
        let blocks: Vec<&CertifiedBlock> = blocks.collect();
        let ([root], [block]) = (roots, &blocks[..]) else { return };
        let header = &block.signed_block.block.header;
        if header.root() == *root && self.claims.get(&peer) == Some(root) && is_certified(truth, block) {
            let tip = ProvedTip { height: header.height, slot: header.slot, root: root.0 };
            self.truth.proved(peer, tip);
        }
    }
}

/// Whether a quorum of the authorities has signed this very block. What they have signed is of the truth.
fn is_certified<S: SignatureScheme>(truth: &Truth<S>, block: &CertifiedBlock) -> bool {
    let (header, certificate) = (&block.signed_block.block.header, &block.certificate);
    let (scheme, authorities) = (truth.scheme(), truth.authorities());
    let signers = certificate.bits.num_set_bits() as u64;
    let certified = certificate.block_root == header.root()
        && certificate.slot == header.slot
        && 3 * signers > 2 * authorities.len() as u64
        && approvals::verify(scheme, authorities, truth.config().chain_id, certificate).is_ok();
    if certified && truth.block(&header.root()).is_none() {
        violated("CH-2", format!("{header:?} is certified, and nobody has signed it"));
    }
    certified
}

impl Judge {
    /// A judge of so many nodes, who has heard nothing yet.
    #[must_use]
    pub fn new<S: Signing>(simulation: &Simulation<S>) -> Self {
        let setting = setting(&simulation.plan().sync);
        let sides = (0..simulation.plan().nodes).map(|_| Side::new(setting)).collect();
        Judge { sides, read: 0 }
    }

    /// What is true of a node with this tip at the slot that its clock shows.
    #[must_use]
    pub fn side(&mut self, node: u32, slot: u64, own: ProvedTip) -> &Side {
        let side = &mut self.sides[node as usize];
        (side.truth.slot, side.truth.own) = (slot, own);
        side
    }

    /// Takes in what has passed, and names the nodes that something has happened to.
    ///
    /// # Panics
    ///
    /// Raises a violation when a node asks somebody that it is not connected with, or for what nobody claims.
    pub fn hear<S: Signing>(&mut self, simulation: &Simulation<S>, passed: Vec<Tapped>) -> BTreeSet<u32> {
        let touched = passed.iter().map(|tapped| tapped.node).collect();
        // What is given up when its answer comes was late.
        let late: BTreeSet<_> = passed
            .iter()
            .filter_map(|tapped| match tapped.what {
                Passing::GivesUp(request) => Some((tapped.node, request)),
                _ => None,
            })
            .collect();
        for Tapped { node, what } in passed {
            let is_late = |request| late.contains(&(node, request));
            if let Passing::Arrives { from, .. } = what
                && !simulation.lines().reaches(Host::Node(node), from)
            {
                violated("NW-2", format!("{from} answers node {node} through a partition"));
            }
            let digest = simulation.plan().sync.fork_digest;
            self.sides[node as usize].hear(simulation.truth(), digest, what, &is_late);
        }
        touched
    }

    /// Reads what has happened since the last time.
    ///
    /// # Panics
    ///
    /// Raises a violation when who has sent something malformed stays connected (WR-5), or something passes a partition (NW-2).
    pub fn read<S: Signing>(&mut self, simulation: &Simulation<S>) {
        let entries = &simulation.log().entries()[self.read..];
        self.read += entries.len();
        for entry in entries {
            let (Host::Node(node), What::Malformed { from, .. }) = (entry.host, entry.what) else { continue };
            let failed = simulation.node(node).is_none_or(|node| node.failure().is_some());
            if !failed && self.sides[node as usize].connected.contains(&from.id().0) {
                violated(
                    "WR-5",
                    format!("{from} has sent node {node} something malformed, and is connected"),
                );
            }
            if !simulation.lines().reaches(entry.host, from) {
                violated("NW-2", format!("node {node} hears of {from} through a partition"));
            }
        }
    }
}

impl Side {
    /// Takes in something that has passed between the node and its network.
    ///
    /// # Panics
    ///
    /// Raises a violation when the node asks somebody that it is not connected with.
    pub fn hear<S: SignatureScheme>(
        &mut self,
        truth: &Truth<S>,
        digest: [u8; 4],
        what: Passing,
        is_late: &dyn Fn(RequestId) -> bool,
    ) {
        match what {
            Passing::Up => *self = Side::new(self.truth.setting()),
            Passing::Joined(host) => self.joined(host),
            Passing::Left(host) | Passing::Leaves(host) => self.left(host),
            Passing::Asks { of, request, message } => {
                if !self.connected.contains(&of.id().0) {
                    violated("SY-7", format!("{of} is asked for {message:?}, and is not connected"));
                }
                self.asked.insert(request, Asked { of, message, stream: None });
            }
            Passing::GivesUp(request) => drop(self.asked.remove(&request)),
            Passing::Arrives { from, request, stream, bytes, ends } => {
                let Some(asked) = self.asked.get_mut(&request).filter(|asked| asked.of == from) else {
                    return;
                };
                let (first, kept) = asked.stream.get_or_insert_with(|| (stream, Vec::new()));
                if *first != stream {
                    return;
                }
                kept.extend(bytes);
                if ends && let Some(ended) = self.asked.remove(&request).filter(|_| !is_late(request)) {
                    self.ended(truth, digest, ended);
                }
            }
            _ => {}
        }
    }

    /// A stream has ended.
    fn ended<S: SignatureScheme>(&mut self, truth: &Truth<S>, digest: [u8; 4], ended: Asked) {
        let Asked { of, message, stream } = ended;
        let bytes = stream.map(|(_, bytes)| bytes).unwrap_or_default();
        let Some(responses) = read(&message, &bytes, &Limits::default()) else { return };
        match message {
            Request::Status(_) => self.claimed(of.id().0, truth, &responses, digest),
            Request::BlocksByRoot(roots) => self.shown(of.id().0, truth, &roots, &responses),
            _ => {}
        }
    }
}

/// The responses of a stream that has ended; `None` of one that is malformed.
fn read(request: &Request, bytes: &[u8], limits: &Limits) -> Option<Vec<Response>> {
    let mut decoder = ResponseDecoder::answering(request, limits);
    let (mut used, mut responses) = (0, Vec::new());
    while used < bytes.len() {
        let Some(decoded) = decoder.decode(&bytes[used..]).ok()? else { break };
        used += decoded.used;
        responses.push(decoded.message);
    }
    decoder.finish(&bytes[used..]).ok()?;
    Some(responses)
}
