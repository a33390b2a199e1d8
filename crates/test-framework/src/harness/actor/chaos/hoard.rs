//! A worker that takes memory until the system refuses it; runs in a process of its own.

use actix::Actor;
use alys_actor::{
    Handled, MailboxActor,
    mailbox::{Lane, Sender},
    supervised::{Adopted, ChildContext, SupervisedActor, adopt},
    supervision::SupervisorSpec,
};

use super::{super::troupe::Troupe, staged};
use crate::{
    chaos::{Seen, name},
    metrics::allow_to_grow,
    stage::{DriveError, Stage},
};

/// Holds what it was told to take.
#[derive(Default)]
struct Hoarder {
    held: Vec<Vec<u8>>,
}

impl Actor for Hoarder {
    type Context = ChildContext<Self>;
}

impl MailboxActor<usize> for Hoarder {
    type Reply = usize;

    /// Takes so many bytes more, and answers with how many it holds; it cannot go on where it gets none.
    fn handle(&mut self, bytes: usize, context: &mut Self::Context) -> Handled<Self, usize> {
        let mut chunk = Vec::new();
        if let Err(refused) = chunk.try_reserve_exact(bytes) {
            context.fail(refused.to_string());
            return Handled::Fail;
        }
        // A page that nobody writes to is no memory.
        chunk.resize(bytes, 1_u8);
        self.held.push(chunk);
        Handled::Answer(self.held.iter().map(Vec::len).sum())
    }
}

impl SupervisedActor<usize> for Hoarder {}

/// Lets this process grow by a budget and no more, and a worker take chunks until it gets none; then it is asked again.
pub(crate) fn hoard(budget_bytes: u64, chunk_bytes: u64, chunks: u32) -> Result<Seen, String> {
    staged(0, true, move |stage| hoarded(stage, budget_bytes, chunk_bytes, chunks))
}

async fn hoarded(stage: Stage, budget_bytes: u64, chunk_bytes: u64, chunks: u32) -> Result<Seen, DriveError> {
    let troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let adopted = Adopted::new("hoarder", "root");
    let hoarder = adopt(troupe.system(), adopted, Hoarder::default)
        .map_err(|error| DriveError::new("hoarder", error))?;
    troupe.start("root")?;
    let chunk = usize::try_from(chunk_bytes).map_err(|error| DriveError::new("chunk_bytes", error))?;
    let mut seen = Seen { attempted: 1, worker: Some("hoarder".to_owned()), ..Seen::default() };
    // Once before there is a limit, so that whatever is made on first use is there.
    take(&hoarder, 1).await;
    allow_to_grow(budget_bytes).map_err(|error| DriveError::new("limit", error))?;
    let (mut held, mut refused) = (0, 0);
    for _ in 0..chunks {
        match take(&hoarder, chunk).await {
            Some(bytes) => held = bytes,
            None => {
                refused += 1;
                break;
            }
        }
    }
    seen.count(name::REFUSED, refused);
    #[allow(clippy::cast_precision_loss, reason = "bytes of a process are below 2^53")]
    seen.measure("bytes held when it was refused", held as f64);
    let again = take(&hoarder, chunk).await;
    seen.recovered = u64::from(again.is_some());
    seen.count("bytes held after the restart", again.unwrap_or(0) as u64);
    troupe.end().await?;
    Ok(seen)
}

async fn take(hoarder: &Sender<usize, usize>, bytes: usize) -> Option<usize> {
    hoarder.ask((Lane::Normal, bytes)).await.ok()
}
