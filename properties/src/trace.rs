//! Everything that adapters saw, line by line: what two runs of one seed must have in common, byte for byte.

use std::{
    cell::RefCell,
    fmt::{Debug, Write as _},
};

thread_local! {
    static LINES: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Writes one line, if this thread is being traced.
#[inline]
pub fn note(what: &str, seen: &dyn Debug) {
    LINES.with_borrow_mut(|lines| {
        if let Some(lines) = lines {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "{what}: {seen:?}");
        }
    });
}

/// Runs something on this thread and returns what the adapters saw meanwhile.
pub fn of(run: impl FnOnce()) -> String {
    LINES.set(Some(String::new()));
    run();
    LINES.take().unwrap_or_default()
}
