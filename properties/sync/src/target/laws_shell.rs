//! The actor around a node: its turns, its timers, its mailbox, and what is told of it (SY-5, SY-9, SY-10).
//!
//! All of it runs in paused time: whoever waits for something that never comes waits no longer than a moment.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use actix_rt::System;
use alys_actor::TokioClock;
use alys_actor::mailbox::{Clock, Lane, Sender};
use alys_actor::supervised::{Adopted, HookError, adopt, keep_time};
use alys_actor::supervision::{Supervision, SupervisionConfig};
use alys_chain::engine::{Event, Signatures};
use alys_chain::scheme::Ideal;
use alys_engines::violation::{check_eq, violated};
use alys_wire::containers::{BlockBody, SignedBlock};
use alys_wire::gossip::GossipMessage;
use alys_wire::message::{Request, Status};
use tokio::sync::watch;

use super::alys::config::Settings;
use super::alys::gate::{Closed, Gate};
use super::alys::network::{InboundId, NetworkEvent};
use super::alys::peer::PeerId;
use super::alys::shell::{Order, Outlook, SyncActor, WallClock};
use super::alys::simulated::{Journal, Truth, TruthPlan};
use super::alys::state::SyncState;
use super::laws_serve::{Served, node_of};
use super::line::Line;

/// What is told of an actor that has ended.
const FAILED: (Gate, SyncState) = (Gate::Closed(Closed::Failed), SyncState::Failed);

/// How long is waited for what must come, in milliseconds of paused time.
const PATIENCE: u64 = 600_000;

/// A node in its actor, whom it talks to, and what others are told of it.
struct Played {
    truth: Rc<Truth<Ideal>>,
    line: Line,
    journal: Journal,
    clock: WallClock,
    orders: Sender<Order, Result<(), Closed>>,
    gate: watch::Receiver<Gate>,
    state: watch::Receiver<SyncState>,
    /// What was told when it was opened each time.
    seen: Rc<RefCell<Vec<(Gate, SyncState)>>>,
    supervision: Supervision,
}

/// What a scenario begins with.
struct Beginning {
    /// The height that the node has, and the height that its peers have.
    heights: (u64, u64),
    /// The time, in milliseconds after the slot of the peers' tip begins.
    after_ms: i64,
    settings: Settings,
    /// Which authority it is, if it is one.
    identity: bool,
    /// How many times it cannot be opened.
    closed_doors: u64,
}

impl Default for Beginning {
    fn default() -> Self {
        let settings = Settings { sample: 1, request_timeout: 700, ..Settings::default() };
        Beginning { heights: (20, 20), after_ms: 300, settings, identity: false, closed_doors: 0 }
    }
}

fn paused<T>(scenario: impl Future<Output = T>) -> T {
    System::new().block_on(async {
        tokio::time::pause();
        scenario.await
    })
}

async fn passes(ms: u64) {
    let clock = TokioClock::new();
    clock.sleep_until(clock.now().saturating_add(Duration::from_millis(ms))).await;
}

