//! Our own sync: a whole node, with its chain on a store in memory, and certificates of ideal signatures.

use std::num::NonZeroUsize;

use alys_chain::{
    engine::{Commit, Importing, Signatures},
    node::{Durable, Node},
    scheme::Ideal,
    store::MemoryDisk,
    stored::{Stored, StoredError},
    transition::{Balances, TransferError, Transfers},
};
use alys_sync::{
    config::{Settings, SyncConfig},
    engine::RequestId,
    gate::Gate,
    network::{NetworkCommand, NetworkEvent, Outcome},
    node::{Consensus, SyncNode},
    peer::PeerId,
    state::SyncState,
};
use alys_wire::{
    codes::FailureCode,
    error::{Cause, WireError},
    fault::{Channel, PeerFault},
    message::{ErrorText, Failure, Request, Response, ResponseBody, Status},
    protocol::Protocol,
};

use super::alys_realm::{self, Realm};
use crate::{
    chain::Root,
    sync::{
        SyncAnswer, SyncAsk, SyncCapabilities, SyncCommand, SyncEvent, SyncParameters, SyncTip, SyncUnderTest,
    },
};

/// The file of the chain.
const NAME: &str = "chain.redb";

/// After the slots of all blocks, in seconds.
const LATE: u64 = 1 << 40;

/// A store that notes which blocks become durable, in their order.
#[derive(Debug)]
struct Noting {
    stored: Stored<Transfers>,
    entered: Vec<Root>,
}

impl Noting {
    fn note(&mut self, commits: &[Commit]) {
        self.entered
            .extend(commits.iter().filter_map(|commit| commit.entered.as_ref()).map(|new| new.root.0));
    }
}

impl Durable for Noting {
    type Error = StoredError<TransferError>;

    fn vote(&mut self, slot: u64) -> Result<(), Self::Error> {
        self.stored.vote(slot)
    }

    fn proposal(&mut self, slot: u64) -> Result<(), Self::Error> {
        self.stored.proposal(slot)
    }

    fn commit(&mut self, commit: &Commit) -> Result<(), Self::Error> {
        self.stored.commit(commit)?;
        self.note(std::slice::from_ref(commit));
        Ok(())
    }

    fn commits(&mut self, commits: &[Commit]) -> Result<(), Self::Error> {
        self.stored.commits(commits)?;
        self.note(commits);
        Ok(())
    }
}

type Syncing = SyncNode<Ideal, Transfers, Noting>;

/// A node of ours that syncs; only between being ended and made again there is none.
#[derive(Debug)]
pub struct AlysSync {
    node: Option<Syncing>,
    disk: MemoryDisk,
    config: SyncConfig,
    /// How many of the blocks that have entered were told.
    told: usize,
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn config(parameters: &SyncParameters) -> Result<SyncConfig, String> {
    let settings = Settings {
        workers: parameters.workers,
        batch_min: parameters.batch_max,
        batch_max: parameters.batch_max,
        blocks_in_flight: parameters.blocks_in_flight,
        request_timeout: parameters.request_timeout,
        status_interval: parameters.status_interval,
        backoff_min: parameters.backoff_min,
        backoff_max: parameters.backoff_max,
        breaker_failures: parameters.breaker_failures,
        breaker_window: parameters.breaker_window,
        breaker_open: parameters.breaker_open,
        ban_after: parameters.ban_after,
        ban_time: parameters.ban_time,
        freshness_slots: parameters.freshness_slots,
        sample: parameters.sample,
        max_lag_blocks: parameters.max_lag_blocks,
        bootstrap: parameters.bootstrap,
        ..Settings::default()
    };
    settings.check().map_err(text)
}

/// The chain on a disk, and its engine.
fn opened(disk: &MemoryDisk, realm: &Realm) -> Result<Node<Ideal, Transfers, Noting>, String> {
    let stored = Stored::open(disk, NAME, realm.chain, Transfers, Balances::default()).map_err(text)?;
    let engine = stored.engine(realm.ideal.clone(), realm.authorities.clone()).map_err(text)?;
    Ok(Node::new(engine, Noting { stored, entered: Vec::new() }))
}

fn consensus(realm: &Realm) -> Consensus<Ideal> {
    let (scheme, authorities) = (realm.ideal.clone(), realm.authorities.clone());
    Consensus { scheme, authorities, chain: realm.chain, genesis: realm.genesis.root() }
}

fn begun(parameters: &SyncParameters, realm: &mut Realm) -> Result<AlysSync, String> {
    let (disk, config) = (MemoryDisk::new(), config(parameters)?);
    let mut chain = opened(&disk, realm)?;
    let held: Vec<_> =
        parameters.held.iter().map(|block| realm.certified(block)).collect::<Result<_, _>>()?;
    // They were verified when they entered, before all this.
    let importing = Importing { signatures: Signatures::Trusted, threads: NonZeroUsize::MIN };
    chain.import(&held, importing, LATE, drop).map_err(text)?;
    let told = chain.durable().entered.len();
    if told < held.len() {
        return Err(format!("{told} of {} blocks have entered", held.len()));
    }
    let node = SyncNode::new(chain, consensus(realm), config);
    Ok(AlysSync { node: Some(node), disk, config, told })
}

/// What cannot be decoded, on a channel.
fn malformed(channel: Channel) -> PeerFault {
    PeerFault::new(channel, WireError { at: 0, cause: Cause::Truncated })
}

/// What comes of a request, as the network tells it.
fn outcome(answer: &SyncAnswer, realm: &mut Realm) -> Result<Outcome, String> {
    let responses = match answer {
        SyncAnswer::Malformed => {
            return Ok(Outcome::Malformed(malformed(Channel::Response(Protocol::BlocksByRange))));
        }
        SyncAnswer::Refused => {
            let code = FailureCode::ResourceUnavailable;
            vec![Response::Failure(Failure { code, text: ErrorText::default() })]
        }
        SyncAnswer::Status(status) => vec![Response::Success(ResponseBody::Status(Status {
            finalised_root: realm.genesis.root(),
            head_root: status.head.root.into(),
            head_slot: status.head.slot,
            ..Status::default()
        }))],
        SyncAnswer::Blocks(blocks) => {
            let sent = |block| {
                Ok(Response::Success(ResponseBody::Block(Box::new((*realm.certified(block)?).clone()))))
            };
            blocks.iter().map(sent).collect::<Result<_, String>>()?
        }
    };
    Ok(Outcome::Answered(responses))
}

/// An event in the words of our network; `None` where time has passed.
fn event(event: &SyncEvent, realm: &mut Realm) -> Result<Option<NetworkEvent>, String> {
    Ok(Some(match event {
        SyncEvent::Connected(peer) => NetworkEvent::Connected { peer: PeerId(*peer) },
        SyncEvent::Disconnected(peer) => NetworkEvent::Disconnected { peer: PeerId(*peer) },
        SyncEvent::Answer { peer, request, answer } => NetworkEvent::Response {
            peer: PeerId(*peer),
            request: RequestId(*request),
            outcome: outcome(answer, realm)?,
        },
        SyncEvent::Malformed(peer) => {
            let fault = malformed(Channel::Request(Protocol::Status));
            NetworkEvent::Malformed { peer: PeerId(*peer), fault }
        }
        SyncEvent::Tick => return Ok(None),
    }))
}

/// A command in the words of the kit; what is none of them is for those who ask us.
fn command(command: NetworkCommand) -> Option<SyncCommand> {
    Some(match command {
        NetworkCommand::Request { peer, request, message } => {
            SyncCommand::Ask { peer: peer.0, request: request.0, what: asked(&message)? }
        }
        NetworkCommand::Cancel { peer, request } => SyncCommand::Cancel { peer: peer.0, request: request.0 },
        NetworkCommand::Disconnect { peer, .. } => SyncCommand::Disconnect { peer: peer.0 },
        NetworkCommand::Ban { peer, until } => SyncCommand::Ban { peer: peer.0, until },
        NetworkCommand::Respond { .. } | NetworkCommand::Publish { .. } => return None,
    })
}

fn asked(message: &Request) -> Option<SyncAsk> {
    match message {
        Request::Status(_) => Some(SyncAsk::Status),
        Request::BlocksByRange(range) => Some(SyncAsk::Range { start: range.start, count: range.count }),
        Request::BlocksByRoot(roots) => roots.first().map(|root| SyncAsk::Root(root.0)),
        _ => None,
    }
}

impl SyncUnderTest for AlysSync {
    fn name() -> String {
        "alys-sync, a node".to_owned()
    }

