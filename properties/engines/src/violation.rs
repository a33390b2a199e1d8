//! How a property says that a rule is broken.
//!
//! While a counterexample shrinks, the failing case runs hundreds of times. The default panic hook would cost a
//! millisecond each time and flood the terminal, so a violation is raised past the hook; its payload is a `String`,
//! the one type that every runner knows how to show.

use std::fmt;
use std::panic;

use crate::trace::note_detail;

/// A broken rule: which one, and what was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The id of the rule in docs/rules.md, such as `MB-2`.
    pub rule: &'static str,
    /// What was expected and what was observed, as a sentence with both sides in it.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.rule, self.message)
    }
}

impl std::error::Error for Violation {}

/// Raises a [`Violation`] without waking the panic hook.
///
/// The payload is the violation's text, so proptest, libtest and the sequential runner all show it.
///
/// # Panics
///
/// Always: that is its purpose.
#[cold]
pub fn violated(rule: &'static str, message: impl Into<String>) -> ! {
    let violation = Violation { rule, message: message.into() };
    panic::resume_unwind(Box::new(violation.to_string()))
}

/// Holds the real thing to the model on one point.
///
/// # Panics
///
/// Raises a [`Violation`] of `rule` that shows both sides when they differ.
#[inline]
pub fn check_eq<T: PartialEq + fmt::Debug + ?Sized>(rule: &'static str, what: &str, model: &T, real: &T) {
    note_detail(what, &model, &real);
    if model != real {
        differs(rule, what, model, real);
    }
}

/// Out of line, so that the formatting does not weigh on the comparisons that pass.
#[cold]
#[inline(never)]
fn differs<T: fmt::Debug + ?Sized>(rule: &'static str, what: &str, model: &T, real: &T) -> ! {
    violated(rule, format!("{what} differs: the model says {model:?}, the real one {real:?}"))
}

/// Returns the rule id that opens a violation's text, if the text is one.
///
/// Two upper-case letters, a hyphen and a number before the first colon; anything else is the message of a plain
/// panic in the code under test.
#[must_use]
pub fn rule_of(message: &str) -> Option<&str> {
    let (id, _) = message.split_once(": ")?;
    let (family, number) = id.split_once('-')?;
    let named = family.len() == 2 && family.bytes().all(|byte| byte.is_ascii_uppercase());
    (named && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}

/// What tells two failures apart: a case that fails of something else is another counterexample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause<'a> {
    /// The broken rule.
    Rule(&'a str),
    /// The place of the panic, as far as it is known.
    Panic(Option<&'a str>),
}

/// Returns what a failure with this text is told apart by.
#[must_use]
pub fn cause_of(message: &str) -> Cause<'_> {
    let place = || message.strip_prefix(PANICKED)?.split_once(": ").map(|(place, _)| place);
    rule_of(message).map_or_else(|| Cause::Panic(place()), Cause::Rule)
}

/// Opens the text of a plain panic whose place is known; the place and a colon follow.
pub(crate) const PANICKED: &str = "panicked at ";

/// Makes one step of a system under test; when it raises something, the system is leaked before that goes on.
///
/// A component that has just panicked may panic again while it is dropped, and a second panic during an unwinding ends
/// the process without a counterexample.
///
/// # Panics
///
/// With what the step raises.
pub fn guarded<S>(mut system: S, step: impl FnOnce(&mut S)) -> S {
    match panic::catch_unwind(panic::AssertUnwindSafe(|| step(&mut system))) {
        Ok(()) => system,
        Err(raised) => {
            std::mem::forget(system);
            panic::resume_unwind(raised)
        }
    }
}

/// Runs a check and returns what it raised: a violation's text, or the message of a plain panic.
///
/// For engines that explore by themselves, such as loom; the panic hook keeps silent about violations only.
///
/// # Errors
///
/// The text that the check was stopped with.
pub fn caught<T>(check: impl FnOnce() -> T) -> Result<T, String> {
    panic::catch_unwind(panic::AssertUnwindSafe(check)).map_err(|payload| {
        match payload.downcast::<String>() {
            Ok(text) => *text,
            Err(payload) => match payload.downcast::<&'static str>() {
                Ok(text) => (*text).to_owned(),
                Err(_) => "a panic without a message".to_owned(),
            },
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_violation_carries_its_text_and_both_sides() {
        let payload = panic::catch_unwind(|| check_eq("MB-1", "the length", &3, &4)).unwrap_err();
        let text = payload.downcast_ref::<String>().unwrap();
        assert_eq!(text, "MB-1: the length differs: the model says 3, the real one 4");
        assert_eq!(rule_of(text), Some("MB-1"));
    }

    #[test]
    fn panics_are_told_apart_by_their_places() {
        let at = |line: u32, text: &str| format!("{PANICKED}twin/mailbox/core.rs:{line}:9: {text}");
        assert_eq!(cause_of(&at(3, "one")), cause_of(&at(3, "two: MB-1: three")));
        assert_ne!(cause_of(&at(3, "one")), cause_of(&at(4, "one")));
        assert_ne!(cause_of(&at(3, "one")), cause_of("MB-1: one"));
        assert_eq!(cause_of("MB-1: one"), Cause::Rule("MB-1"));
        assert_eq!((cause_of("one"), cause_of("two")), (Cause::Panic(None), Cause::Panic(None)));
    }

    #[test]
    fn a_plain_panic_names_no_rule() {
        for text in ["index out of bounds: the len is 3", "MB-: x", "mb-1: x", "MB-1 x", "MB-x: y", ""] {
            assert_eq!(rule_of(text), None, "{text}");
        }
    }
}