/// Puts a node in its actor, and starts it.
fn begun(beginning: Beginning) -> Played {
    let plan = TruthPlan { blocks: 40, ..TruthPlan::default() };
    let truth = Truth::ideal(&plan).unwrap_or_else(|error| violated("NW-5", format!("no truth: {error}")));
    let truth = Rc::new(truth);
    let (own, theirs) = beginning.heights;
    let begins = truth.starts(theirs).unwrap_or_default();
    let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
    let clock_of =
        WallClock { clock: Arc::clone(&clock), origin: begins.saturating_add_signed(beginning.after_ms) };
    let journal = Journal::new(truth.config(), truth.genesis());
    let mut first = node_of(&truth, &journal, beginning.settings, None);
    for height in 1..=own {
        drop(first.chain_event(import(&truth, height), clock_of.now()));
    }
    let slot = truth.config().clock.slot_at(clock_of.now() / 1_000).unwrap_or_default();
    let identity = beginning.identity.then(|| truth.authorities().proposer(slot));
    let supervision = Supervision::new(&SupervisionConfig::default(), clock).expect("the defaults");
    actix_rt::spawn(keep_time(supervision.clone()));
    let (outlook, gate, state) = Outlook::new();
    let seen = Rc::new(RefCell::new(Vec::new()));
    let (seen_then, gate_then, state_then) = (Rc::clone(&seen), gate.clone(), state.clone());
    let (line, opened) = (Line::new(&truth, theirs, &clock_of), Cell::new(0));
    let parts = (Rc::clone(&truth), journal.clone(), line.clone(), clock_of.clone());
    let orders = adopt(&supervision, Adopted::new("sync", "root"), move || {
        let (truth, journal, line, clock) = parts.clone();
        opened.set(opened.get() + 1);
        seen_then.borrow_mut().push((*gate_then.borrow(), *state_then.borrow()));
        let is_shut = opened.get() <= beginning.closed_doors;
        let settings = beginning.settings;
        SyncActor::new(clock, outlook.clone(), move || {
            if is_shut {
                return Err(HookError::new("no disk"));
            }
            journal.repair();
            let node: Served = node_of(&truth, &journal, settings, identity);
            line.opened();
            Ok((node, line))
        })
    });
    let orders = orders.unwrap_or_else(|error| violated("SY-9", format!("no actor: {error}")));
    supervision.start("root").unwrap_or_else(|error| violated("SY-9", format!("no start: {error}")));
    Played { truth, line, journal, clock: clock_of, orders, gate, state, seen, supervision }
}

fn import(truth: &Truth<Ideal>, height: u64) -> Event {
    let block = truth.canonical(height).map(|block| Arc::clone(&block.block)).expect("a block of the truth");
    Event::Import { block, signatures: Signatures::Verified }
}

impl Played {
    /// Waits until the gate is so; says whether it came to that.
    async fn comes_to(&mut self, wanted: Gate) -> bool {
        let waited =
            tokio::time::timeout(Duration::from_millis(PATIENCE), self.gate.wait_for(|gate| *gate == wanted));
        matches!(waited.await, Ok(Ok(_)))
    }

    async fn order(&self, order: Order) -> Option<Result<(), Closed>> {
        let asked = self.orders.ask((Lane::Normal, order));
        let waited = tokio::time::timeout(Duration::from_millis(PATIENCE), asked);
        waited.await.ok().and_then(Result::ok)
    }

    /// The slot of the tip that it tells when it is asked now.
    async fn tip(&self) -> Option<u64> {
        let before = self.line.slots().len();
        let asks = NetworkEvent::Request {
            peer: PeerId(500 + before as u64),
            inbound: InboundId(1),
            request: Request::Status(Status::default()),
        };
        self.line.brings([asks]);
        passes(1).await;
        self.line.slots().get(before).copied()
    }

    fn slot(&self, height: u64) -> Option<u64> {
        self.truth.canonical(height).map(|block| block.slot())
    }
}

/// What is due happens when it is due, also when it has become due earlier than what was waited for.
pub fn timers_are_exact() -> u64 {
    let (said, polls) = paused(async {
        let played = begun(Beginning::default());
        played.line.answers(false);
        passes(100).await;
        played.line.brings([NetworkEvent::Connected { peer: PeerId(1) }]);
        passes(12_000).await;
        (played.line.said(), played.line.polls())
    });
    let expected =
        [(100, "ask 1"), (800, "cancel 1"), (5_800, "ask 1"), (6_500, "cancel 1"), (11_500, "ask 1")];
    // A timer fires with the first millisecond that is not before its time, and the next one counts from there.
    let is_so = said.len() >= expected.len()
        && expected
            .iter()
            .zip(&said)
            .all(|((at, what), (was, said))| what == said && (*at..*at + 8).contains(was));
    if !is_so {
        violated(
            "SY-10",
            format!("a peer that never answers is asked and given up at {said:?}, expected is {expected:?}"),
        );
    }
    check_eq("SY-10", "whether it sleeps while nothing is due", &true, &(polls < 100));
    expected.len() as u64
}

