//! A circuit breaker: whom nothing is asked for a while.

use std::collections::VecDeque;

use crate::config::Settings;

/// The circuit breaker of one peer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// The peer may be asked.
    Closed {
        /// When it has failed within the window, oldest first.
        failures: VecDeque<u64>,
    },
    /// The peer is not asked before a time.
    Open {
        /// That time.
        until: u64,
    },
    /// One request was let through, and decides.
    HalfOpen,
}

impl Default for Breaker {
    fn default() -> Self {
        Breaker::Closed { failures: VecDeque::new() }
    }
}

impl Breaker {
    /// When a request may be sent; `None` while the probe is not answered.
    pub(super) fn available_at(&self) -> Option<u64> {
        match self {
            Self::Closed { .. } => Some(0),
            Self::Open { until } => Some(*until),
            Self::HalfOpen => None,
        }
    }

    /// A request is sent.
    pub(super) fn asked(&mut self) {
        if matches!(self, Self::Open { .. }) {
            *self = Self::HalfOpen;
        }
    }

    /// A request has succeeded. What is open stays so: that request was sent before.
    pub(super) fn succeeded(&mut self) {
        if matches!(self, Self::HalfOpen) {
            *self = Self::default();
        }
    }

    /// A request has failed at a time.
    pub(super) fn failed(&mut self, settings: &Settings, now: u64) {
        let open = Self::Open { until: now.saturating_add(settings.breaker_open) };
        match self {
            Self::Open { .. } => {}
            Self::HalfOpen => *self = open,
            Self::Closed { failures } => {
                failures.retain(|at| now < at.saturating_add(settings.breaker_window));
                failures.push_back(now);
                if failures.len() as u64 >= settings.breaker_failures {
                    *self = open;
                }
            }
        }
    }

    /// A request has decided nothing, and nothing more comes of it. If it was the probe, the next one is let through.
    pub(super) fn undecided(&mut self, now: u64) {
        if matches!(self, Self::HalfOpen) {
            *self = Self::Open { until: now };
        }
    }
}
