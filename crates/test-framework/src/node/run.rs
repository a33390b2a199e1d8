//! A node, from its start to its end.

use std::{num::NonZeroUsize, rc::Rc, thread::available_parallelism, time::Duration};

use alys_p2p::{
    config::Config,
    identity::{keypair, number_of},
    shell::Libp2pNetwork,
};
use alys_sync::{
    config::{Settings, SyncConfig},
    node::SyncNode,
    peer::PeerId,
    shell::WallClock,
};
use alys_wire::{
    protocol::Protocol,
    quota::{Quota, QuotaTable},
};
use tracing::{debug, info, warn};

use super::{
    actor::Running,
    chain::NodeChain,
    data::{grow, open, undurable},
    endpoint::Endpoint,
    error::NodeFailure,
    kept::Told,
    meters::Meters,
    observed::{Closing, Observed},
    plan::{NodePlan, NodeRole},
    report::{NodeEnd, NodeReport},
    signals::Signals,
    watch::Watched,
};

/// How many blocks a peer may ask for in a second: no less than one that follows can take in.
const BLOCKS_A_SECOND: u32 = 65_536;

/// How many small requests in a second: a follower that is started again and again asks each time.
const REQUESTS_A_SECOND: u32 = 64;

/// The longest time for which a peer that has failed is not asked, in milliseconds: there is no other one to ask.
const BACKOFF_MAX_MS: u64 = 2_000;

/// How many failures open the breaker of a peer, for the same reason: all requests that are open fail when it leaves.
const BREAKER_FAILURES: u64 = 1024;

/// The most threads that verify signatures.
const THREADS_MAX: usize = 64;

/// Runs a node until it is synced, where that is its end, or a signal comes; tells what it has to say.
///
/// SIGINT and SIGTERM let it say goodbye to its peers and close its store. The clock is [`NodePlan::clock`], which whoever
/// logs shares.
///
/// # Errors
///
/// [`NodeFailure`], which says what was wrong, where, and what is allowed. What was durable stays so, whichever it is.
///
/// # Panics
///
/// Within a tokio runtime, since it makes one of its own.
pub fn run_node(
    plan: &NodePlan,
    clock: WallClock,
    say: impl Fn(NodeReport) + 'static,
) -> Result<NodeEnd, NodeFailure> {
    plan.check()?;
    let (chain, say): (_, Say) = (NodeChain::new(plan.seed)?, Rc::new(say));
    let start = Start { plan, chain, clock, say: Rc::clone(&say), meters: Meters::default() };
    actix::System::new().block_on(async {
        let mut signals = Signals::new().map_err(NodeFailure::Signals)?;
        let started = tokio::select! {
            biased;
            told = signals.next() => return Ok(stopped(told, false, &say)),
            started = start.start() => started?,
        };
        started.watch(plan, &mut signals, &say).await
    })
}

/// Who is told what a node has to say.
pub(super) type Say = Rc<dyn Fn(NodeReport)>;

/// Says that a signal has come, and how that ends.
pub(super) fn stopped((signal, name): (i32, &str), done: bool, say: &Say) -> NodeEnd {
    info!(signal = name, "stopped");
    say(NodeReport::Stopped { signal: name.to_owned() });
    NodeEnd::Told { signal, done }
}

/// A node that starts.
struct Start<'a> {
    plan: &'a NodePlan,
    chain: NodeChain,
    clock: WallClock,
    say: Say,
    meters: Meters,
}

