//! A network of TCP connections as a node sees it: one link between each two nodes, and a connection of its own for each request, as a
//! multiplexed transport has a stream for each.
//!
//! A node with a smaller number dials the link to one with a larger number, again and again. A link has no content: it is there, or it has
//! ended. Nothing is published on topics.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use alys_sync::{
    engine::RequestId,
    network::{InboundId, Network, NetworkCommand, NetworkEvent, Outcome},
    peer::PeerId,
    shell::WallClock,
};
use alys_wire::message::Response;
use tokio::{
    sync::{mpsc, oneshot},
    task::{JoinHandle, spawn_local},
};

use super::streams;

/// How long whoever has lost a link waits before it dials again.
const REDIAL: Duration = Duration::from_millis(1_500);

/// A task that ends with whoever has started it.
#[derive(Debug)]
pub(super) struct Task(JoinHandle<()>);

impl Task {
    pub(super) fn new(work: impl Future<Output = ()> + 'static) -> Self {
        Task(spawn_local(work))
    }

    pub(super) fn is_running(&self) -> bool {
        !self.0.is_finished()
    }
}

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// What the tasks of a network share.
pub(super) struct Shared {
    pub(super) me: PeerId,
    clock: WallClock,
    tell: mpsc::UnboundedSender<NetworkEvent>,
    inside: RefCell<Inside>,
}

#[derive(Default)]
struct Inside {
    /// What ends the link with a peer.
    links: BTreeMap<PeerId, (u64, oneshot::Sender<()>)>,
    /// What is asked of whom.
    asked: BTreeMap<RequestId, (PeerId, Task)>,
    /// Where answers go.
    inbound: BTreeMap<InboundId, oneshot::Sender<Vec<Response>>>,
    bans: BTreeMap<PeerId, u64>,
    number: u64,
}

/// The network of one node.
pub(super) struct TcpNetwork {
    shared: Rc<Shared>,
    told: mpsc::UnboundedReceiver<NetworkEvent>,
    /// The listener, and who dials.
    _tasks: Vec<Task>,
}

impl TcpNetwork {
    /// Listens, and dials those of the others that have larger numbers.
    pub(super) fn new(me: PeerId, others: &[PeerId], clock: &WallClock) -> Self {
        let (tell, told) = mpsc::unbounded_channel();
        let shared = Rc::new(Shared { me, clock: clock.clone(), tell, inside: RefCell::default() });
        let mut tasks = vec![Task::new(streams::listen(Rc::clone(&shared)))];
        for other in others.iter().filter(|other| **other > me) {
            tasks.push(Task::new(dial(Rc::clone(&shared), *other)));
        }
        TcpNetwork { shared, told, _tasks: tasks }
    }
}

async fn dial(shared: Rc<Shared>, peer: PeerId) {
    loop {
        if !shared.is_banned(peer)
            && let Ok(link) = streams::link(shared.me, peer).await
        {
            shared.linked(peer, link).await;
        }
        let clock = &shared.clock.clock;
        clock.sleep_until(clock.now().saturating_add(REDIAL)).await;
    }
}

impl Shared {
    pub(super) fn tell(&self, event: NetworkEvent) {
        // Whoever does not listen any more has ended.
        let _ = self.tell.send(event);
    }

    pub(super) fn is_banned(&self, peer: PeerId) -> bool {
        self.inside.borrow().bans.get(&peer).is_some_and(|until| self.clock.now() < *until)
    }

    pub(super) fn is_linked(&self, peer: PeerId) -> bool {
        self.inside.borrow().links.contains_key(&peer)
    }

    /// Keeps a link until it ends, or is ended. A newer one takes the place of an older one that has not noticed its end.
    pub(super) async fn linked(&self, peer: PeerId, link: turmoil::net::TcpStream) {
        self.unlink(peer);
        let (end, ended) = oneshot::channel();
        let number = self.next_number();
        self.inside.borrow_mut().links.insert(peer, (number, end));
        self.tell(NetworkEvent::Connected { peer });
        streams::until_closed(link, ended).await;
        let is_mine = self.inside.borrow().links.get(&peer).is_some_and(|(of, _)| *of == number);
        if is_mine {
            self.unlink(peer);
        }
    }

    /// Ends the link with a peer, and all that was asked of it.
    fn unlink(&self, peer: PeerId) {
        let mut inside = self.inside.borrow_mut();
        if inside.links.remove(&peer).is_some() {
            inside.asked.retain(|_, (of, _)| *of != peer);
            self.tell(NetworkEvent::Disconnected { peer });
        }
    }

    fn next_number(&self) -> u64 {
        let mut inside = self.inside.borrow_mut();
        inside.number += 1;
        inside.number
    }

    /// What a request has come to, unless it is forgotten.
    fn answered(&self, peer: PeerId, request: RequestId, outcome: Outcome) {
        if self.inside.borrow_mut().asked.remove(&request).is_some() {
            self.tell(NetworkEvent::Response { peer, request, outcome });
        }
    }

    /// A peer has asked something: where the answer comes.
    pub(super) fn asks(&self) -> (InboundId, oneshot::Receiver<Vec<Response>>) {
        let (inbound, (answer, answered)) = (InboundId(self.next_number()), oneshot::channel());
        self.inside.borrow_mut().inbound.insert(inbound, answer);
        (inbound, answered)
    }
}

impl Network for TcpNetwork {
    fn command(&mut self, command: NetworkCommand) {
        match command {
            NetworkCommand::Request { peer, request, message } => {
                let shared = Rc::clone(&self.shared);
                let task = Task::new(async move {
                    let outcome = match shared.is_linked(peer) {
                        true => streams::ask(shared.me, peer, &message).await,
                        false => Outcome::Unavailable,
                    };
                    shared.answered(peer, request, outcome);
                });
                self.shared.inside.borrow_mut().asked.insert(request, (peer, task));
            }
            NetworkCommand::Cancel { request, .. } => {
                self.shared.inside.borrow_mut().asked.remove(&request);
            }
            NetworkCommand::Respond { inbound, responses, .. } => {
                if let Some(answer) = self.shared.inside.borrow_mut().inbound.remove(&inbound) {
                    // A peer that has gone needs no answer.
                    let _ = answer.send(responses);
                }
            }
            NetworkCommand::Publish { .. } => {}
            NetworkCommand::Disconnect { peer, .. } => self.shared.unlink(peer),
            NetworkCommand::Ban { peer, until } => {
                self.shared.inside.borrow_mut().bans.insert(peer, until);
            }
        }
    }

    fn poll_event(&mut self, cx: &mut Context<'_>) -> Poll<Option<NetworkEvent>> {
        self.told.poll_recv(cx)
    }
}
