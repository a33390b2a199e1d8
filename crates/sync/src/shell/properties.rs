//! Two actors, and a cable between them.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use actix_rt::System;
use alys_actor::TokioClock;
use alys_actor::mailbox::{Clock, Lane, Sender};
use alys_actor::supervised::{Adopted, HookError, adopt, keep_time};
use alys_actor::supervision::{Supervision, SupervisionConfig};
use alys_chain::scheme::Ideal;
use alys_chain::transition::Transfers;
use alys_wire::containers::BlockBody;

use super::{Order, Outlook, SyncActor, WallClock};
use crate::config::Settings;
use crate::engine::RequestId;
use crate::gate::{Closed, Gate};
use crate::network::{InboundId, Network, NetworkCommand, NetworkEvent, Outcome};
use crate::node::SyncNode;
use crate::node::properties::truth::{Brittle, Nothing, Truth};
use crate::peer::PeerId;
use crate::state::SyncState;

/// What has come out of one end of the cable, and who waits for it.
#[derive(Default)]
struct End {
    events: VecDeque<NetworkEvent>,
    waker: Option<Waker>,
}

/// One side of a cable: its peer has the other one.
struct Cable {
    peer: PeerId,
    here: Rc<RefCell<End>>,
    there: Rc<RefCell<End>>,
}

impl Cable {
    /// The same side once more, as a new connection.
    fn again(&self) -> Cable {
        let peer = self.peer;
        self.here.borrow_mut().events.push_back(NetworkEvent::Connected { peer });
        Cable { peer, here: Rc::clone(&self.here), there: Rc::clone(&self.there) }
    }
}

fn cable() -> (Cable, Cable) {
    let ends = [0, 1].map(|_| Rc::new(RefCell::new(End::default())));
    let side = |peer: u64, here: usize| Cable {
        peer: PeerId(peer),
        here: Rc::clone(&ends[here]),
        there: Rc::clone(&ends[1 - here]),
    };
    for (peer, end) in [(1, &ends[0]), (0, &ends[1])] {
        end.borrow_mut().events.push_back(NetworkEvent::Connected { peer: PeerId(peer) });
    }
    (side(1, 0), side(0, 1))
}

