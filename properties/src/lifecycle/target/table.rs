//! The transition table as text, and against the model's.

use std::fmt::Write as _;

use alys_models::lifecycle::{self as model, ModelState, ModelTrigger};

use super::{
    alys::lifecycle::{LifecycleState, Trigger, allowed, next},
    calls::{model_state, real_state, real_trigger},
};
use crate::violation::check_eq;

/// Writes the outcome of every trigger in every state, a line each, refusals with what they say.
#[must_use]
pub fn text() -> String {
    let mut text = String::new();
    for from in LifecycleState::ALL {
        for trigger in Trigger::ALL {
            let outcome = match next(from, trigger) {
                Ok(to) => to.to_string(),
                Err(refused) => format!("refused: {refused}"),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{:<13} | {trigger:<15} | {outcome}", from.to_string());
        }
    }
    text
}

/// Holds both tables against each other, for every pair of state and trigger and every pair of states.
///
/// # Panics
///
/// Raises a violation where they differ.
pub fn compare() {
    for from in ModelState::ALL {
        for trigger in ModelTrigger::ALL {
            let real = next(real_state(from), real_trigger(trigger)).ok().map(model_state);
            check_eq("LC-1", &format!("{from:?}, {trigger:?}"), &model::next(from, trigger), &real);
        }
        for to in ModelState::ALL {
            let real = allowed(real_state(from), real_state(to));
            check_eq("LC-1", &format!("{from:?} to {to:?}"), &model::allowed(from, to), &real);
        }
    }
}
