//! The published implementations side by side.
use crate::{
    adapters::{
        ActixMailbox, AlysMailbox, AsyncChannel, AsyncPriorityChannel, Crossbeam, Flume, PriorityQueueMailbox,
        TokioBounded, TokioUnbounded,
    },
    mailbox::judge_mailbox,
    report::Report,
};
/// The verdicts on every implementation.
#[must_use]
pub fn reports() -> Vec<Report> {
    vec![
        judge_mailbox::<AlysMailbox>(),
        judge_mailbox::<TokioBounded>(),
        judge_mailbox::<TokioUnbounded>(),
        judge_mailbox::<AsyncChannel>(),
        judge_mailbox::<Flume>(),
        judge_mailbox::<Crossbeam>(),
        judge_mailbox::<AsyncPriorityChannel>(),
        judge_mailbox::<PriorityQueueMailbox>(),
        judge_mailbox::<ActixMailbox>(),
    ]
}