impl Network for Cable {
    fn command(&mut self, command: NetworkCommand) {
        let peer = PeerId(1 - self.peer.0);
        let event = match command {
            NetworkCommand::Request { request, message, .. } => {
                NetworkEvent::Request { peer, inbound: InboundId(request.0), request: message }
            }
            NetworkCommand::Respond { inbound, responses, .. } => {
                let outcome = Outcome::Answered(responses);
                NetworkEvent::Response { peer, request: RequestId(inbound.0), outcome }
            }
            _ => return,
        };
        let mut there = self.there.borrow_mut();
        there.events.push_back(event);
        if let Some(waker) = there.waker.take() {
            waker.wake();
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>> {
        let mut here = self.here.borrow_mut();
        match here.events.pop_front() {
            Some(event) => Poll::Ready(Some(event)),
            None => {
                here.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

type Node = SyncNode<Ideal, Transfers, Nothing>;

fn supervised(
    supervision: &Supervision,
    name: &str,
    clock: &WallClock,
    outlook: Outlook,
    node: Node,
    network: Cable,
) -> Sender<Order, Result<(), Closed>> {
    let (clock, mut parts) = (clock.clone(), Some((node, network)));
    adopt(supervision, Adopted::new(name, "root"), move || {
        let parts = parts.take().unwrap();
        SyncActor::new(clock.clone(), outlook.clone(), move || Ok(parts))
    })
    .unwrap()
}

/// SY-4, SY-5: its consumer is told of every change, and of the end.
///
/// Engine: actor
#[test]
fn an_actor_syncs_and_tells_when_the_gate_opens_and_that_it_has_closed() {
    System::new().block_on(async {
        let truth = Truth::new(300);
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
        let wall = WallClock { clock: Arc::clone(&clock), origin: truth.now() };
        let supervision = Supervision::new(&SupervisionConfig::default(), clock).unwrap();
        actix_rt::spawn(keep_time(supervision.clone()));

        let settings = Settings { sample: 1, ..Settings::default() };
        let (one, other) = cable();
        let ((outlook, mut gate, state), (others, ..)) = (Outlook::new(), Outlook::new());
        let sync = supervised(&supervision, "fresh", &wall, outlook.clone(), truth.node(0, settings), one);
        let full = supervised(&supervision, "full", &wall, others, truth.node(300, settings), other);
        supervision.start("root").unwrap();
        assert_eq!(*gate.borrow(), Gate::Closed(Closed::Unknown));
        gate.wait_for(|gate| *gate == Gate::Open).await.unwrap();
        assert_eq!(*state.borrow(), SyncState::Synced);

        let proposed = sync.ask((Lane::Normal, Order::Propose(BlockBody::default()))).await;
        assert_eq!(proposed, Ok(Ok(())), "the gate is open, and the node is no authority");
        supervision.shut_down(std::time::Duration::from_secs(5), std::time::Duration::from_secs(5));
        supervision.ended().await.unwrap();
        drop(full);
        assert_eq!(*gate.borrow(), Gate::Closed(Closed::Failed));
    });
}

/// SY-9: when the chain cannot be made durable any more, the actor fails, and the next one opens it again.
///
/// Engine: actor
#[test]
fn an_actor_whose_medium_fails_is_followed_by_another() {
    System::new().block_on(async {
        let truth = Rc::new(Truth::new(300));
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
        let wall = WallClock { clock: Arc::clone(&clock), origin: truth.now() };
        let supervision = Supervision::new(&SupervisionConfig::default(), clock).unwrap();
        actix_rt::spawn(keep_time(supervision.clone()));

        let settings = Settings { sample: 1, ..Settings::default() };
        let (one, other) = cable();
        let ((outlook, mut gate, state), (others, ..)) = (Outlook::new(), Outlook::new());
        let (opened, counted) = (Rc::new(Cell::new(0)), Rc::new(RefCell::new(Vec::new())));
        let (openings, seen, blocks, at) =
            (Rc::clone(&opened), Rc::clone(&counted), Rc::clone(&truth), wall.clone());
        let sync = adopt(&supervision, Adopted::new("fresh", "root"), move || {
            openings.set(openings.get() + 1);
            seen.borrow_mut().push(*state.borrow());
            let (blocks, cable) = (Rc::clone(&blocks), one.again());
            match openings.get() {
                1 => SyncActor::new(at.clone(), outlook.clone(), move || {
                    Err::<(Node, Cable), _>(HookError::new("no disk"))
                }),
                2 => SyncActor::new(at.clone(), outlook.clone(), move || {
                    Ok((blocks.node_on(Brittle { commits: 120 }, &[], settings), cable))
                }),
                _ => SyncActor::new(at.clone(), outlook.clone(), move || {
                    Ok((blocks.node(100, settings), cable))
                }),
            }
        })
        .unwrap();
        let full = supervised(&supervision, "full", &wall, others, truth.node(300, settings), other);
        supervision.start("root").unwrap();
        gate.wait_for(|gate| *gate == Gate::Open).await.unwrap();
        assert_eq!(opened.get(), 3);
        assert_eq!(counted.borrow()[2], SyncState::Failed, "what had failed said so");
        drop((sync, full));
    });
}

/// SY-5: the actor wakes up by itself when a tip ceases to be fresh.
///
/// Engine: actor
#[test]
fn an_actor_closes_the_gate_when_time_passes() {
    System::new().block_on(async {
        tokio::time::pause();
        let truth = Truth::new(50);
        let clock: Arc<dyn Clock> = Arc::new(TokioClock::new());
        let wall = WallClock { clock: Arc::clone(&clock), origin: truth.now() };
        let supervision = Supervision::new(&SupervisionConfig::default(), clock).unwrap();
        let settings = Settings { sample: 2, freshness_slots: 10, ..Settings::default() };
        let (one, other) = cable();
        let ((outlook, mut gate, _), (others, ..)) = (Outlook::new(), Outlook::new());
        let fresh = supervised(&supervision, "fresh", &wall, outlook, truth.node(0, settings), one);
        let full = supervised(&supervision, "full", &wall, others, truth.node(50, settings), other);
        supervision.start("root").unwrap();
        gate.wait_for(|gate| *gate == Gate::Open).await.unwrap();
        gate.wait_for(|gate| *gate == Gate::Closed(Closed::Unknown)).await.unwrap();
        // A timer fires with the first millisecond that is not before its time.
        let passed = wall.now() - truth.now();
        assert!((22_000..22_003).contains(&passed), "{passed}: the eleventh slot after the tip's begins");
        drop((fresh, full));
    });
}
