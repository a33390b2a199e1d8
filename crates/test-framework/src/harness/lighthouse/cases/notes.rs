//! Scenarios and what they note.

use alys_consensus_properties::stage::run;

use crate::{
    event::TestEventType,
    judge::Quantity,
    run::said,
    stage::{DriveError, Driven, Stage},
};

/// One thing that was seen.
struct Noted {
    kind: TestEventType,
    source: String,
    what: Quantity,
    came: Quantity,
}

/// What a scenario has seen so far.
#[derive(Default)]
pub(super) struct Notes(Vec<Noted>);

impl Notes {
    /// Notes what was done or looked at, and what came of it.
    pub(super) fn note(
        &mut self,
        kind: TestEventType,
        source: &str,
        what: impl Into<Quantity>,
        came: impl Into<Quantity>,
    ) {
        self.0.push(Noted { kind, source: source.to_owned(), what: what.into(), came: came.into() });
    }
}

/// Plays a scenario with the seed of the test, and writes down what it has noted.
///
/// It has a thread and a runtime of its own: sockets know no virtual time, so that of the scenario is shown by a clock that it moves
/// itself, and nothing ever waits for the wall's. Both ends of every line are on that thread, which gives up when nothing happens any
/// more.
pub(super) async fn play<S>(stage: Stage, scenario: S) -> Driven
where
    S: AsyncFnOnce(u64, &mut Notes) -> Driven + Send + 'static,
{
    let seed = stage.seed();
    let played = std::thread::spawn(move || {
        let mut notes = Notes::default();
        let driven = run(scenario(seed, &mut notes));
        (notes, driven)
    });
    let (notes, driven) = played.join().map_err(|panic| DriveError(said(&*panic)))?;
    for Noted { kind, source, what, came } in notes.0 {
        stage.record(kind, &source, [("what", what), ("came", came)]);
    }
    driven
}

/// Says what was being done when something could not be.
pub(super) fn at<E: std::fmt::Display>(doing: &'static str) -> impl Fn(E) -> DriveError {
    move |error| DriveError::new(doing, error)
}
