//! One execution of a script by threads of a controlled scheduler.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc as Untracked, OnceLock},
};

use alys_models::tracker::{TrackerLimits, TrackerModel, TrackerOutcome, TrackerTransition};

use super::{
    alys::{Arc, thread, tracker::OrderingTracker},
    calls::{self, Handles},
};
use crate::{
    concurrent::{Ran, Unexplained},
    linearizability::Recorder,
    tracker::history::{Script, judge},
};

/// What was observed. The schedulers do not see it: no thread is interrupted in it.
#[derive(Default)]
struct Observed {
    history: Recorder<TrackerTransition, TrackerOutcome>,
    /// The first panic of the code under test.
    panicked: OnceLock<String>,
}

/// Runs a script once, the first thread's part on the thread that is there already, and judges the history.
///
/// # Errors
///
/// What no order of the calls explains, or a panic of the code under test. Neither
/// unwinds past threads that are still in the middle of a call: the schedulers may abort the process then.
pub fn run(script: &Untracked<Script>) -> Result<Ran, Unexplained> {
    let limits = TrackerLimits { duplicates_kept: 1, reorderings_kept: 1, expected_max: 4 };
    let tracker = Arc::new(calls::tracker(&limits, 1));
    let (observed, mut handles) = (Untracked::new(Observed::default()), Handles::default());
    make(0, &script.before, &tracker, &mut handles, &observed);

    let others = (1..script.threads.len()).map(|number| {
        let (tracker, mut handles) = (Arc::clone(&tracker), handles.clone());
        let (observed, script) = (Untracked::clone(&observed), Untracked::clone(script));
        thread::spawn(move || make(number, &script.threads[number], &tracker, &mut handles, &observed))
    });
    let others: Vec<_> = others.collect();
    make(0, &script.threads[0], &tracker, &mut handles, &observed);
    for other in others {
        // A thread cannot panic: what it calls is caught.
        let _ = other.join();
    }
    make(0, &script.questions(), &tracker, &mut handles, &observed);

    if let Some(message) = observed.panicked.get() {
        let message = format!("panicked: {message}");
        return Err(Unexplained { message, ..Unexplained::default() });
    }
    judge(TrackerModel::new(limits), &observed.history.take())
}

/// Makes the calls of one thread, until one panics.
fn make(
    thread: usize,
    calls: &[TrackerTransition],
    tracker: &OrderingTracker,
    handles: &mut Handles,
    observed: &Observed,
) {
    for call in calls {
        let pending = observed.history.invoke(thread, call.clone());
        match catch_unwind(AssertUnwindSafe(|| calls::call(tracker, handles, call))) {
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
