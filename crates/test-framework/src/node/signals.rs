//! Signals that tell a process to end.

use std::io;

/// Waits for signals.
#[cfg(unix)]
pub(super) struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    /// Takes the signals from now on: none of them ends the process by itself any more.
    pub(super) fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    /// The next signal, by its number and name.
    pub(super) async fn next(&mut self) -> (i32, &'static str) {
        use tokio::signal::unix::SignalKind;
        tokio::select! {
            biased;
            _ = self.terminate.recv() => (SignalKind::terminate().as_raw_value(), "SIGTERM"),
            _ = self.interrupt.recv() => (SignalKind::interrupt().as_raw_value(), "SIGINT"),
        }
    }
}

/// Waits for signals.
#[cfg(not(unix))]
pub(super) struct Signals;

#[cfg(not(unix))]
impl Signals {
    /// Takes the signals from now on.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self)
    }

    /// The next signal, by its number and name.
    pub(super) async fn next(&mut self) -> (i32, &'static str) {
        // What cannot be listened to never comes.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        (2, "SIGINT")
    }
}
