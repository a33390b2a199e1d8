//! The crash engine: whatever stores is stopped at every operation of its disk, with every kind of loss.
//!
//! A store is described by a reference that says what it shows and what may be found of it after a crash ([`Durable`]),
//! and by an adapter that opens it over a simulated [`Disk`] ([`Store`]). A case is run once without a crash, which counts
//! its operations. Then it is run up to each of them; from what is pending there, each [`Survivors`] makes an image,
//! and a store is opened on it. It must recover, and what it has found must be one of the states that the reference allows.
//! The recovery is crashed at each of its own operations and done again, and the recovered store goes on for some
//! transitions and crashes once more. At last each operation fails alone, as if the disk had an error.
//!
//! The laws, under whose ids violations are reported:
//! - CR-1: without a crash every transition is acknowledged, and the store shows what the reference says;
//! - CR-2: whatever survives a crash at any operation, recovery succeeds;
//! - CR-3: it finds what was acknowledged, and what was in flight either as a whole or not at all, and nothing else;
//! - CR-4: both hold when the recovery is crashed at any of its operations and done again;
//! - CR-5: both hold for what a recovered store acknowledges from there on;
//! - CR-6: after an error of the disk a store acknowledges nothing until it is opened again, and CR-2 and CR-3 hold.
//!
//! [`Crashed`] is a state machine test like any other: its cases are generated, stored, replayed and minimised by the
//! sequential engine, and enumerated by the exhaustive one. Operations are tried in their order and survivors from the
//! simplest on, so the crash that a counterexample tells is the earliest and simplest of its transitions.

mod course;
mod disk;
mod image;
mod report;
pub mod wal;

use std::{
    fmt::{Debug, Display},
    marker::PhantomData,
};

use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};

pub use self::{
    disk::{Disk, File, Fuse},
    image::Survivors,
    report::{CrashFailure, CrashReport, run, run_exactly},
};
use crate::{
    crash::course::Course,
    sequential::{StateOf, TransitionOf},
    small::Small,
};

/// What a reference says about crashes.
pub trait Durable: Small {
    /// What a store is found to hold.
    type Found: PartialEq + Debug;

    /// What a store shows in this state as long as nothing has crashed.
    fn shown(state: &Self::State) -> Self::Found;

    /// All that may be found after a crash in this state, with nothing in flight: what was acknowledged is in each.
    fn possible(state: &Self::State) -> Vec<Self::Found>;

    /// The state in which a store goes on that began as `initial` did and has recovered this.
    fn resumed(initial: &Self::State, found: &Self::Found) -> Self::State;
}

/// How much of a case is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// All that survives in whole choices, three of each sampled one, and a second crash everywhere behind each of them.
    Whole,
    /// One of each kind of what survives at each operation, which one following from its number. Behind every one of so
    /// many the recovery is crashed at one of its operations, and the recovered store goes on and is crashed again.
    ///
    /// For stores that take milliseconds to open.
    Sampled {
        /// Behind how many images one is crashed twice.
        again: u64,
    },
}

/// Something that stores, over a simulated disk.
pub trait Store: Sized {
    /// How much of a case is tried.
    const EFFORT: Effort = Effort::Whole;

    /// What it is held to.
    type Reference: Durable;
    /// Why it could not do something.
    type Error: Display;

    /// Opens it as the case wants it: makes a new one on an empty disk, else recovers what is there.
    ///
    /// # Errors
    ///
    /// When the disk fails, or what is there makes no sense.
    fn open(
        disk: &Disk,
        initial: &<Self::Reference as ReferenceStateMachine>::State,
    ) -> Result<Self, Self::Error>;

    /// Makes a transition; with `Ok` it is acknowledged.
    ///
    /// # Errors
    ///
    /// When the disk fails, now or before.
    fn apply(
        &mut self,
        transition: &<Self::Reference as ReferenceStateMachine>::Transition,
    ) -> Result<(), Self::Error>;

    /// Tells all that it holds.
    fn found(&self) -> <Self::Reference as Durable>::Found;
}

/// A store as a state machine test: when its transitions are known, it is crashed everywhere.
#[derive(Clone, Copy, Debug)]
pub struct Crashed<S>(PhantomData<S>);

/// A case as it is collected.
pub struct Collected<R: ReferenceStateMachine> {
    /// The states of the reference, the initial one first.
    states: Vec<R::State>,
    transitions: Vec<R::Transition>,
}

impl<R: ReferenceStateMachine> Debug for Collected<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.transitions).finish()
    }
}

impl<S: Store> StateMachineTest for Crashed<S> {
    type SystemUnderTest = Collected<S::Reference>;
    type Reference = S::Reference;

    fn init_test(state: &StateOf<Self>) -> Self::SystemUnderTest {
        Collected { states: vec![state.clone()], transitions: Vec::new() }
    }

    fn apply(
        mut case: Self::SystemUnderTest,
        state: &StateOf<Self>,
        transition: TransitionOf<Self>,
    ) -> Self::SystemUnderTest {
        case.states.push(state.clone());
        case.transitions.push(transition);
        case
    }

    fn teardown(case: Self::SystemUnderTest, _: StateOf<Self>) {
        Course::<S>::new(&case.states, &case.transitions).crash_everywhere();
    }
}
