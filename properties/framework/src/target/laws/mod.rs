//! Laws of the framework, each for all inputs that matter.

mod checks;
mod configuration;
mod figures;
mod merging;
mod records;
mod replaying;
mod reports;
mod runs;
mod validators;

use crate::planted::Law;

/// Holds one law.
///
/// # Panics
///
/// When it does not hold, with what it found.
pub fn hold(law: Law) {
    match law {
        Law::Checks => checks::all(),
        Law::Configuration => configuration::all(),
        Law::Figures => figures::all(),
        Law::Merging => merging::all(),
        Law::Records => records::all(),
        Law::Replaying => replaying::all(),
        Law::Reports => reports::all(),
        Law::Runs => runs::all(),
        Law::Validators => validators::all(),
    }
}
