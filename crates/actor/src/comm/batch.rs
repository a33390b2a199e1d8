//! Many requests with one deadline.

use std::{num::NonZeroUsize, time::Duration};

use thiserror::Error;

use super::{
    mailbox::{AskError, Clock, Post, Sender},
    together::together,
};

/// What a batch of requests may use.
///
/// # Examples
///
/// See [`ask_all`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BatchLimits {
    /// How long the whole batch may take.
    pub within: Duration,
    /// How many requests may be offered and not settled at once.
    pub in_flight: NonZeroUsize,
}

/// Why a request of a batch has no answer.
///
/// # Examples
///
/// ```
/// use alys_actor::{comm::BatchError, mailbox::AskError};
///
/// assert_eq!(BatchError::NotOffered(7).to_string(), "the deadline of the batch came before the request's turn");
/// assert_eq!(BatchError::Asked(AskError::<u32>::Failed).to_string(), "the handler failed");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum BatchError<M> {
    /// The deadline came before there was room in flight: no mailbox has seen the message.
    #[error("the deadline of the batch came before the request's turn")]
    NotOffered(M),
    /// The request was offered, and ended like this.
    #[error("{0}")]
    Asked(AskError<M>),
}

/// Asks many, side by side, and gives their answers in the order of the requests (CM-2).
///
/// Requests begin in their order, each as soon as fewer than `in_flight` have begun and not ended. All share one
/// deadline, counted by `clock` from the first poll, which must run as the clocks of the mailboxes do; a request that
/// begins late has the less time. Dropping the future withdraws what still waits for room.
///
/// # Errors
///
/// Each request has its own: [`BatchError::NotOffered`] with the message, or what [`Sender::ask_within`] says.
///
/// # Examples
///
/// ```
/// # use std::{num::NonZeroUsize, sync::Arc, time::Duration};
/// # use alys_actor::{TokioClock, mailbox::{AskError, Environment, Lane, MailboxConfig, Post, mailbox}};
/// use alys_actor::comm::{BatchError, BatchLimits, ask_all};
///
/// # actix_rt::System::new().block_on(async {
/// # let open = || mailbox::<u32, u32>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((doubler, mut receiver), (closed, _)) = (open(), open());
/// actix_rt::spawn(async move {
///     while let Some(delivery) = receiver.recv().await {
///         let (message, responder) = delivery.into_parts();
///         responder.answer(message * 2);
///     }
/// });
/// let requests = [(&doubler, Post::new(Lane::Normal, 1)), (&closed, Post::new(Lane::Normal, 2))];
/// let limits = BatchLimits { within: Duration::from_secs(1), in_flight: NonZeroUsize::MIN };
/// let answers = ask_all(requests, limits, &TokioClock::new()).await;
/// assert_eq!(answers, [Ok(2), Err(BatchError::Asked(AskError::Closed(2)))]);
/// # });
/// ```
pub async fn ask_all<'a, M: 'a, R: 'a>(
    requests: impl IntoIterator<Item = (&'a Sender<M, R>, Post<M>)>,
    limits: BatchLimits,
    clock: &dyn Clock,
) -> Vec<Result<R, BatchError<M>>> {
    let deadline = clock.now().saturating_add(limits.within);
    let asks = requests.into_iter().map(|(receiver, post)| async move {
        let left = deadline.as_nanos().saturating_sub(clock.now().as_nanos());
        if left == 0 {
            return Err(BatchError::NotOffered(post.message));
        }
        receiver.ask_within(post, Duration::from_nanos(left)).await.map_err(BatchError::Asked)
    });
    together(asks.collect(), limits.in_flight).await
}
