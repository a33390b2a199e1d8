//! What is made to go wrong in a real supervised system, and what that system says of it.

mod arbiter;
mod course;
mod disk;
mod hoard;
mod inject;
mod noise;
mod skew;
mod stress;

use std::{future::Future, sync::Arc};

use tokio::{runtime::Builder, task::LocalSet};

pub(crate) use arbiter::kill_an_arbiter;
pub(crate) use course::course;
pub(crate) use hoard::hoard;
pub(crate) use stress::stress;

use crate::{
    config::TestConfig,
    run::said,
    stage::{DriveError, Stage},
};

/// Runs something to its end on a thread, a runtime and a stage of its own.
fn staged<T, F>(
    seed: u64,
    time_is_virtual: bool,
    act: impl FnOnce(Stage) -> F + Send + 'static,
) -> Result<T, String>
where
    T: Send + 'static,
    F: Future<Output = Result<T, DriveError>>,
{
    apart(move || {
        let runtime = Builder::new_current_thread().enable_time().start_paused(time_is_virtual).build();
        let runtime = runtime.map_err(|error| DriveError::new("runtime", error))?;
        LocalSet::new().block_on(&runtime, async { act(stage(seed, time_is_virtual)).await })
    })
}

/// Runs something to its end on a thread of its own, where no runtime is.
fn apart<T: Send + 'static>(
    act: impl FnOnce() -> Result<T, DriveError> + Send + 'static,
) -> Result<T, String> {
    let ended = std::thread::spawn(act).join();
    ended.map_err(|panic| said(&*panic))?.map_err(|error| error.0)
}

/// A stage whose time begins now.
fn stage(seed: u64, time_is_virtual: bool) -> Stage {
    Stage::new(Arc::new(TestConfig::development()), seed, time_is_virtual)
}
