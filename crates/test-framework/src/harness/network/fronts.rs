//! What lies between nodes on a real network: each is behind a front that delays, breaks and refuses by a plan.

use std::{collections::BTreeMap, io, sync::Arc};

use fastrand::Rng;
use parking_lot::Mutex;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{AbortHandle, JoinSet},
};

use super::{
    clock::HandClock,
    ground::{Harm, Links, is_cut},
};

/// The largest piece that is passed on at once.
const PIECE: usize = 16 * 1024;

/// The fronts of a network.
#[derive(Debug)]
pub(super) struct Fronts {
    shared: Arc<Shared>,
    /// Where each node is reached.
    places: BTreeMap<usize, u16>,
    /// Those who take connections. They end with this.
    accepting: JoinSet<()>,
}

#[derive(Debug)]
struct Shared {
    clock: HandClock,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    seed: u64,
    /// Which node listens on which port; it dials from there as well, which is how it is known.
    ports: BTreeMap<u16, usize>,
    groups: Option<&'static [&'static [usize]]>,
    links: Links,
    harm: Harm,
    /// The connections: between whom, and how to break them.
    cables: BTreeMap<u64, (usize, usize, AbortHandle)>,
    next: u64,
}

impl State {
    fn is_cut(&self, one: usize, other: usize) -> bool {
        self.groups.is_some_and(|groups| is_cut(groups, one, other))
    }

    fn port_of(&self, node: usize) -> Option<u16> {
        self.ports.iter().find(|(_, who)| **who == node).map(|(port, _)| *port)
    }
}

impl Fronts {
    /// No front yet; the seed decides what breaks and how long things take.
    pub(super) fn new(seed: u64, clock: HandClock) -> Self {
        let state = State {
            seed,
            ports: BTreeMap::new(),
            groups: None,
            links: Links::default(),
            harm: Harm::default(),
            cables: BTreeMap::new(),
            next: 0,
        };
        let shared = Arc::new(Shared { clock, state: Mutex::new(state) });
        Fronts { shared, places: BTreeMap::new(), accepting: JoinSet::new() }
    }

    /// The port at which a node is reached, from the first time that it is asked for.
    pub(super) async fn place(&mut self, node: usize) -> io::Result<u16> {
        if let Some(port) = self.places.get(&node) {
            return Ok(*port);
        }
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let port = listener.local_addr()?.port();
        self.places.insert(node, port);
        let shared = Arc::clone(&self.shared);
        self.accepting.spawn(async move {
            while let Ok((dialler, from)) = listener.accept().await {
                shared.take(node, dialler, from.port());
            }
        });
        Ok(port)
    }

    /// A node listens on a port.
    pub(super) fn listens(&self, node: usize, port: u16) {
        let mut state = self.shared.state.lock();
        state.ports.retain(|_, who| *who != node);
        state.ports.insert(port, node);
    }

    /// A node listens nowhere any more.
    pub(super) fn is_gone(&self, node: usize) {
        self.shared.state.lock().ports.retain(|_, who| *who != node);
    }

    /// Breaks all connections between groups, and refuses new ones.
    pub(super) fn partition(&self, groups: &'static [&'static [usize]]) {
        let mut state = self.shared.state.lock();
        state.groups = Some(groups);
        let State { cables, harm, .. } = &mut *state;
        cables.retain(|_, (one, other, handle)| {
            let cut = is_cut(groups, *one, *other);
            if cut && !handle.is_finished() {
                handle.abort();
                harm.cut += 1;
            }
            !cut && !handle.is_finished()
        });
    }

    /// Joins all groups.
    pub(super) fn heal(&self) {
        self.shared.state.lock().groups = None;
    }

    /// Lets links do something else.
    pub(super) fn links(&self, links: Links) {
        self.shared.state.lock().links = links;
    }

    /// What was done.
    pub(super) fn harm(&self) -> Harm {
        self.shared.state.lock().harm
    }
}

impl Drop for Fronts {
    fn drop(&mut self) {
        for (_, _, handle) in self.shared.state.lock().cables.values() {
            handle.abort();
        }
    }
}

impl Shared {
    /// Somebody dials a node. Whoever is not known, or is cut off, is hung up on.
    fn take(self: &Arc<Self>, to: usize, dialler: TcpStream, port: u16) {
        // What is broken is reset: a port that waits for its end would keep its node from dialling again.
        if dialler.set_zero_linger().is_err() || dialler.set_nodelay(true).is_err() {
            return;
        }
        let mut state = self.state.lock();
        let Some(from) = state.ports.get(&port).copied() else { return };
        if state.is_cut(from, to) {
            state.harm.cut += 1;
            return;
        }
        let Some(target) = state.port_of(to) else { return };
        let number = state.next;
        state.next += 1;
        let rng = Rng::with_seed(state.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let cable = tokio::spawn(Arc::clone(self).carry(dialler, target, rng));
        state.cables.insert(number, (from, to, cable.abort_handle()));
    }

    /// Passes on what both sides say, until one of them breaks or both have ended.
    async fn carry(self: Arc<Self>, dialler: TcpStream, target: u16, mut rng: Rng) {
        let Ok(listener) = TcpStream::connect(("127.0.0.1", target)).await else { return };
        if listener.set_zero_linger().is_err() || listener.set_nodelay(true).is_err() {
            return;
        }
        let other = rng.fork();
        let ((from_dialler, to_dialler), (from_listener, to_listener)) =
            (dialler.into_split(), listener.into_split());
        let there = self.pump(from_dialler, to_listener, rng);
        let back = self.pump(from_listener, to_dialler, other);
        // The first one that breaks breaks both.
        let _broken_or_ended: Result<((), ()), io::Error> = tokio::try_join!(there, back);
    }

    /// Passes on what one side says.
    async fn pump(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut rng: Rng) -> io::Result<()> {
        let mut piece = vec![0; PIECE];
        loop {
            let length = from.read(&mut piece).await?;
            if length == 0 {
                return to.shutdown().await;
            }
            let wait = self.passes(&mut rng)?;
            self.clock.wait(wait).await;
            to.write_all(&piece[..length]).await?;
        }
    }

    /// How long a piece takes, in milliseconds.
    fn passes(&self, rng: &mut Rng) -> io::Result<u64> {
        let mut state = self.state.lock();
        let Links { latency_ms: (least, most), loss_permille } = state.links;
        if rng.u16(..1000) < loss_permille {
            state.harm.lost += 1;
            return Err(io::ErrorKind::ConnectionReset.into());
        }
        let wait = rng.u64(least..=most);
        state.harm.delayed += u64::from(wait > 0);
        Ok(wait)
    }
}
