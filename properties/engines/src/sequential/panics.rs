//! Panics of the code under test: kept for the report, kept off the terminal.
//!
//! A failing case runs again for every candidate of the shrinker, and components under test panic on purpose. The hook
//! is installed once for the process and is silent only on threads that are inside a case; everywhere else the hook
//! that was there before speaks.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::violation::PANICKED;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
    /// The message and place of the last panic that the hook kept quiet on this thread.
    static LAST: RefCell<Option<(String, String)>> = const { RefCell::new(None) };
}

/// Marks this thread as inside a case until it is dropped.
#[must_use]
struct Quiet;

impl Quiet {
    fn enter() -> Self {
        prepare_panic_hook();
        DEPTH.set(DEPTH.get() + 1);
        Self
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}

/// Installs the hook of this module, once a process.
///
/// Shuttle's first run puts a hook of its own before the one that is there; it would talk about tasks at every later
/// panic, those with which loom unwinds its threads included. So it is let do that first, and the hook put back.
pub fn prepare_panic_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(install);
}

fn install() {
    let previous = panic::take_hook();
    let mut config = shuttle::Config::new();
    config.silence_warnings = true;
    let once = shuttle::scheduler::RandomScheduler::new_from_seed(0, 1);
    shuttle::Runner::new(once, config).run(|| ());
    panic::set_hook(Box::new(move |info| {
        if DEPTH.get() == 0 {
            return previous(info);
        }
        let place = info.location().map(|place| on_every_machine(&place.to_string()).to_owned());
        let place = place.unwrap_or_default();
        let message = text(info.payload());
        LAST.with_borrow_mut(|last| *last = Some((message, place)));
    }));
}

/// Runs one case, or a part of one, and returns what it came to or the message it failed with.
pub fn quietly<R>(case: impl FnOnce() -> R) -> Result<R, String> {
    let quiet = Quiet::enter();
    let result = panic::catch_unwind(AssertUnwindSafe(case));
    drop(quiet);
    result.map_err(|payload| {
        let message = text(&*payload);
        // A component may have caught an earlier panic itself, and violations pass the hook by: the place is told
        // only when the hook saw this very message.
        match LAST.take() {
            Some((seen, place)) if seen == message => format!("{PANICKED}{place}: {message}"),
            _ => message,
        }
    })
}

/// Shortens the place of a panic in a twin, which lies where this machine builds, to what means the same on every machine.
fn on_every_machine(place: &str) -> &str {
    place.rfind("/out/twin/").map_or(place, |at| &place[at + "/out/".len()..])
}

fn text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&'static str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic whose payload is not text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::violation::violated;

    #[test]
    fn a_plain_panic_tells_its_place() {
        let message = quietly(|| panic!("number {}", 7)).unwrap_err();
        assert!(message.starts_with("panicked at properties/engines/src/sequential/panics.rs:"), "{message}");
        assert!(message.ends_with(": number 7"), "{message}");
    }

    #[test]
    fn a_place_in_a_twin_names_no_machine() {
        assert_eq!(on_every_machine("/a/build/x-1/out/twin/mailbox/core.rs:1:2"), "twin/mailbox/core.rs:1:2");
        assert_eq!(on_every_machine("properties/src/small.rs:3:4"), "properties/src/small.rs:3:4");
    }

    #[test]
    fn a_violation_after_a_caught_panic_keeps_its_own_text() {
        let message = quietly(|| {
            assert!(panic::catch_unwind(|| panic!("caught")).is_err());
            violated("MB-1", "too long");
        });
        assert_eq!(message, Err("MB-1: too long".to_owned()));
    }

    #[test]
    fn the_thread_speaks_again_afterwards() {
        assert!(quietly(|| panic::panic_any(7_u8)).is_err());
        assert_eq!(DEPTH.get(), 0);
        assert_eq!(quietly(|| ()), Ok(()));
    }
}
