//! Where panics end.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use super::super::supervision::FailureReason;

/// Runs what may panic, and says how it failed.
///
/// # Errors
///
/// [`FailureReason::Panicked`] with the message of the panic.
pub(super) fn caged<T>(action: impl FnOnce() -> T) -> Result<T, FailureReason> {
    catch_unwind(AssertUnwindSafe(action)).map_err(panicked)
}

/// The failure that a panic is.
pub(super) fn panicked(payload: Box<dyn Any + Send>) -> FailureReason {
    FailureReason::Panicked(message(payload))
}

/// The message of a panic. Its payload is dropped here, and may panic in turn; that one's payload is never dropped.
fn message(payload: Box<dyn Any + Send>) -> String {
    let text = payload.downcast_ref::<&'static str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    if let Err(second) = catch_unwind(AssertUnwindSafe(move || drop(payload))) {
        std::mem::forget(second);
    }
    text.unwrap_or_else(|| "a payload that is not text".to_owned())
}

/// Drops what may panic while it is dropped.
///
/// # Errors
///
/// As [`caged`].
pub(super) fn dropped<T>(value: T) -> Result<(), FailureReason> {
    caged(move || drop(value))
}
