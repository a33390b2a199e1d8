//! Everything that adapters compared: as lines, which two runs of one seed must have in common byte for byte, or as pairs of
//! what the model says and what the real one showed, from which a counterexample is drawn.

use std::{
    cell::{Cell, RefCell},
    fmt::{Debug, Display, Write as _},
};

/// One point on which the real thing was held to the model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What was compared.
    pub what: String,
    /// What the model says.
    pub model: String,
    /// What the real one showed.
    pub real: String,
    /// Whether it is a part or a consequence of what is noted anyway: of interest only where the sides differ.
    pub detail: bool,
}

/// What a thread keeps of the comparisons that it makes.
enum Kept {
    Lines(String),
    Pairs(Vec<Compared>),
}

thread_local! {
    /// Whether this thread is being traced: one byte to look at where nothing is kept.
    static TRACED: Cell<bool> = const { Cell::new(false) };
    static KEPT: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Notes one comparison, if this thread is being traced.
#[inline]
pub fn note(what: impl Display, model: &dyn Debug, real: &dyn Debug) {
    if TRACED.get() {
        keep(&what, model, real, false);
    }
}

/// Notes a comparison of a part, or of a consequence, of what is noted anyway.
#[inline]
pub(crate) fn note_detail(what: impl Display, model: &dyn Debug, real: &dyn Debug) {
    if TRACED.get() {
        keep(&what, model, real, true);
    }
}

/// Out of line, so that the formatting does not weigh on runs that nobody traces.
#[cold]
#[inline(never)]
fn keep(what: &dyn Display, model: &dyn Debug, real: &dyn Debug, detail: bool) {
    KEPT.with_borrow_mut(|kept| match kept {
        None => {}
        // Writing to a string cannot fail.
        Some(Kept::Lines(lines)) => drop(writeln!(lines, "{what}: {real:?}")),
        Some(Kept::Pairs(pairs)) => {
            let (model, real) = (format!("{model:?}"), format!("{real:?}"));
            let compared = Compared { what: what.to_string(), model, real, detail };
            // What is noted as a whole may be compared by its parts.
            if pairs.last() != Some(&compared) {
                pairs.push(compared);
            }
        }
    });
}

/// Runs something on this thread and returns what the adapters saw meanwhile, line by line.
pub fn of(run: impl FnOnce()) -> String {
    match keeping(Kept::Lines(String::new()), run) {
        ((), Some(Kept::Lines(lines))) => lines,
        _ => String::new(),
    }
}

/// Runs something on this thread and returns its result with every comparison that was made meanwhile.
pub fn compared<R>(run: impl FnOnce() -> R) -> (R, Vec<Compared>) {
    match keeping(Kept::Pairs(Vec::new()), run) {
        (result, Some(Kept::Pairs(pairs))) => (result, pairs),
        (result, _) => (result, Vec::new()),
    }
}

/// Whoever is traced meanwhile is traced alone: an outer trace goes on afterwards.
fn keeping<R>(kept: Kept, run: impl FnOnce() -> R) -> (R, Option<Kept>) {
    let outer = (KEPT.replace(Some(kept)), TRACED.replace(true));
    let result = run();
    TRACED.set(outer.1);
    (result, KEPT.replace(outer.0))
}
