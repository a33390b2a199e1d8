//! Workflows as data.

use std::{fmt, future::Future, num::NonZeroUsize, pin::Pin, sync::Arc};

use super::{
    step::{Report, Step, StepError, Stop},
    together::together,
};

/// Picks a branch: true for the first.
pub type Condition<M> = Arc<dyn Fn(&M) -> bool + Send + Sync>;

/// Makes one message of the results of all branches, which come in the order of declaration.
pub type Gather<M> = Arc<dyn Fn(Vec<Result<M, StepError<M>>>) -> Result<M, StepError<M>> + Send + Sync>;

/// What is to be done with a message, and by whom.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, MailboxConfig, Sender, mailbox}};
/// use alys_actor::comm::{Outcome, Stop, Workflow};
///
/// # fn adder(summand: u32) -> Sender<u32, u32> {
/// #     let environment = Environment::new(Arc::new(TokioClock::new()));
/// #     let (sender, mut receiver) = mailbox::<u32, u32>(MailboxConfig::with_capacity(4), environment).unwrap();
/// #     actix_rt::spawn(async move {
/// #         while let Some(delivery) = receiver.recv().await {
/// #             let (message, responder) = delivery.into_parts();
/// #             responder.answer(message + summand);
/// #         }
/// #     });
/// #     sender
/// # }
/// # actix_rt::System::new().block_on(async {
/// let add = |name: &str, summand| Workflow::Step(Stop::new(name, adder(summand)));
/// let sum = Workflow::FanOut {
///     branches: vec![add("one", 1), add("ten", 10)],
///     gather: Arc::new(|results| Ok(results.into_iter().collect::<Result<Vec<_>, _>>()?.iter().sum())),
/// };
/// let check = Workflow::Either {
///     condition: Arc::new(|sum| *sum > 100),
///     first: Box::new(add("large", 0)),
///     second: Box::new(add("small", 1000)),
/// };
/// let report = Workflow::Sequence(vec![sum, check]).run(5).await;
/// assert_eq!(report.result, Ok(1021));
/// let outcomes: Vec<_> = report.steps.into_iter().map(|step| (step.name, step.outcome)).collect();
/// assert_eq!(outcomes[1], ("ten".to_owned(), Outcome::Answered(15)));
/// assert_eq!(outcomes[2], ("large".to_owned(), Outcome::NotRun));
/// # });
/// ```
pub enum Workflow<M> {
    /// One actor is asked; its answer goes on.
    Step(Stop<M>),
    /// Parts one after the other, each with what the one before it gave; after a failure none is run.
    Sequence(Vec<Workflow<M>>),
    /// Parts side by side, each with a copy of the message, which then goes on as it came. All of them are run to their
    /// end; when some fail, the first of these in the order of declaration is the failure of the whole.
    Parallel(Vec<Workflow<M>>),
    /// Branches side by side, each with a copy of the message; what is made of their results goes on. Failures are
    /// results, too: `gather` decides what they mean.
    FanOut {
        /// The branches.
        branches: Vec<Workflow<M>>,
        /// The fan-in.
        gather: Gather<M>,
    },
    /// One of two parts, by a condition on what came so far; the other one is not run.
    Either {
        /// The condition.
        condition: Condition<M>,
        /// Run where the condition holds.
        first: Box<Workflow<M>>,
        /// Run where it does not.
        second: Box<Workflow<M>>,
    },
}

/// What became of a part.
type PartResult<M> = Result<M, StepError<M>>;

/// A run of a part, which may contain others.
type Running<'a, M> = Pin<Box<dyn Future<Output = PartResult<M>> + Send + 'a>>;

