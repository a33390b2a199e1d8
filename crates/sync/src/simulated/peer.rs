//! Simulated peers: what they answer, each as its plan says.

mod lies;

use std::collections::BTreeMap;
use std::time::Duration;

use alys_chain::scheme::SignatureScheme;
use alys_wire::{
    codes::FailureCode,
    containers::Hash256,
    limits::Limits,
    message::{ErrorText, Failure, MetaData, Request, Response, ResponseBody, Status, TopicBits},
    protocol::Protocol,
    quota::{QuotaTable, RateLimiter},
    stream::MessageEncoder,
};
use fastrand::Rng;

use super::host::Host;
use super::plan::{Behaviour, PeerPlan};
use super::truth::{TrueBlock, Truth, View};

/// The most blocks that a peer answers one request with.
const BLOCKS_MAX: u64 = 1024;

/// A peer that follows its plan.
#[derive(Debug)]
pub struct SimulatedPeer {
    plan: PeerPlan,
    /// What it does now.
    behaviour: Behaviour,
    /// Whether it takes requests and says nothing, whatever it does otherwise.
    pub(super) stalled: bool,
    /// Whether it is there: it connects, and is connected to.
    pub(super) present: bool,
    limiters: BTreeMap<Host, RateLimiter>,
    /// How many blocks it has sent.
    sent: u64,
}

/// What a peer sends in answer to a request.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Frames, or what it sends instead.
    pub(super) bytes: Vec<u8>,
    /// Whether the stream ends behind them.
    pub(super) ends: bool,
    /// How much later than at once.
    pub(super) after_ms: u64,
}

/// What a peer needs to answer.
#[derive(Debug)]
pub(super) struct Asked<'a, S: SignatureScheme> {
    pub(super) truth: &'a Truth<S>,
    pub(super) encoder: &'a mut MessageEncoder,
    pub(super) rng: &'a mut Rng,
    pub(super) limits: Limits,
    pub(super) fork_digest: [u8; 4],
    pub(super) now: u64,
}

impl SimulatedPeer {
    pub(super) fn new(plan: &PeerPlan) -> Self {
        SimulatedPeer {
            plan: plan.clone(),
            behaviour: plan.behaviour,
            stalled: false,
            present: false,
            limiters: BTreeMap::new(),
            sent: 0,
        }
    }

    /// Its plan.
    #[must_use]
    pub fn plan(&self) -> &PeerPlan {
        &self.plan
    }

    /// What it does now.
    #[must_use]
    pub fn behaviour(&self) -> Behaviour {
        self.behaviour
    }

    /// Whether it is there.
    #[must_use]
    pub fn is_present(&self) -> bool {
        self.present
    }

    /// How many blocks it has sent.
    #[must_use]
    pub fn blocks_sent(&self) -> u64 {
        self.sent
    }

    pub(super) fn turn(&mut self, behaviour: Behaviour) {
        self.behaviour = behaviour;
    }

