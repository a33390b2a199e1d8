//! What an adapter of a supervisor implements, and the words it speaks.

use alys_models::supervision::{ModelGroup, ModelStrategy};

use super::{
    Pending,
    capabilities::SupervisorCapabilities,
    life::{Reply, Task, Watch},
};

/// What a supervisor is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupervisorParameters {
    /// How each child is restarted, in start order.
    pub children: Vec<ModelStrategy>,
    /// Who is restarted with a failed child.
    pub group: ModelGroup,
    /// How many restarts are granted within a window; of no meaning without the capability.
    pub max_restarts: usize,
    /// The ticks of that window.
    pub window: u64,
    /// How the supervisor itself is restarted by one above it, which is one-for-one and grants
    /// [`ABOVE`](super::ABOVE); `None` where there is none.
    pub above: Option<ModelStrategy>,
}

/// How an ask ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// With the answer.
    Reply(Reply),
    /// Without: the child is not there, or has not come to its end with the message.
    Failed,
}

/// What a supervisor says about the failure of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is restarted, at once or later.
    Restarted,
    /// It goes along with a restart that is under way or granted.
    Joined,
    /// It is stopped.
    Stopped,
    /// It counts as a failure of the supervisor.
    Escalated,
}

/// A supervisor that is held to the rules.
///
/// All calls come within a fresh current-thread runtime of tokio whose time is paused, and within its `LocalSet`: spawn
/// there. After each call the kit lets everything run until nothing can. Where an implementation runs otherwise, it uses
/// [`SupervisorUnderTest::run`] and [`SupervisorUnderTest::set_time`].
#[allow(unused_variables, reason = "the names of the arguments are part of the documentation")]
pub trait SupervisorUnderTest {
    /// What it is called in reports.
    fn name() -> String
    where
        Self: Sized;

    /// What it can do.
    fn capabilities() -> SupervisorCapabilities
    where
        Self: Sized;

    /// Makes a supervisor and starts its children; each takes its state from [`Watch::born`], with its position.
    ///
    /// A tick is a millisecond. Each mailbox has at least [`PLACES`](super::PLACES) places.
    fn make(parameters: &SupervisorParameters, watch: &Watch) -> Self
    where
        Self: Sized;

    /// Asks a child. The future must own what it needs; its first poll, at once, is when the message is sent.
    fn ask(&mut self, child: usize, task: Task) -> Pending<Answered>;

    /// Stops a child for good.
    fn stop(&mut self, child: usize) {}

    /// Restarts a child as planned.
    fn restart(&mut self, child: usize) {}

    /// What became of failures since the last call, in order.
    fn told(&mut self) -> Vec<(usize, Told)> {
        Vec::new()
    }

    /// Lets everything run that does not run in the `LocalSet`.
    fn run(&mut self) {}

    /// Says what time it is, where the time is not that of the runtime.
    fn set_time(&mut self, ticks: u64) {}
}