impl<M: Clone + Send> Workflow<M> {
    /// Runs the workflow on a message (CM-4, CM-5).
    ///
    /// The report lists every declared step once, in the order of declaration, whether it was run or not. Dropping the
    /// future stops the run: who has been asked by then has the message, nobody else gets one.
    ///
    /// # Errors
    ///
    /// The result of the report names the step that failed, and why.
    ///
    /// # Panics
    ///
    /// When a condition or a fan-in panics.
    ///
    /// # Examples
    ///
    /// See [`Workflow`].
    pub async fn run(&self, message: M) -> Report<M> {
        let (steps, result) = self.go_alone(message).await;
        Report { steps, result }
    }

    /// Runs a part and appends its steps.
    fn go<'a>(&'a self, message: M, steps: &'a mut Vec<Step<M>>) -> Running<'a, M> {
        Box::pin(async move {
            match self {
                Workflow::Step(stop) => stop.visit(message, steps).await,
                Workflow::Sequence(parts) => in_sequence(parts, message, steps).await,
                Workflow::Parallel(parts) => {
                    let results = side_by_side(parts, &message, steps).await;
                    results.into_iter().find_map(Result::err).map_or(Ok(message), Err)
                }
                Workflow::FanOut { branches, gather } => {
                    gather(side_by_side(branches, &message, steps).await)
                }
                Workflow::Either { condition, first, second } => {
                    if condition(&message) {
                        let result = first.go(message, steps).await;
                        second.not_run(steps);
                        return result;
                    }
                    first.not_run(steps);
                    second.go(message, steps).await
                }
            }
        })
    }

    /// Runs a part beside others and keeps its steps apart.
    async fn go_alone(&self, message: M) -> (Vec<Step<M>>, PartResult<M>) {
        let mut steps = Vec::new();
        let result = self.go(message, &mut steps).await;
        (steps, result)
    }
}

async fn in_sequence<M: Clone + Send>(
    parts: &[Workflow<M>],
    message: M,
    steps: &mut Vec<Step<M>>,
) -> PartResult<M> {
    let mut result = Ok(message);
    for part in parts {
        result = match result {
            Ok(message) => part.go(message, steps).await,
            Err(failure) => {
                part.not_run(steps);
                Err(failure)
            }
        };
    }
    result
}

/// The result of each part, in the order of declaration, in which their steps are appended as well.
///
/// The copies are made before anything runs: a message need not be shared between threads.
fn side_by_side<'a, M: Clone + Send>(
    parts: &'a [Workflow<M>],
    message: &M,
    steps: &'a mut Vec<Step<M>>,
) -> impl Future<Output = Vec<PartResult<M>>> + Send + use<'a, M> {
    let runs: Vec<_> = parts.iter().map(|part| part.go_alone(message.clone())).collect();
    async move {
        let ended = together(runs, NonZeroUsize::MAX).await;
        let (of_each, results): (Vec<_>, Vec<_>) = ended.into_iter().unzip();
        steps.extend(of_each.into_iter().flatten());
        results
    }
}

impl<M> Workflow<M> {
    /// Lists the steps of a part that is not run.
    fn not_run(&self, steps: &mut Vec<Step<M>>) {
        match self {
            Workflow::Step(stop) => stop.not_run(steps),
            Workflow::Sequence(parts)
            | Workflow::Parallel(parts)
            | Workflow::FanOut { branches: parts, .. } => parts.iter().for_each(|part| part.not_run(steps)),
            Workflow::Either { first, second, .. } => {
                first.not_run(steps);
                second.not_run(steps);
            }
        }
    }
}

impl<M: fmt::Debug> fmt::Debug for Workflow<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Workflow::Step(stop) => f.debug_tuple("Step").field(stop).finish(),
            Workflow::Sequence(parts) => f.debug_tuple("Sequence").field(parts).finish(),
            Workflow::Parallel(parts) => f.debug_tuple("Parallel").field(parts).finish(),
            Workflow::FanOut { branches, .. } => {
                f.debug_struct("FanOut").field("branches", branches).finish_non_exhaustive()
            }
            Workflow::Either { first, second, .. } => {
                f.debug_struct("Either").field("first", first).field("second", second).finish_non_exhaustive()
            }
        }
    }
}