/// When a slot begins the chain is told: what has waited for it is taken then, and not before.
pub fn slots_begin_in_time() -> u64 {
    let (before, after, slots) = paused(async {
        let played = begun(Beginning { heights: (20, 21), after_ms: -1_000, ..Beginning::default() });
        let next = played.truth.canonical(21).expect("a block of the truth");
        let proposal = Box::new(SignedBlock::clone(&next.block.signed_block));
        let approvals = next.approvals.iter().cloned().map(GossipMessage::ApproveBlock);
        let messages = std::iter::once(GossipMessage::ConsensusBlock(proposal)).chain(approvals);
        played.line.brings(messages.map(|message| NetworkEvent::Gossip { peer: PeerId(1), message }));
        passes(990).await;
        let before = played.tip().await;
        passes(12).await;
        (before, played.tip().await, (played.slot(20), played.slot(21)))
    });
    check_eq("SY-4", "the tip before its slot begins, and after", &slots, &(before, after));
    2
}

/// However much comes at once all of it is handled, and the mailbox has its turn while more and more comes.
pub fn floods_are_survived() -> u64 {
    let many = 1_000;
    let answered = paused(async {
        let played = begun(Beginning::default());
        passes(1).await;
        let asks = |peer: u64| NetworkEvent::Request {
            peer: PeerId(peer),
            inbound: InboundId(peer),
            request: Request::Status(Status::default()),
        };
        played.line.brings((1..=many).map(asks));
        passes(1).await;
        played.line.slots().len() as u64
    });
    check_eq("SY-1", "how many of those who ask at once are answered", &many, &answered);
    let (reply, polls) = paused(async {
        let played = begun(Beginning::default());
        passes(1).await;
        played.line.floods(true);
        let reply = played.order(Order::Propose(BlockBody::default())).await;
        (reply, played.line.flooded())
    });
    check_eq("SY-5", "the answer to an order in a flood", &Some(Err(Closed::Unknown)), &reply);
    check_eq("SY-1", "whether it was a flood that would have ended by itself", &true, &(polls < Line::MOST));
    many
}

/// An actor that ends, for whatever reason, closes the gate; the next one opens what is durable.
pub fn the_gate_closes_with_the_actor() -> u64 {
    let (course, seen) = paused(async {
        let mut played = begun(Beginning { closed_doors: 1, ..Beginning::default() });
        played.line.brings([NetworkEvent::Connected { peer: PeerId(1) }]);
        let mut course = vec![played.comes_to(Gate::Open).await, *played.state.borrow() == SyncState::Synced];
        played.line.ends();
        passes(60_000).await;
        played.line.brings([NetworkEvent::Connected { peer: PeerId(2) }]);
        course.push(played.comes_to(Gate::Open).await);
        course.push(*played.state.borrow() == SyncState::Synced);
        played.supervision.shut_down(Duration::from_secs(5), Duration::from_secs(5));
        course.push(played.comes_to(FAILED.0).await);
        let seen = played.seen.borrow().clone();
        (course, seen)
    });
    check_eq("SY-5", "open, open again, and shut down", &vec![true; 5], &course);
    let first = (Gate::Closed(Closed::Unknown), SyncState::Idle);
    check_eq("SY-9", "what was told whenever it was opened", &vec![first, FAILED, FAILED], &seen);
    3
}

/// When the medium fails, by what comes from peers or by an order, the actor fails, and the next one has what is durable.
pub fn media_that_fail_end_the_actor() -> u64 {
    for by_order in [false, true] {
        let (durable, seen, tip) = paused(async {
            let played = begun(Beginning { heights: (20, 24), ..Beginning::default() });
            passes(1).await;
            played.journal.fail_after(u64::from(by_order), false);
            if by_order {
                let taken = played.order(Order::Chain(Box::new(import(&played.truth, 21)))).await;
                let failed = played.order(Order::Chain(Box::new(import(&played.truth, 22)))).await;
                check_eq(
                    "SY-9",
                    "orders before and after the medium fails",
                    &(Some(Ok(())), None),
                    &(taken, failed),
                );
            } else {
                played.line.brings([NetworkEvent::Connected { peer: PeerId(1) }]);
            }
            passes(60_000).await;
            let durable = played.truth.block(&played.journal.head()).map(|block| block.height());
            played.line.brings([NetworkEvent::Connected { peer: PeerId(2) }]);
            passes(1_000).await;
            let tip = played.tip().await == played.slot(24);
            let seen = played.seen.borrow().clone();
            (durable, seen, tip)
        });
        let expected = Some(20 + u64::from(by_order));
        check_eq("SY-9", &format!("what is durable (by an order: {by_order})"), &expected, &durable);
        check_eq("SY-9", "what was told when it was opened again", &Some(&FAILED), &seen.get(1));
        check_eq(
            "SY-9",
            "how often it was opened, and whether it came to the tip",
            &(2, true),
            &(seen.len(), tip),
        );
    }
    2
}