    fn capabilities() -> SyncCapabilities {
        SyncCapabilities::ALL
    }

    fn cases() -> u32 {
        120
    }

    fn root(salt: u8, parent: &Root, height: u64, slot: u64) -> Root {
        // A realm that cannot be made is told of by `make`.
        alys_realm::with(|realm| Ok(realm.root(salt, parent, height, slot))).unwrap_or_default()
    }

    fn make(parameters: &SyncParameters) -> Result<Self, String> {
        alys_realm::with(|realm| begun(parameters, realm))
    }

    fn handle(&mut self, what: &SyncEvent, now: u64) -> Vec<SyncCommand> {
        let Some(node) = &mut self.node else { return Vec::new() };
        let event = alys_realm::with(|realm| event(what, realm));
        let commands = match event {
            Ok(Some(event)) => node.handle(event, now),
            Ok(None) => node.tick(now),
            // What cannot be made does not come.
            Err(_) => Vec::new(),
        };
        commands.into_iter().filter_map(command).collect()
    }

    fn next_wakeup(&self) -> Option<u64> {
        self.node.as_ref()?.next_wakeup()
    }

    fn head(&self) -> SyncTip {
        let chain = self.node.as_ref().map(Syncing::chain);
        let head = chain.map(|chain| (chain.head(), chain.tree().get(&chain.head().root)));
        head.map_or(SyncTip { height: 0, slot: 0, root: [0; 32] }, |(head, node)| SyncTip {
            height: head.height,
            slot: node.map_or(0, |node| node.header.slot),
            root: head.root.0,
        })
    }

    fn entered(&mut self) -> Vec<Root> {
        let entered = self.node.as_ref().map_or(&[][..], |node| &node.durable().entered);
        let new = entered.get(self.told..).unwrap_or_default().to_vec();
        self.told = entered.len();
        new
    }

    fn says_synced(&self) -> bool {
        self.node.as_ref().is_some_and(|node| node.state() == SyncState::Synced)
    }

    fn gate_is_open(&self) -> bool {
        self.node.as_ref().is_some_and(|node| node.gate() == Gate::Open)
    }

    fn score(&self, peer: u64) -> Option<i64> {
        let score = self.node.as_ref()?.sync().score(PeerId(peer))?;
        i64::try_from(score).ok()
    }

    fn restart(&mut self) -> Result<(), String> {
        if let Some(node) = self.node.take() {
            node.into_durable().stored.close().map_err(text)?;
        }
        self.told = 0;
        self.node = Some(alys_realm::with(|realm| {
            Ok(SyncNode::new(opened(&self.disk, realm)?, consensus(realm), self.config))
        })?);
        Ok(())
    }
}
