//! Watching a head: the thin shell around [`Follower`], which has one stream and at most one question under way.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use reqwest::Response;

use crate::failure::Failure;
use crate::http;

use super::client::BeaconClient;
use super::endpoint::BlockId;
use super::event::{HeadEvent, Topic};
use super::follow::{Action, Follower, Head, Input};
use super::reply;
use super::sse::{Message, Parser};

/// How large a message of the stream may be.
const MESSAGE_MAX: usize = 1 << 20;

/// How long a stream may be silent, comments included, before it counts as lost. That begins when it is asked for: some nodes, Lodestar
/// among them, send not even the head of the answer before there is a first event.
pub const SILENCE: Duration = Duration::from_secs(30);

type Question = Pin<Box<dyn Future<Output = Result<Head, Failure>> + Send>>;
type Opening = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

/// Tells every head that a node tells of, and what it has missed of them after a stream was lost.
pub struct HeadWatch {
    client: BeaconClient,
    follower: Follower,
    /// What is to be done, until it is done: a wait that is given up halfway goes on with it.
    action: Option<Action>,
    opening: Option<Opening>,
    stream: Option<(Response, Parser)>,
    /// When something was last heard of the stream.
    heard: Duration,
    question: Option<Question>,
    inputs: VecDeque<Input>,
    /// Why the last stream was given up.
    trouble: Option<Failure>,
}

impl fmt::Debug for HeadWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeadWatch").field("follower", &self.follower).field("trouble", &self.trouble).finish()
    }
}

impl HeadWatch {
    pub(super) fn new(client: BeaconClient) -> Self {
        let follower = Follower::new(client.policy());
        let (inputs, action) = (VecDeque::new(), Some(Action::Open));
        HeadWatch {
            client,
            follower,
            action,
            opening: None,
            stream: None,
            heard: Duration::ZERO,
            question: None,
            inputs,
            trouble: None,
        }
    }

    /// Why there was no stream the last time that there was none: it could not be opened, was lost, or was given up because the head
    /// could not be asked for while it was open.
    #[must_use]
    pub fn trouble(&self) -> Option<&Failure> {
        self.trouble.as_ref()
    }

    /// Waits for the next head. It never ends by itself: what is lost is opened again. When the wait is given up nothing is lost
    /// either: the next call goes on with the stream that was being opened, or with what is left of a wait.
    pub async fn next(&mut self) -> Head {
        loop {
            if self.action.is_none() {
                let input = self.input().await;
                self.action = self.follower.handle(input, self.client.http().clock().now());
            }
            match self.action {
                Some(Action::Open) => self.open().await,
                Some(Action::Ask) => self.question = Some(question(self.client.clone())),
                Some(Action::Wait(until)) => {
                    (self.stream, self.question) = (None, None);
                    self.inputs.clear();
                    self.client.http().clock().until(until).await;
                    self.inputs.push_back(Input::Waited);
                }
                Some(Action::Tell(head)) => {
                    self.action = None;
                    return head;
                }
                None => {}
            }
            self.action = None;
        }
    }

    /// Opens a stream; what comes of it is the next input.
    async fn open(&mut self) {
        let opened = self.opening.get_or_insert_with(|| opening(self.client.clone())).await;
        self.opening = None;
        match opened {
            Ok(response) => {
                self.stream = Some((response, Parser::new(MESSAGE_MAX)));
                self.hears();
                self.inputs.push_back(Input::Opened);
            }
            Err(failure) => self.lost(failure),
        }
    }

    fn hears(&mut self) {
        self.heard = self.client.http().clock().now();
    }

    fn lost(&mut self, failure: Failure) {
        self.trouble = Some(failure);
        self.inputs.push_back(Input::Lost);
    }

    /// What an answer means. Without one the stream is given up: what lies before it is not known.
    fn answered(&mut self, answer: Result<Head, Failure>) -> Input {
        match answer {
            Ok(head) => Input::Answered(head),
            Err(failure) => {
                self.trouble = Some(failure);
                Input::Unanswered
            }
        }
    }

    /// Waits for whatever happens next; the stream goes before an answer, which may be older.
    async fn input(&mut self) -> Input {
        loop {
            if let Some(input) = self.inputs.pop_front() {
                return input;
            }
            let Some((response, parser)) = &mut self.stream else { return Input::Lost };
            let clock = self.client.http().clock();
            let silent = clock.until(self.heard.saturating_add(SILENCE));
            let piece = tokio::select! {
                biased;
                piece = response.chunk() => piece.map_err(|error| http::failure(&error)),
                answer = answer(&mut self.question) => {
                    self.question = None;
                    return self.answered(answer);
                }
                () = silent => Err(Failure::Timeout { after: SILENCE }),
            };
            let messages = piece
                .and_then(|piece| piece.ok_or_else(|| Failure::Lost("the stream has ended".to_owned())))
                .and_then(|piece| parser.push(&piece).map_err(Failure::malformed));
            match messages {
                Ok(messages) => {
                    self.hears();
                    self.inputs.extend(messages.iter().filter_map(told));
                }
                Err(failure) => self.lost(failure),
            }
        }
    }
}

/// Opens a stream, in the time that one may be silent. It is one only with status 200.
fn opening(client: BeaconClient) -> Opening {
    Box::pin(async move {
        let request = client.subscription(&[Topic::Head]);
        let until = client.http().clock().now().saturating_add(SILENCE);
        let response = client.http().open(&request, until).await?;
        match response.status().as_u16() {
            200 => Ok(response),
            status => {
                // The status stands, whether or not a reason comes in time.
                let body = client.http().rest(response, until).await.unwrap_or_default();
                Err(reply::refusal(status, &body))
            }
        }
    })
}

/// What a message means to the follower.
fn told(message: &Message) -> Option<Input> {
    match HeadEvent::read(message) {
        Ok(Some(event)) => Some(Input::Told(Head { slot: event.slot.0, root: event.block })),
        Ok(None) => None,
        Err(_) => Some(Input::Garbled),
    }
}

/// Asks for the head.
fn question(client: BeaconClient) -> Question {
    Box::pin(async move {
        match client.header(BlockId::Head).await {
            Ok(Some(found)) => {
                let slot = found.data.header.message.slot.0;
                Ok(Head { slot, root: found.data.root })
            }
            Ok(None) => Err(Failure::Status { status: 404, message: "the node has no head".to_owned() }),
            Err(error) => Err(error.error.failure),
        }
    })
}

/// Waits for the answer to a question, for ever when there is none.
async fn answer(question: &mut Option<Question>) -> Result<Head, Failure> {
    match question {
        Some(question) => question.await,
        None => std::future::pending().await,
    }
}
