//! One execution of a script by threads of a controlled scheduler.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc as Untracked, OnceLock},
};

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition};

use super::{
    alys::{Arc, lifecycle::Registry, thread},
    calls,
};
use crate::{
    lifecycle::history::{Script, judge},
    linearizability::{History, Recorder},
};

/// The entries kept of each history: fewer than a script makes, so that dropping races as well.
const HISTORY_KEPT: usize = 3;

/// Enough for the first two actors to be in different ones.
const SHARDS: usize = 2;

/// What was observed. The schedulers do not see it: no thread is interrupted in it.
#[derive(Default)]
struct Observed {
    history: Recorder<LifecycleTransition, LifecycleOutcome>,
    /// The first panic of the code under test.
    panicked: OnceLock<String>,
}

/// Runs a script once, the first thread's part on the thread that is there already, and judges the history.
///
/// # Errors
///
/// The text of the violation when no order of the calls explains it, or of a panic of the code under test. Neither
/// unwinds past threads that are still in the middle of a call: the schedulers may abort the process then.
pub fn run(script: &Untracked<Script>) -> Result<History<LifecycleTransition, LifecycleOutcome>, String> {
    let registry = Arc::new(calls::registry(HISTORY_KEPT, SHARDS));
    let observed = Untracked::new(Observed::default());
    make(0, &script.before, &registry, &observed);

    let others = (1..script.threads.len()).map(|number| {
        let registry = Arc::clone(&registry);
        let (observed, script) = (Untracked::clone(&observed), Untracked::clone(script));
        thread::spawn(move || make(number, &script.threads[number], &registry, &observed))
    });
    let others: Vec<_> = others.collect();
    make(0, &script.threads[0], &registry, &observed);
    for other in others {
        // A thread cannot panic: what it calls is caught.
        let _ = other.join();
    }
    make(0, &script.questions(), &registry, &observed);

    if let Some(message) = observed.panicked.get() {
        return Err(format!("panicked: {message}"));
    }
    let history = observed.history.take();
    judge(LifecycleModel::new(HISTORY_KEPT), &history).map_err(|violation| violation.to_string())?;
    Ok(history)
}

/// Makes the calls of one thread, until one panics.
fn make(thread: usize, calls: &[LifecycleTransition], registry: &Registry, observed: &Observed) {
    for call in calls {
        let pending = observed.history.invoke(thread, call.clone());
        match catch_unwind(AssertUnwindSafe(|| calls::call(registry, call))) {
            Ok(answer) => observed.history.returned(pending, answer),
            Err(payload) => {
                // Only the first is told.
                let _ = observed.panicked.set(text(payload));
                return;
            }
        }
    }
}

/// The message of a panic; what has none is a scheduler that takes its thread back.
fn text(payload: Box<dyn Any + Send>) -> String {
    match payload.downcast::<String>() {
        Ok(text) => *text,
        Err(payload) => match payload.downcast::<&'static str>() {
            Ok(text) => (*text).to_owned(),
            Err(payload) => resume_unwind(payload),
        },
    }
}
