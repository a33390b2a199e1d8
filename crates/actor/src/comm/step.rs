//! One actor on the way of a message, and what is told of it.

use std::time::Duration;

use thiserror::Error;

use super::{
    binding::Binding,
    instance::NoInstance,
    mailbox::{AskError, Lane, Post, Sender},
};

/// A named actor that is asked with a message and answers with the message for the next one.
///
/// It holds a sender, or names a service by a [`Binding`], which is resolved at each visit. Asked in lane Normal and for
/// as long as it takes, unless said otherwise.
///
/// # Examples
///
/// See [`route`](super::route()).
#[derive(Debug)]
pub struct Stop<M> {
    name: String,
    target: Target<M>,
    lane: Lane,
    within: Option<Duration>,
}

#[derive(Debug)]
enum Target<M> {
    Actor(Sender<M, M>),
    Service(Binding<M, M>),
}

impl<M> Stop<M> {
    /// A stop at one actor.
    ///
    /// # Examples
    ///
    /// See [`route`](super::route()).
    pub fn new(name: impl Into<String>, actor: Sender<M, M>) -> Self {
        Self::at(name.into(), Target::Actor(actor))
    }

    /// A stop at whichever instance of a service the binding has.
    ///
    /// # Examples
    ///
    /// ```
    /// use alys_actor::comm::{Balance, Directory, StepCause, Stop, route};
    ///
    /// # actix_rt::System::new().block_on(async {
    /// let directory: Directory<u32, u32> = Directory::default();
    /// let stop = Stop::of_service("validate", directory.bind("validator", Balance::RoundRobin));
    /// let error = route(&[stop], 1).await.result.unwrap_err();
    /// assert_eq!(error.to_string(), "step `validate`: service `validator` has no healthy instance (of 0 registered)");
    /// # });
    /// ```
    pub fn of_service(name: impl Into<String>, service: Binding<M, M>) -> Self {
        Self::at(name.into(), Target::Service(service))
    }

    fn at(name: String, target: Target<M>) -> Self {
        Stop { name, target, lane: Lane::Normal, within: None }
    }

    /// The same stop, asked in this lane.
    ///
    /// # Examples
    ///
    /// See [`route`](super::route()).
    #[must_use]
    pub fn in_lane(self, lane: Lane) -> Self {
        Stop { lane, ..self }
    }

    /// The same stop, which fails when it takes longer.
    ///
    /// # Examples
    ///
    /// See [`route`](super::route()).
    #[must_use]
    pub fn within(self, timeout: Duration) -> Self {
        Stop { within: Some(timeout), ..self }
    }

    async fn ask(&self, message: M) -> Result<M, StepCause<M>> {
        let sender = match &self.target {
            Target::Actor(sender) => sender.clone(),
            Target::Service(binding) => binding.instance().map_err(StepCause::NoInstance)?.sender,
        };
        let post = Post::new(self.lane, message);
        let answer = match self.within {
            Some(timeout) => sender.ask_within(post, timeout).await,
            None => sender.ask(post).await,
        };
        answer.map_err(StepCause::Ask)
    }

    /// Takes down that the stop was not asked.
    pub(super) fn not_run(&self, steps: &mut Vec<Step<M>>) {
        steps.push(Step { name: self.name.clone(), outcome: Outcome::NotRun });
    }
}

impl<M: Clone> Stop<M> {
    /// Asks the stop and takes down what it did.
    pub(super) async fn visit(&self, message: M, steps: &mut Vec<Step<M>>) -> Result<M, StepError<M>> {
        let answer = self.ask(message).await;
        let outcome = match answer.clone() {
            Ok(answer) => Outcome::Answered(answer),
            Err(cause) => Outcome::Failed(cause),
        };
        steps.push(Step { name: self.name.clone(), outcome });
        answer.map_err(|cause| StepError { step: self.name.clone(), cause })
    }
}

/// What a chain or a workflow did: every step that it declares, in that order, and its result.
///
/// # Examples
///
/// See [`route`](super::route()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report<M> {
    /// One entry for each declared step, run or not.
    pub steps: Vec<Step<M>>,
    /// The message as the last step left it, or the step that failed.
    pub result: Result<M, StepError<M>>,
}

/// A declared step and what became of it.
///
/// # Examples
///
/// See [`route`](super::route()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step<M> {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome<M>,
}

/// What became of a step.
///
/// # Examples
///
/// See [`route`](super::route()).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<M> {
    /// It answered with this message.
    Answered(M),
    /// It was tried, and gave no answer.
    Failed(StepCause<M>),
    /// Nobody was asked: a step before it failed, or the condition chose the other branch.
    NotRun,
}

/// A step that failed.
///
/// # Examples
///
/// ```
/// use alys_actor::{comm::{StepCause, StepError}, mailbox::AskError};
///
/// let error = StepError::<u32> { step: "sign".to_owned(), cause: StepCause::Ask(AskError::Timeout) };
/// assert_eq!(error.to_string(), "step `sign`: no reply came in time");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("step `{step}`: {cause}")]
pub struct StepError<M> {
    /// The name of the step.
    pub step: String,
    /// Why it failed.
    pub cause: StepCause<M>,
}

/// Why a step failed.
///
/// # Examples
///
/// See [`StepError`].
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum StepCause<M> {
    /// Its service had nobody to ask.
    #[error("{0}")]
    NoInstance(NoInstance),
    /// The actor was asked, and this is what became of it.
    #[error("{0}")]
    Ask(AskError<M>),
    /// A fan-in refused what its branches gave it, with its reason.
    #[error("refused: {0}")]
    Refused(String),
}
