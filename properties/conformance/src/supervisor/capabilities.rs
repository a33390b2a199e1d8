//! What a supervisor can do, as data: it decides which clauses apply and what is generated.

use alys_models::supervision::ModelGroup;

/// A kind of restart strategy (SV-3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestartKind {
    /// At once.
    Always,
    /// Not at all.
    Never,
    /// After a fixed delay.
    Fixed,
    /// After delays that grow up to a bound.
    Backoff,
}

/// What a supervisor can do.
///
/// Whatever is left out of [`SupervisorCapabilities::NONE`] is neither called nor judged, and a clause that needs it does
/// not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools, reason = "each capability is there or not, whatever the others are")]
pub struct SupervisorCapabilities {
    /// How many children it can have at once; the kit uses up to 3. 0: there is no way to have one.
    pub children: u8,
    /// The restart strategies.
    pub restarts: &'static [RestartKind],
    /// Who is restarted with a failed child. Empty is the same as one-for-one alone.
    pub groups: &'static [ModelGroup],
    /// Whether restarts within a window are counted and limited.
    pub intensity: bool,
    /// Whether a supervisor can have a supervisor.
    pub above: bool,
    /// Whether children may panic. Name it, since every handler can.
    pub panics: bool,
    /// Whether a child can say that it cannot go on.
    pub fails: bool,
    /// Whether a child can stop for good by itself.
    pub stops_itself: bool,
    /// Whether a child can be stopped from outside.
    pub stop: bool,
    /// Whether a child can be restarted from outside.
    pub restart: bool,
    /// Whether a handler can wait and keep its child for itself.
    pub waits: bool,
    /// Whether a handler can wait while others are run.
    pub waits_aside: bool,
    /// Whether a child can set a timer.
    pub timers: bool,
    /// Whether it tells what becomes of failures.
    pub tells: bool,
}

impl SupervisorCapabilities {
    /// Nothing at all: name what there is, and take the rest from here.
    pub const NONE: SupervisorCapabilities = SupervisorCapabilities {
        children: 0,
        restarts: &[],
        groups: &[],
        intensity: false,
        above: false,
        panics: false,
        fails: false,
        stops_itself: false,
        stop: false,
        restart: false,
        waits: false,
        waits_aside: false,
        timers: false,
        tells: false,
    };
}
