//! Reading the resources again and again while a phase runs.

use std::time::Duration;

use tokio::{
    runtime::Handle,
    sync::oneshot,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::resources::{ResourceMetrics, ResourceWatch};

/// How often; a reading takes about a ten-thousandth of a second.
const EVERY: Duration = Duration::from_millis(50);

/// A task that reads the resources until it is stopped.
pub(crate) struct Sampler {
    stop: oneshot::Sender<()>,
    task: JoinHandle<ResourceMetrics>,
}

impl Sampler {
    /// Starts on a runtime with timers.
    pub(crate) fn start(handle: &Handle) -> Self {
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: handle.spawn(sample_until(stopped)) }
    }

    /// Stops, and returns what was read; `None` where the runtime has ended it first.
    pub(crate) async fn stop(self) -> Option<ResourceMetrics> {
        // Where nobody listens any more, the task has ended.
        let _ = self.stop.send(());
        self.task.await.ok()
    }
}

async fn sample_until(mut stopped: oneshot::Receiver<()>) -> ResourceMetrics {
    let mut watch = ResourceWatch::start();
    let mut ticks = interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => return watch.stop(),
            _ = ticks.tick() => watch.sample(),
        }
    }
}
