//! Answering peers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::{CertifiedBlock, Hash256};
use alys_wire::message::{
    BlocksByRange, ErrorText, Failure, MetaData, Request, Response, ResponseBody, Status, TopicBits,
};
use alys_wire::quota::{QuotaTable, RateLimited, RateLimiter};

use crate::peer::PeerId;
use crate::timeline::Timeline;

/// The most blocks that are sent for one request.
pub const BLOCKS_MAX: u64 = 1024;

/// What of a chain is served.
pub trait ChainView {
    /// Where we are.
    fn status(&self) -> Status;

    /// The canonical block of a height; genesis is none.
    fn by_height(&self, height: u64) -> Option<Arc<CertifiedBlock>>;

    /// A block of any fork.
    fn by_root(&self, root: &Hash256) -> Option<Arc<CertifiedBlock>>;
}

/// Answers requests, each peer's within its quotas.
///
/// A range is answered with the blocks from its first height on, up to the first that is not there: what comes is linked.
#[derive(Clone, Debug)]
pub struct Server {
    quotas: QuotaTable,
    /// Of how many peers it is kept how much they have asked.
    remembered: usize,
    time: Timeline,
    /// When a peer has asked last, and how much.
    limiters: BTreeMap<PeerId, (u64, RateLimiter)>,
}

impl Server {
    /// A server that has not answered anybody yet.
    #[must_use]
    pub fn new(quotas: QuotaTable, remembered: usize) -> Self {
        Server { quotas, remembered, time: Timeline::default(), limiters: BTreeMap::new() }
    }

    /// Answers a request, at a time in milliseconds since the Unix epoch.
    pub fn answer(
        &mut self,
        peer: PeerId,
        request: &Request,
        view: &impl ChainView,
        now: u64,
    ) -> Vec<Response> {
        if let Some(refused) = self.limited(peer, request, now) {
            return vec![refused];
        }
        match request {
            Request::Status(_) => vec![Response::Success(ResponseBody::Status(view.status()))],
            Request::Goodbye(_) => {
                vec![Response::Success(ResponseBody::Goodbye(GoodbyeReason::ClientShutdown))]
            }
            Request::Ping(_) => vec![Response::Success(ResponseBody::Ping(METADATA_SEQUENCE))],
            Request::MetaData => vec![Response::Success(ResponseBody::MetaData(metadata()))],
            Request::BlocksByRoot(roots) => sent(roots.iter().filter_map(|root| view.by_root(root))),
            Request::BlocksByRange(range) => by_range(range, view),
        }
    }

    /// Forgets who has not asked for longest, when there are too many.
    fn forget(&mut self) {
        if self.limiters.len() > self.remembered
            && let Some((_, peer)) = self.limiters.iter().map(|(peer, (asked, _))| (*asked, *peer)).min()
        {
            self.limiters.remove(&peer);
        }
    }

    /// What is answered to a request that comes too often or asks too much.
    fn limited(&mut self, peer: PeerId, request: &Request, now: u64) -> Option<Response> {
        self.time.observe(now);
        let (now, quotas) = (self.time.now(), self.quotas);
        let (asked, limiter) = self.limiters.entry(peer).or_insert_with(|| (now, RateLimiter::new(quotas)));
        *asked = now;
        let taken = limiter.take(request.protocol(), request.cost(), Duration::from_millis(now));
        self.forget();
        match taken {
            Ok(()) => None,
            Err(RateLimited::TooSoon { .. }) => Some(failure(FailureCode::RateLimited, "too many requests")),
            Err(RateLimited::TooMuch { .. }) => {
                Some(failure(FailureCode::InvalidRequest, "too much at once"))
            }
        }
    }
}

/// How often our metadata has changed: it never does.
const METADATA_SEQUENCE: u64 = 0;

/// All topics that there are.
fn metadata() -> MetaData {
    let mut topics = TopicBits::new();
    for place in 0..4 {
        // There is room for many more.
        let _ = topics.set(place, true);
    }
    MetaData { sequence: METADATA_SEQUENCE, topics }
}

/// The blocks of a range.
fn by_range(range: &BlocksByRange, view: &impl ChainView) -> Vec<Response> {
    let BlocksByRange { start, count, step } = *range;
    if count == 0 || count > BLOCKS_MAX || step == 0 {
        return vec![failure(FailureCode::InvalidRequest, "from 1 to 1024 blocks are sent, 1 or more apart")];
    }
    let heights = (0..count).map_while(|place| start.checked_add(place.checked_mul(step)?));
    sent(heights.map_while(|height| view.by_height(height)))
}

fn sent(blocks: impl Iterator<Item = Arc<CertifiedBlock>>) -> Vec<Response> {
    let block = |block: Arc<CertifiedBlock>| ResponseBody::Block(Box::new(Arc::unwrap_or_clone(block)));
    blocks.map(|one| Response::Success(block(one))).collect()
}

/// What is answered by a node whose chain is not to be trusted any more.
pub(crate) fn failed() -> Response {
    failure(FailureCode::ServerError, "the chain cannot be made durable")
}

fn failure(code: FailureCode, text: &str) -> Response {
    let mut said = ErrorText::default();
    for byte in text.bytes() {
        // All of our texts are short enough.
        let _ = said.push(byte);
    }
    Response::Failure(Failure { code, text: said })
}
