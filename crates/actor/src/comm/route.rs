//! Routing chains.

use super::step::{Report, Stop};

/// Carries a message through stops, one after the other; each gets what the one before it answered (CM-3).
///
/// The chain is driven from here, by an ask a stop: nobody in it has to know the next one. After a stop that fails
/// nobody else is asked. A chain without stops gives the message back.
///
/// # Errors
///
/// The result of the report names the stop that failed, and why; the itinerary lists all stops in any case.
///
/// # Examples
///
/// ```
/// # use std::{sync::Arc, time::Duration};
/// # use alys_actor::{TokioClock, mailbox::{Environment, Lane, MailboxConfig, mailbox}};
/// use alys_actor::comm::{Outcome, Step, Stop, route};
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
/// let double = Stop::new("double", doubler).in_lane(Lane::High).within(Duration::from_secs(1));
/// let chain = [double, Stop::new("sign", closed.clone()), Stop::new("store", closed)];
/// let report = route(&chain, 21).await;
/// assert_eq!(report.steps[0], Step { name: "double".to_owned(), outcome: Outcome::Answered(42) });
/// assert_eq!(report.steps[2], Step { name: "store".to_owned(), outcome: Outcome::NotRun });
/// assert_eq!(report.result.unwrap_err().to_string(), "step `sign`: the mailbox is closed");
/// # });
/// ```
pub async fn route<M: Clone>(stops: &[Stop<M>], message: M) -> Report<M> {
    let (mut steps, mut result) = (Vec::with_capacity(stops.len()), Ok(message));
    for stop in stops {
        result = match result {
            Ok(message) => stop.visit(message, &mut steps).await,
            Err(failure) => {
                stop.not_run(&mut steps);
                Err(failure)
            }
        };
    }
    Report { steps, result }
}
