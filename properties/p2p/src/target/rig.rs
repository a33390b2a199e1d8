//! Networks that are driven together, on one thread, by a clock that is moved by hand.

use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use alys_actor::mailbox::{Clock, Sleep, Time};
use alys_engines::violation::violated;
use alys_sync::engine::RequestId;
use alys_sync::network::{InboundId, Network, NetworkCommand, NetworkEvent};
use alys_sync::peer::PeerId;
use alys_sync::shell::WallClock;
use alys_sync::simulated::{Truth, TruthPlan};
use alys_wire::codes::GoodbyeReason;
use alys_wire::containers::CertifiedBlock;
use alys_wire::message::{MetaData, Request, Response, ResponseBody, Status, TopicBits};

use super::alys::config::Config;
use super::alys::core::Refusal;
use super::alys::error::StartError;
use super::alys::identity::keypair;
use super::alys::shell::Libp2pNetwork;
use super::{PATIENCE, raw};

/// When clocks begin, in milliseconds since the Unix epoch.
pub const START: u64 = 1_800_000_000_000;

/// A clock that shows what it is set to, and whoever waits for it.
#[derive(Debug, Default)]
pub struct Hand {
    now: Mutex<Time>,
    waiting: Mutex<Vec<Waker>>,
}

impl Hand {
    /// Moves the clock on.
    pub fn advance(&self, ms: u64) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = Time::from_nanos(now.as_nanos() + ms * 1_000_000);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.drain(..).for_each(Waker::wake);
    }
}

/// The clock of everybody.
#[derive(Clone, Debug, Default)]
pub struct Shared(pub Arc<Hand>);

impl Clock for Shared {
    fn now(&self) -> Time {
        *self.0.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep_until(&self, at: Time) -> Sleep {
        let clock = self.clone();
        Box::pin(poll_fn(move |cx| {
            if clock.now() >= at {
                return Poll::Ready(());
            }
            clock.0.waiting.lock().unwrap_or_else(PoisonError::into_inner).push(cx.waker().clone());
            Poll::Pending
        }))
    }
}

/// Some networks, and what they have told.
#[derive(Debug, Default)]
pub struct Rig {
    /// The networks; one that was dropped is gone.
    pub nets: BTreeMap<usize, Libp2pNetwork>,
    /// What each has told, in order.
    pub told: Vec<(usize, NetworkEvent)>,
    /// Their clock.
    pub clock: Shared,
    /// Whose requests are not answered.
    pub silent: Vec<usize>,
    next: u64,
}

/// What was refused is added up, to be told at the end.
impl Drop for Rig {
    fn drop(&mut self) {
        let refused = |net: &mut Libp2pNetwork| net.look().refused.all().map(|(_, count)| count).sum::<u64>();
        let refused: u64 = self.nets.values_mut().map(refused).sum();
        raw::note(|tally| tally.refused += refused);
    }
}

/// Runs something on a runtime of its own, on this thread.
///
/// # Panics
///
/// When it breaks a rule, or what it waits for never comes: that is found out by the wall, as a last resort.
pub fn run<T>(what: &str, work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.unwrap_or_else(|why| violated("NW-7", format!("no runtime: {why}")));
    let done = runtime.block_on(async { tokio::time::timeout(PATIENCE, work).await });
    done.unwrap_or_else(|_| {
        violated("NW-3", format!("{what}: what was waited for did not come in {PATIENCE:?}"))
    })
}

/// Settings for tests: short waits on the wall, and gossip that tends its mesh at once.
#[must_use]
pub fn quick() -> Config {
    Config { heartbeat_ms: 50, refresh_ms: 200, ..Config::default() }
}

impl Rig {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.wall().now()
    }

    /// The clock as networks want it.
    pub fn wall(&self) -> WallClock {
        WallClock { clock: Arc::new(self.clock.clone()), origin: START }
    }

    /// Starts a network under a number, which is also the seed of its key.
    pub fn add(&mut self, number: usize, config: &Config) {
        if !self.is_added(number, config) {
            violated("NW-3", format!("it does not start: {:?} is in use", config.listen));
        }
    }

    /// The same, unless its address is in use; tells whether it was started.
    pub fn is_added(&mut self, number: usize, config: &Config) -> bool {
        let key = keypair(number as u64).unwrap_or_else(|why| violated("NW-3", format!("no key: {why}")));
        match Libp2pNetwork::start(config, key, self.wall()) {
            Ok(net) => self.nets.insert(number, net).is_none(),
            Err(StartError::InUse { .. }) => false,
            Err(why) => violated("NW-3", format!("it does not start: {why}")),
        }
    }

    /// A network.
    pub fn net(&mut self, number: usize) -> &mut Libp2pNetwork {
        self.nets.get_mut(&number).unwrap_or_else(|| violated("NW-3", format!("{number} is gone")))
    }

    /// Where a network listens.
    pub async fn address(&mut self, number: usize) -> String {
        let address = self.net(number).listening().await;
        address.unwrap_or_else(|| violated("NW-3", "it listens nowhere"))
    }

    /// By which number others know a network.
    pub fn peer(&mut self, number: usize) -> PeerId {
        self.net(number).number()
    }

    /// The next event of any of them; requests are answered, unless by who is silent.
    pub async fn turn(&mut self) {
        let (who, event) = poll_fn(|cx| self.poll(cx)).await;
        self.note(who, event);
    }

    fn note(&mut self, who: usize, event: NetworkEvent) {
        if let (NetworkEvent::Request { peer, inbound, request }, false) =
            (&event, self.silent.contains(&who))
        {
            self.respond(who, *peer, *inbound, answer(request));
        }
        self.told.push((who, event));
    }