/// Orders are carried out at once and answered, what they change is told, and what they send is sent.
pub fn orders_are_carried_out() -> u64 {
    let (closed, course) = paused(async {
        let settings = Settings { max_lag_blocks: 0, ..Beginning::default().settings };
        let played = begun(Beginning { heights: (20, 23), settings, ..Beginning::default() });
        played.line.ranges(false);
        played.line.brings([NetworkEvent::Connected { peer: PeerId(1) }]);
        passes(10).await;
        let closed = played.order(Order::Propose(BlockBody::default())).await;
        let mut course = Vec::new();
        for height in [21, 22, 23] {
            let taken = played.order(Order::Chain(Box::new(import(&played.truth, height)))).await;
            course.push((taken, *played.gate.borrow()));
        }
        (closed, course)
    });
    let behind = |lag: u64| Closed::Behind { lag, target: 23 };
    check_eq("SY-5", "why nothing is proposed", &Some(Err(behind(3))), &closed);
    let lags = [Gate::Closed(behind(2)), Gate::Closed(behind(1)), Gate::Open];
    let expected: Vec<_> = lags.map(|gate| (Some(Ok(())), gate)).into();
    check_eq("SY-5", "the answers to orders, and the gate that is told then", &expected, &course);
    let (proposed, published) = paused(async {
        let mut played =
            begun(Beginning { heights: (20, 20), after_ms: 2_100, identity: true, ..Beginning::default() });
        played.line.brings([NetworkEvent::Connected { peer: PeerId(1) }]);
        let open = played.comes_to(Gate::Open).await;
        let proposed = played.order(Order::Propose(BlockBody::default())).await;
        let published = played.line.said().into_iter().filter(|(_, what)| what == "publish").count();
        let now = played.clock.now();
        (proposed.filter(|_| open), (published, now > 0))
    });
    check_eq("SY-5", "the answer to whose turn it is", &Some(Ok(())), &proposed);
    check_eq("SY-5", "whether the proposal and the approval are published", &(2, true), &published);
    4
}

/// What has changed is told once, and what has not is not told.
pub fn changes_are_told_once() -> u64 {
    let (outlook, mut gate, mut state) = Outlook::new();
    let beginning = (Gate::Closed(Closed::Unknown), SyncState::Idle);
    check_eq("SY-5", "what is told at first", &beginning, &(*gate.borrow(), *state.borrow()));
    let behind = Gate::Closed(Closed::Behind { lag: 3, target: 9 });
    let course = [
        (SyncState::Idle, Gate::Closed(Closed::Unknown), (false, false)),
        (SyncState::Synced, Gate::Closed(Closed::Unknown), (true, false)),
        (SyncState::Synced, Gate::Open, (false, true)),
        (SyncState::Synced, Gate::Open, (false, false)),
        (SyncState::Downloading, behind, (true, true)),
        (SyncState::Failed, Gate::Closed(Closed::Failed), (true, true)),
        (SyncState::Failed, Gate::Closed(Closed::Failed), (false, false)),
    ];
    for (said, gated, changes) in course {
        outlook.publish(said, gated);
        let changed = (state.has_changed().unwrap_or(false), gate.has_changed().unwrap_or(false));
        check_eq("SY-5", &format!("what is new with {said:?} and {gated:?}"), &changes, &changed);
        check_eq(
            "SY-5",
            "what is told",
            &(said, gated),
            &(*state.borrow_and_update(), *gate.borrow_and_update()),
        );
    }
    let again = outlook.clone();
    drop(outlook);
    again.publish(SyncState::Synced, Gate::Open);
    check_eq(
        "SY-5",
        "what another end tells",
        &(SyncState::Synced, Gate::Open),
        &(*state.borrow(), *gate.borrow()),
    );
    course.len() as u64
}