    /// What it knows of the truth: a little less than everybody else, where its plan says so.
    pub(super) fn view<'a, S: SignatureScheme>(&self, truth: &'a Truth<S>, now: u64) -> View<'a, S> {
        truth.view(now.saturating_sub(self.plan.lag_ms))
    }

    /// Answers a request; `None` when it says nothing.
    pub(super) fn answer<S: SignatureScheme>(
        &mut self,
        from: Host,
        request: &Request,
        mut asked: Asked<'_, S>,
    ) -> Option<Script> {
        if self.stalled || self.behaviour == Behaviour::NeverAnswers {
            return None;
        }
        let mut script = Script { ends: true, ..Script::default() };
        if let Behaviour::Slow { by_ms } = self.behaviour {
            script.after_ms = by_ms;
        }
        if let Some(code) = self.refuses(from, request, asked.now) {
            asked.write(&mut script, &failure(code));
            return Some(script);
        }
        if self.behaviour == Behaviour::Garbage {
            let length = asked.rng.usize(1..200);
            script.bytes.extend((0..length).map(|_| asked.rng.u8(..)));
            return Some(script);
        }
        match request {
            Request::Status(_) => {
                let status = self.status(&mut asked);
                asked.write(&mut script, &Response::Success(ResponseBody::Status(status)));
            }
            Request::BlocksByRange(range) => {
                let heights = range_of(range.start, range.count, range.step);
                self.range(heights, range.count, &mut asked, &mut script);
            }
            Request::BlocksByRoot(roots) => self.roots(roots, &mut asked, &mut script),
            Request::Goodbye(reason) => {
                asked.write(&mut script, &Response::Success(ResponseBody::Goodbye(*reason)));
            }
            Request::Ping(_) => asked.write(&mut script, &Response::Success(ResponseBody::Ping(0))),
            Request::MetaData => {
                let data = MetaData { sequence: 0, topics: TopicBits::default() };
                asked.write(&mut script, &Response::Success(ResponseBody::MetaData(data)));
            }
        }
        Some(script)
    }

    /// Why it refuses a request, if it does: it does so always, or is asked too often.
    fn refuses(&mut self, from: Host, request: &Request, now: u64) -> Option<FailureCode> {
        if self.behaviour == Behaviour::Refuses && request.protocol() != Protocol::Goodbye {
            return Some(FailureCode::ResourceUnavailable);
        }
        let limiter = self.limiters.entry(from).or_insert_with(|| RateLimiter::new(QuotaTable::default()));
        let taken = limiter.take(request.protocol(), request.cost(), Duration::from_millis(now));
        taken.is_err().then_some(FailureCode::RateLimited)
    }

    /// Answers with the blocks of these heights on the chain of what it shows as its tip.
    fn range<S: SignatureScheme>(
        &mut self,
        heights: impl Iterator<Item = u64>,
        count: u64,
        asked: &mut Asked<'_, S>,
        script: &mut Script,
    ) {
        let tip = self.shown_tip(asked.truth, asked.now);
        let at = |height| tip.and_then(|tip| asked.truth.below(tip, height));
        let honest: Vec<&TrueBlock> = heights.map_while(at).collect();
        let blocks = self.twisted(honest, count, asked);
        self.send(&blocks, asked, script);
    }

    fn roots<S: SignatureScheme>(
        &mut self,
        roots: &[Hash256],
        asked: &mut Asked<'_, S>,
        script: &mut Script,
    ) {
        if self.behaviour == Behaviour::ForgedTip && self.forged(asked, roots, script) {
            return;
        }
        let known = |root: &Hash256| self.knows(root, asked.truth, asked.now);
        let blocks: Vec<&TrueBlock> = roots.iter().filter_map(known).collect();
        self.send(&blocks, asked, script);
    }

    /// Writes the frames of blocks, as many as it sends.
    fn send<S: SignatureScheme>(
        &mut self,
        blocks: &[&TrueBlock],
        asked: &mut Asked<'_, S>,
        script: &mut Script,
    ) {
        for (number, block) in blocks.iter().enumerate() {
            if matches!(self.behaviour, Behaviour::Stalls { after } if after as usize <= number) {
                script.ends = false;
                return;
            }
            self.sent += 1;
            match self.spoils(block) {
                true => asked.spoiled(block, script),
                false => asked.whole(block, script),
            }
        }
        if matches!(self.behaviour, Behaviour::Stalls { .. }) {
            script.ends = false;
        }
    }
}

/// The heights of a range, at most so many as one request is answered with.
fn range_of(start: u64, count: u64, step: u64) -> impl Iterator<Item = u64> {
    let step = step.max(1);
    (0..count.min(BLOCKS_MAX)).map_while(move |number| number.checked_mul(step)?.checked_add(start))
}

fn failure(code: FailureCode) -> Response {
    let text = ErrorText::new(b"no".to_vec()).unwrap_or_default();
    Response::Failure(Failure { code, text })
}

impl<S: SignatureScheme> Asked<'_, S> {
    /// Appends a response; what no frame can carry is left out.
    fn write(&mut self, script: &mut Script, response: &Response) {
        let _ = self.encoder.response(response, &mut script.bytes);
    }

    /// Appends a block of the truth.
    fn whole(&self, block: &TrueBlock, script: &mut Script) {
        if let Ok(frame) = block.frame(self.limits) {
            script.bytes.extend_from_slice(&frame);
        }
    }

    /// The status of who has this tip.
    fn status_of(&self, tip: Option<&TrueBlock>) -> Status {
        let genesis = self.truth.genesis_ref();
        let head = tip.map_or((genesis.root, 0), |tip| (tip.root, tip.slot()));
        let view = self.truth.view(self.now).finalised();
        let below = tip.map_or(0, TrueBlock::height).min(view.height);
        let finalised = self.truth.canonical(below).map_or(genesis.root, |block| block.root);
        Status {
            fork_digest: self.fork_digest.into(),
            finalised_root: finalised,
            finalised_height: below,
            head_root: head.0,
            head_slot: head.1,
        }
    }
}