impl Start<'_> {
    /// Takes its addresses first, so that nothing is written where they cannot be had; then the store, then the chain.
    async fn start(self) -> Result<Watched, NodeFailure> {
        let metrics = self.metrics().await?;
        let (network, followed) = self.network().await?;
        let (mut node, kept) = open(&self.chain, &self.plan.data, self.told())?;
        let opened = kept.borrow().clone().map_err(|error| undurable(&self.plan.data, error))?;
        self.plan.begun(&self.chain, opened.height)?;
        info!(height = opened.height, finalised = opened.finalised, "opened");
        self.meters.durable(&opened);
        (self.say)(NodeReport::Opened(opened));
        if let NodeRole::Source { blocks, .. } = self.plan.role {
            (self.say)(NodeReport::Target { height: blocks });
            grow(&self.chain, &mut node, blocks, &self.plan.data).await?;
        }
        let (network, listening) = self.listening(network).await?;
        let node = SyncNode::new(node, self.chain.consensus(), self.settings()?);
        let closing = Closing::new();
        let (network, source) = Observed::new(network, self.meters.clone(), followed, closing.clone());
        let running = Running::start((node, network), self.clock)?;
        if let Some(address) = listening {
            info!(address, "listening");
            (self.say)(NodeReport::Listening { address });
        }
        if let Some(metrics) = metrics {
            serve(metrics, &self.say);
        }
        Ok(Watched { running, kept, source, closing, meters: self.meters, is_synced: false })
    }

    /// Who is told what is durable.
    fn told(&self) -> Told {
        let (say, meters) = (Rc::clone(&self.say), self.meters.clone());
        Rc::new(move |position| {
            debug!(height = position.height, finalised = position.finalised, "durable");
            meters.durable(position);
            say(NodeReport::Durable(position.clone()));
        })
    }

    async fn metrics(&self) -> Result<Option<Endpoint>, NodeFailure> {
        let Some(address) = self.plan.metrics else { return Ok(None) };
        Endpoint::listen(address, self.plan.beyond_loopback, self.meters.registry()).await.map(Some)
    }

    /// The network, and the peer that is followed, if one is.
    async fn network(&self) -> Result<(Libp2pNetwork, Option<PeerId>), NodeFailure> {
        let (listen, bootstrap) = match &self.plan.role {
            NodeRole::Source { listen, .. } => (vec![listen.clone()], Vec::new()),
            NodeRole::Follower { from, .. } => (Vec::new(), vec![from.clone()]),
        };
        let config = Config {
            listen,
            bootstrap,
            beyond_loopback: self.plan.beyond_loopback,
            fork_digest: self.chain.fork_digest(),
            quotas: quotas()?,
            ..Config::default()
        };
        let key = keypair(self.plan.key_seed()).map_err(|error| NodeFailure::Key(error.to_string()))?;
        let mut network = Libp2pNetwork::start(&config, key, self.clock.clone())?;
        let followed = match &self.plan.role {
            NodeRole::Source { .. } => None,
            NodeRole::Follower { from, .. } => Some(number_of(&network.reach(from).await?)),
        };
        Ok((network, followed))
    }

    /// Where a source is reached; a follower is not.
    async fn listening(
        &self,
        mut network: Libp2pNetwork,
    ) -> Result<(Libp2pNetwork, Option<String>), NodeFailure> {
        let NodeRole::Source { listen, .. } = &self.plan.role else { return Ok((network, None)) };
        match network.listening().await {
            Some(address) => Ok((network, Some(address))),
            None => Err(NodeFailure::Deaf { address: listen.clone() }),
        }
    }

    /// One peer is the whole sample of a follower; a source is the first node of its chain.
    fn settings(&self) -> Result<SyncConfig, NodeFailure> {
        let threads = available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS_MAX);
        let settings = Settings {
            sample: 1,
            bootstrap: matches!(self.plan.role, NodeRole::Source { .. }),
            threads: threads as u64,
            backoff_max: BACKOFF_MAX_MS,
            breaker_failures: BREAKER_FAILURES,
            fork_digest: self.chain.fork_digest(),
            quotas: quotas()?,
            ..Settings::default()
        };
        Ok(settings.check()?)
    }
}

/// Serves metrics beside the node.
fn serve(endpoint: Endpoint, say: &Say) {
    let address = endpoint.address();
    info!(%address, "metrics");
    say(NodeReport::Metrics { address: address.to_string() });
    tokio::task::spawn_local(async move {
        let error = endpoint.serve().await;
        warn!(%error, "metrics are not served any more");
    });
}

/// How often peers may ask: both ends go by it.
fn quotas() -> Result<QuotaTable, NodeFailure> {
    let second = Duration::from_secs(1);
    let (blocks, small) = (Quota::new(BLOCKS_A_SECOND, second)?, Quota::new(REQUESTS_A_SECOND, second)?);
    Ok(Protocol::ALL.into_iter().fold(QuotaTable::default(), |table, protocol| match protocol {
        Protocol::BlocksByRange | Protocol::BlocksByRoot => table.with(protocol, blocks),
        _ => table.with(protocol, small),
    }))
}
