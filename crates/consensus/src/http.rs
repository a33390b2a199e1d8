//! One request over HTTP, and its whole answer by a deadline: the thin shell under both clients.

use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, Response, redirect};

use crate::clock::Clock;
use crate::failure::{CallError, Failure};
use crate::retry::{Policy, Retry};

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where.
    pub url: String,
    /// The token, if one is asked for.
    pub bearer: Option<String>,
    /// The kind of content that is understood.
    pub accept: &'static str,
    /// JSON to be posted; without it, it is a request to get something.
    pub body: Option<String>,
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
}

/// Sends requests, each over a connection of its own.
///
/// Connections are not kept: one that has died meanwhile would cost an attempt. Nobody is followed elsewhere, and no proxy
/// of the environment is asked: what is addressed answers, or nobody.
#[derive(Clone, Debug)]
pub struct Http {
    client: Client,
    clock: Arc<dyn Clock>,
    limit: usize,
}

/// How large an answer may be, unless somebody says something else.
pub const ANSWER_MAX: usize = 64 << 20;

impl Http {
    /// Makes it, for answers of at most [`ANSWER_MAX`] octets.
    ///
    /// # Errors
    ///
    /// [`Failure::Connect`] when the library cannot be set up.
    pub fn new(clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let client =
            Client::builder().no_proxy().redirect(redirect::Policy::none()).pool_max_idle_per_host(0).build();
        let client = client.map_err(|error| Failure::Connect(reasons(&error)))?;
        Ok(Http { client, clock, limit: ANSWER_MAX })
    }

    /// The same for answers of at most so many octets.
    #[must_use]
    pub fn with_limit(self, limit: usize) -> Self {
        Http { limit, ..self }
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Sends a request and waits for the whole answer, until the clock shows a time.
    ///
    /// # Errors
    ///
    /// [`Failure::Connect`], [`Failure::Lost`], [`Failure::TooLarge`], or [`Failure::Timeout`] at that time.
    pub async fn send(&self, request: &Request, until: Duration) -> Result<Answer, Failure> {
        let began = self.clock.now();
        self.by(until, began, async {
            let mut response = self.begin(request).await?;
            let body = self.whole(&mut response).await?;
            Ok(Answer { status: response.status().as_u16(), body })
        })
        .await
    }

    /// Sends a request and waits for the head of the answer, until the clock shows a time; the body is for the caller to read.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn open(&self, request: &Request, until: Duration) -> Result<Response, Failure> {
        self.by(until, self.clock.now(), self.begin(request)).await
    }

    /// Reads what is left of an answer, until the clock shows a time.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub async fn rest(&self, mut response: Response, until: Duration) -> Result<Vec<u8>, Failure> {
        self.by(until, self.clock.now(), self.whole(&mut response)).await
    }

    /// Does something by a time. The clock is asked first: what comes in that very moment comes too late.
    async fn by<T>(
        &self,
        until: Duration,
        began: Duration,
        work: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.clock.until(until) => Err(Failure::Timeout { after: until.saturating_sub(began) }),
            result = work => result,
        }
    }

    async fn begin(&self, request: &Request) -> Result<Response, Failure> {
        let mut builder = match &request.body {
            Some(body) => {
                self.client.post(&request.url).header(CONTENT_TYPE, "application/json").body(body.clone())
            }
            None => self.client.get(&request.url),
        };
        builder = builder.header(ACCEPT, request.accept);
        if let Some(token) = request.bearer.as_ref() {
            builder = builder.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        builder.send().await.map_err(|error| failure(&error))
    }

    async fn whole(&self, response: &mut Response) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| failure(&error))? {
            if body.len() + piece.len() > self.limit {
                return Err(Failure::TooLarge { limit: self.limit });
            }
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }

    /// Makes attempts until one succeeds or none is left; each is told the time and until when it has.
    ///
    /// # Errors
    ///
    /// The failure of the last attempt, and how many there were.
    pub async fn attempts<T, F>(
        &self,
        policy: Policy,
        mut attempt: impl FnMut(Duration, Duration) -> F,
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut retry = Retry::new(policy, self.clock.now());
        loop {
            let now = self.clock.now();
            let failure = match attempt(now, retry.attempt(now)).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            match retry.after(&failure, self.clock.now()) {
                Some(at) => self.clock.until(at).await,
                None => return Err(CallError { attempts: retry.attempts(), failure }),
            }
        }
    }
}

/// Tells an error of the library as one of ours.
pub(crate) fn failure(error: &reqwest::Error) -> Failure {
    match error.is_connect() || error.is_builder() {
        true => Failure::Connect(reasons(error)),
        false => Failure::Lost(reasons(error)),
    }
}

/// An error with what lies behind it, as one line.
fn reasons(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |error| (*error).source());
    chain.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}