    /// The next event of any of them, or nothing when there is none within a heartbeat of gossip.
    pub async fn turn_or_beat(&mut self) {
        let _ = tokio::time::timeout(Duration::from_millis(60), self.turn()).await;
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<(usize, NetworkEvent)> {
        for (who, net) in &mut self.nets {
            if let Poll::Ready(Some(event)) = net.poll_event(cx) {
                return Poll::Ready((*who, event));
            }
        }
        Poll::Pending
    }

    /// Lets them run until something holds.
    pub async fn until(&mut self, mut holds: impl FnMut(&mut Self) -> bool) {
        while !holds(self) {
            self.turn().await;
        }
    }

    /// Lets them run until something holds that is no event: a count.
    pub async fn until_count(&mut self, mut holds: impl FnMut(&mut Self) -> bool) {
        poll_fn(|cx| {
            loop {
                if holds(self) {
                    return Poll::Ready(());
                }
                let Poll::Ready((who, event)) = self.poll(cx) else { break };
                self.note(who, event);
            }
            if holds(self) {
                return Poll::Ready(());
            }
            Poll::Pending
        })
        .await;
    }

    /// Whether a network has told something.
    pub fn has_told(&self, who: usize, what: impl Fn(&NetworkEvent) -> bool) -> bool {
        self.count(who, what) > 0
    }

    /// How often it has.
    pub fn count(&self, who: usize, what: impl Fn(&NetworkEvent) -> bool) -> usize {
        self.told.iter().filter(|(one, event)| *one == who && what(event)).count()
    }

    /// Whether a network takes another one to be connected.
    pub fn sees(&mut self, who: usize, other: PeerId) -> bool {
        let mut connected = false;
        for (_, event) in self.told.iter().filter(|(one, _)| *one == who) {
            match event {
                NetworkEvent::Connected { peer } if *peer == other => connected = true,
                NetworkEvent::Disconnected { peer } if *peer == other => connected = false,
                _ => {}
            }
        }
        connected
    }

    /// Starts two networks that are connected with each other: 1 has dialled 0.
    pub async fn pair(&mut self, config: &Config) -> (PeerId, PeerId) {
        self.add(0, config);
        let bootstrap = vec![self.address(0).await];
        self.add(1, &Config { bootstrap, ..config.clone() });
        let peers = (self.peer(0), self.peer(1));
        self.until(|rig| rig.sees(0, peers.1) && rig.sees(1, peers.0)).await;
        peers
    }

    /// Lets a network ask; gives the number of the request.
    pub fn ask(&mut self, who: usize, peer: PeerId, message: Request) -> RequestId {
        self.next += 1;
        let request = RequestId(self.next);
        self.net(who).command(NetworkCommand::Request { peer, request, message });
        request
    }

    /// Lets a network answer.
    pub fn respond(&mut self, who: usize, peer: PeerId, inbound: InboundId, responses: Vec<Response>) {
        self.net(who).command(NetworkCommand::Respond { peer, inbound, responses });
    }

    /// Lets a network disconnect a peer.
    pub fn disconnect(&mut self, who: usize, peer: PeerId, reason: GoodbyeReason) {
        self.net(who).command(NetworkCommand::Disconnect { peer, reason });
    }

    /// Waits for what comes of a request.
    pub async fn outcome(&mut self, who: usize, request: RequestId) -> alys_sync::network::Outcome {
        self.until(|rig| rig.has_told(who, |event| is_response(event, request))).await;
        let outcomes = self.told.iter().filter_map(|(one, event)| match event {
            NetworkEvent::Response { request: of, outcome, .. } if *one == who && *of == request => {
                Some(outcome.clone())
            }
            _ => None,
        });
        let outcomes: Vec<_> = outcomes.collect();
        match outcomes.as_slice() {
            [one] => one.clone(),
            several => violated("NW-6", format!("one request has come to {several:?}")),
        }
    }

    /// How often a network has refused something.
    pub fn refused(&mut self, who: usize, refusal: Refusal) -> u64 {
        self.net(who).look().refused.of(refusal)
    }
}

/// Whether an event is what comes of a request.
#[must_use]
pub fn is_response(event: &NetworkEvent, request: RequestId) -> bool {
    matches!(event, NetworkEvent::Response { request: of, .. } if *of == request)
}

/// What an honest peer answers.
#[must_use]
pub fn answer(request: &Request) -> Vec<Response> {
    let success = |body| vec![Response::Success(body)];
    match request {
        Request::Status(_) => success(ResponseBody::Status(Status { head_slot: 77, ..Status::default() })),
        Request::Goodbye(_) => success(ResponseBody::Goodbye(GoodbyeReason::ClientShutdown)),
        Request::Ping(number) => success(ResponseBody::Ping(number + 1)),
        Request::MetaData => {
            success(ResponseBody::MetaData(MetaData { sequence: 5, topics: TopicBits::default() }))
        }
        Request::BlocksByRange(range) => (0..range.count).map(|_| block()).collect(),
        Request::BlocksByRoot(roots) => roots.iter().map(|_| block()).collect(),
    }
}

/// A block, as an answer.
#[must_use]
pub fn block() -> Response {
    Response::Success(ResponseBody::Block(Box::new(certified())))
}

/// A block of some chain.
#[must_use]
pub fn certified() -> CertifiedBlock {
    static TRUTH: OnceLock<Option<CertifiedBlock>> = OnceLock::new();
    let made = TRUTH.get_or_init(|| {
        let truth = Truth::ideal(&TruthPlan { blocks: 3, ..TruthPlan::default() }).ok()?;
        truth.canonical(3).map(|block| CertifiedBlock::clone(&block.block))
    });
    made.clone().unwrap_or_else(|| violated("NW-6", "there is no block to answer with"))
}
