//! The client of the Engine API: each call is retried as [`retry`](crate::retry) says, and ends in an outcome or an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::clock::Clock;
use crate::failure::{CallError, Failure};
use crate::http::{Http, Request};
use crate::octets::{Hash, Octets};
use crate::retry::Policy;

use super::fork::{Fork, ShapeError};
use super::jwt::JwtSecret;
use super::payload::{BuiltPayload, ExecutionPayload, ForkchoiceState, PayloadAttributes, PayloadId, decode};
use super::rpc;
use super::status::{self, ForkchoiceOutcome, PayloadOutcome};

/// How long a payload or a choice may take, by the specification.
const LONG: Duration = Duration::from_secs(8);
/// How long everything else may take.
const SHORT: Duration = Duration::from_secs(1);

/// What a client is set up with.
#[derive(Clone, Debug)]
pub struct EngineSettings {
    /// Where the execution client listens, such as `http://127.0.0.1:8551`.
    pub url: String,
    /// What it knows us by.
    pub secret: JwtSecret,
    /// Which versions are called.
    pub fork: Fork,
    /// How often and how long is tried; how long an attempt takes is the specification's for each method.
    pub policy: Policy,
}

/// Why a call has no outcome.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// What should be sent is not of the fork; nothing was sent.
    #[error("nothing was sent: {0}")]
    Shape(#[from] ShapeError),
    /// It was tried in vain.
    #[error("{method}: {error}")]
    Call {
        /// Which method.
        method: &'static str,
        /// Why.
        #[source]
        error: CallError,
    },
}

/// A client of the Engine API.
#[derive(Debug)]
pub struct EngineClient {
    http: Http,
    settings: EngineSettings,
    asked: AtomicU64,
}

impl EngineClient {
    /// Makes a client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// [`Failure::Connect`] when HTTP cannot be set up.
    pub fn new(settings: EngineSettings, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        Ok(EngineClient { http: Http::new(clock)?, settings, asked: AtomicU64::new(0) })
    }

    /// Which fork it speaks.
    #[must_use]
    pub fn fork(&self) -> Fork {
        self.settings.fork
    }

    /// Tells which methods this side calls, and asks which the other side has.
    ///
    /// # Errors
    ///
    /// [`EngineError::Call`].
    pub async fn exchange_capabilities(&self) -> Result<Vec<String>, EngineError> {
        let methods = self.settings.fork.methods();
        self.call("engine_exchangeCapabilities", SHORT, &[json!(methods)], decode).await
    }

    /// Submits a payload. Since Cancun the root of the beacon block before goes with it, since Prague the requests, of which there
    /// may be none; no blobs are expected.
    ///
    /// # Errors
    ///
    /// [`EngineError::Shape`] when payload, root or requests are not of the fork, and [`EngineError::Call`].
    pub async fn new_payload(
        &self,
        payload: &ExecutionPayload,
        parent_beacon_block_root: Hash,
        requests: Option<&[Octets]>,
    ) -> Result<PayloadOutcome, EngineError> {
        let fork = self.settings.fork;
        fork.check_payload(payload)?;
        fork.check_requests(requests.is_some())?;
        let mut params = vec![json!(payload)];
        if fork >= Fork::Cancun {
            params.extend([json!([]), json!(parent_beacon_block_root)]);
        }
        params.extend(requests.map(|requests| json!(requests)));
        let asked = payload.block_hash;
        self.call(fork.new_payload(), LONG, &params, |result| status::payload(result, asked)).await
    }

    /// Makes a choice known, and asks for a payload to be built if there are attributes.
    ///
    /// # Errors
    ///
    /// [`EngineError::Shape`] when the attributes are not of the fork, and [`EngineError::Call`].
    pub async fn forkchoice_updated(
        &self,
        state: ForkchoiceState,
        attributes: Option<&PayloadAttributes>,
    ) -> Result<ForkchoiceOutcome, EngineError> {
        let fork = self.settings.fork;
        attributes.map_or(Ok(()), |attributes| fork.check_attributes(attributes))?;
        let params = [json!(state), json!(attributes)];
        let asked = state.head_block_hash;
        self.call(fork.forkchoice_updated(), LONG, &params, |result| status::forkchoice(result, asked)).await
    }

    /// Gets a payload that was asked for.
    ///
    /// # Errors
    ///
    /// [`EngineError::Call`].
    pub async fn get_payload(&self, id: PayloadId) -> Result<BuiltPayload, EngineError> {
        let fork = self.settings.fork;
        self.call(fork.get_payload(), SHORT, &[json!(id)], |result| BuiltPayload::read(fork, result)).await
    }

    /// Calls a method: every attempt has an id and a token of its own.
    async fn call<T>(
        &self,
        method: &'static str,
        attempt: Duration,
        params: &[Value],
        read: impl Fn(Value) -> Result<T, Failure>,
    ) -> Result<T, EngineError> {
        let read = &read;
        let called = self.http.attempts(self.settings.policy.within(attempt), |now, until| async move {
            let id = self.asked.fetch_add(1, Ordering::Relaxed);
            let request = Request {
                url: self.settings.url.clone(),
                bearer: Some(self.settings.secret.token(now.as_secs())),
                accept: "application/json",
                body: Some(rpc::request(id, method, params)),
            };
            let answer = self.http.send(&request, until).await?;
            read(rpc::response(answer.status, &answer.body, id)?)
        });
        called.await.map_err(|error| EngineError::Call { method, error })
    }
}
