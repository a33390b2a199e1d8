//! The client of the Beacon API.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::clock::Clock;
use crate::failure::{CallError, Failure};
use crate::http::{Answer, Http, Request};
use crate::octets::Hash;
use crate::retry::Policy;

use super::endpoint::{BlockId, Endpoint, StateId};
use super::event::Topic;
use super::reply;
use super::types::{
    BeaconBlock, Data, Dated, FinalityCheckpoints, ForkRecord, Genesis, HeaderRecord, Health, Identity,
    NodeVersion, Peer, ProposerDuties, Root, Signed, Spec, Syncing, ValidatorRecord, Versioned,
};
use super::watch::HeadWatch;

/// Why a question has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {error}")]
pub struct BeaconError {
    /// What was asked for.
    pub path: String,
    /// Why.
    #[source]
    pub error: CallError,
}

/// What was asked for; `None` when the node has no such thing.
pub type Found<T> = Result<Option<T>, BeaconError>;

/// A client of the Beacon API.
#[derive(Clone, Debug)]
pub struct BeaconClient {
    http: Http,
    url: String,
    policy: Policy,
}

impl BeaconClient {
    /// A client of the node at a URL such as `http://127.0.0.1:5052`; nothing is asked yet.
    ///
    /// # Errors
    ///
    /// [`Failure::Connect`] when HTTP cannot be set up.
    pub fn new(url: &str, policy: Policy, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Ok(BeaconClient { http: Http::new(clock)?, url: url.trim_end_matches('/').to_owned(), policy })
    }

    /// What the node calls itself.
    ///
    /// # Errors
    ///
    /// [`BeaconError`], as of every question.
    pub async fn version(&self) -> Found<NodeVersion> {
        self.data(Endpoint::Version).await
    }

    /// Whether the node is well. That it is not is an answer, and no error.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn health(&self) -> Result<Health, BeaconError> {
        self.ask(Endpoint::Health, reply::health).await
    }

    /// How far behind the node is.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn syncing(&self) -> Found<Syncing> {
        self.data(Endpoint::Syncing).await
    }

    /// Who the node is on the network.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn identity(&self) -> Found<Identity> {
        self.data(Endpoint::Identity).await
    }

    /// Whom the node is connected to.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn peers(&self) -> Found<Vec<Peer>> {
        self.data(Endpoint::Peers).await
    }

    /// Where the chain begins; `None` while that is not known.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn genesis(&self) -> Found<Genesis> {
        self.data(Endpoint::Genesis).await
    }

    /// The headers at the tip.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn headers(&self) -> Found<Dated<Vec<HeaderRecord>>> {
        self.found(Endpoint::Headers).await
    }

    /// The header of a block.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version); [`Failure::OtherBlock`] when the answer shows that it is about another block.
    pub async fn header(&self, block: BlockId) -> Found<Dated<HeaderRecord>> {
        let named =
            |found: &Dated<HeaderRecord>| (Some(found.data.root), Some(found.data.header.message.slot.0));
        self.about(block, Endpoint::Header(block), named).await
    }

    /// A block.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub async fn block(&self, block: BlockId) -> Found<Versioned<Signed<BeaconBlock>>> {
        // Its root would follow from a body whose structure is the fork's.
        let named = |found: &Versioned<Signed<BeaconBlock>>| (None, Some(found.data.message.slot.0));
        self.about(block, Endpoint::Block(block), named).await
    }

    /// The root of a block.
    ///
    /// # Errors
    ///
    /// As [`header`](Self::header).
    pub async fn block_root(&self, block: BlockId) -> Found<Hash> {
        let named = |found: &Dated<Root>| (Some(found.data.root), None);
        let found = self.about(block, Endpoint::BlockRoot(block), named).await?;
        Ok(found.map(|root| root.data.root))
    }

    /// What is final as of a state.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn finality(&self, state: StateId) -> Found<Dated<FinalityCheckpoints>> {
        self.found(Endpoint::Finality(state)).await
    }

    /// The validators of a state.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn validators(&self, state: StateId) -> Found<Dated<Vec<ValidatorRecord>>> {
        self.found(Endpoint::Validators(state)).await
    }

    /// The constants of the network.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn spec(&self) -> Found<Spec> {
        self.data(Endpoint::Spec).await
    }

    /// The forks of the network.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn fork_schedule(&self) -> Found<Vec<ForkRecord>> {
        self.data(Endpoint::ForkSchedule).await
    }

    /// Who proposes in an epoch.
    ///
    /// # Errors
    ///
    /// As [`version`](Self::version).
    pub async fn proposer_duties(&self, epoch: u64) -> Found<ProposerDuties> {
        self.found(Endpoint::ProposerDuties(epoch)).await
    }

    /// Follows the head of the node, over any number of streams.
    #[must_use]
    pub fn watch(&self) -> HeadWatch {
        HeadWatch::new(self.clone())
    }

    pub(super) fn http(&self) -> &Http {
        &self.http
    }

    pub(super) fn policy(&self) -> Policy {
        self.policy
    }

    /// What is sent to open a stream of events.
    pub(super) fn subscription(&self, topics: &[Topic]) -> Request {
        self.request(&Endpoint::Events(topics.to_vec()), "text/event-stream")
    }

    fn request(&self, endpoint: &Endpoint, accept: &'static str) -> Request {
        Request { url: format!("{}{}", self.url, endpoint.path()), bearer: None, accept, body: None }
    }

    async fn data<T: DeserializeOwned>(&self, endpoint: Endpoint) -> Found<T> {
        Ok(self.found::<Data<T>>(endpoint).await?.map(|found| found.data))
    }

    async fn found<T: DeserializeOwned>(&self, endpoint: Endpoint) -> Found<T> {
        self.ask(endpoint, reply::answer).await
    }

    /// Asks for something of a block, and holds the answer to that block by the root and the slot that it names.
    async fn about<T: DeserializeOwned>(
        &self,
        block: BlockId,
        endpoint: Endpoint,
        named: fn(&T) -> (Option<Hash>, Option<u64>),
    ) -> Found<T> {
        let read = |status, body: &[u8]| {
            let found: Option<T> = reply::answer(status, body)?;
            let (root, slot) = found.as_ref().map(named).unwrap_or_default();
            reply::about(block, root, slot)?;
            Ok(found)
        };
        self.ask(endpoint, read).await
    }

    async fn ask<T>(
        &self,
        endpoint: Endpoint,
        read: impl Fn(u16, &[u8]) -> Result<T, Failure>,
    ) -> Result<T, BeaconError> {
        let request = self.request(&endpoint, "application/json");
        let (request, read) = (&request, &read);
        let asked = self.http.attempts(self.policy, |_, until| async move {
            let Answer { status, body } = self.http.send(request, until).await?;
            read(status, &body)
        });
        asked.await.map_err(|error| BeaconError { path: endpoint.path(), error })
    }
}
