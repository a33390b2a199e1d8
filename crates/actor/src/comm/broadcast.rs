//! One message to many receivers.

use std::num::NonZeroUsize;

use super::{
    account::Account,
    mailbox::{Post, Sender},
    together::together,
};

/// Offers a message to every receiver, without waiting for any of them (CM-1).
///
/// The receivers are asked in the order of the list, with [`Sender::try_send`]; the account names them by their place in
/// it. A receiver that is listed twice is asked twice.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, SendError, mailbox}};
/// use alys_actor::comm::broadcast;
///
/// # let open = || mailbox::<&str, ()>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((first, mut one), (closed, _), (last, mut other)) = (open(), open(), open());
/// let account = broadcast(&[first, closed, last], (Lane::Normal, "news"));
/// assert_eq!((account.offered(), account.accepted()), (3, 2));
/// assert_eq!(account.refused().collect::<Vec<_>>(), [(&1, &SendError::Closed("news"))]);
/// assert_eq!(one.try_recv().unwrap().acknowledge(), "news");
/// assert_eq!(other.try_recv().unwrap().acknowledge(), "news");
/// ```
pub fn broadcast<M: Clone, R>(receivers: &[Sender<M, R>], post: impl Into<Post<M>>) -> Account<usize, M> {
    let post = post.into();
    let outcomes = receivers.iter().map(|receiver| receiver.try_send(post.clone()));
    Account { outcomes: outcomes.enumerate().collect() }
}

/// Offers a message to every receiver, and waits for room where the policy is backpressure (CM-1).
///
/// The first poll offers it to all of them, in the order of the list, so one that is full holds up the account and
/// nobody else. Dropping the future withdraws what still waits; who has accepted the message keeps it.
///
/// # Examples
///
/// ```
/// # use std::sync::Arc;
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
/// use alys_actor::comm::broadcast_waiting;
///
/// # actix_rt::System::new().block_on(async {
/// # let open = || mailbox::<&str, ()>(MailboxConfig::with_capacity(4), Environment::new(Arc::new(TokioClock::new()))).unwrap();
/// let ((first, mut one), (last, mut other)) = (open(), open());
/// let account = broadcast_waiting(&[first, last], (Lane::Normal, "news")).await;
/// assert_eq!(account.accepted(), 2);
/// assert_eq!(one.recv().await.unwrap().acknowledge(), "news");
/// assert_eq!(other.recv().await.unwrap().acknowledge(), "news");
/// # });
/// ```
pub async fn broadcast_waiting<M: Clone, R>(
    receivers: &[Sender<M, R>],
    post: impl Into<Post<M>>,
) -> Account<usize, M> {
    let post = post.into();
    let sends = receivers.iter().map(|receiver| receiver.send(post.clone())).collect();
    let outcomes = together(sends, NonZeroUsize::MAX).await;
    Account { outcomes: outcomes.into_iter().enumerate().collect() }
}
