//! Makes a failing program short together with its schedule.

use super::{Found, ProgramOf, Racing, Switches, Unexplained, run};
use crate::violation::cause_of;

/// How many candidates are tried at most.
const CANDIDATES_MAX: usize = 400;

/// Schedules of each kind that a shorter program is tried under, when the one that it has does not break it.
const SCHEDULES: usize = 40;

/// Where these schedules start.
const SEED: u64 = 0x5EED;

/// Leaves out actions, then switches, as long as the same rule is broken.
pub(super) fn minimised<R: Racing>(found: Found<R>) -> Found<R> {
    let mut minimiser = Minimiser { found, left: CANDIDATES_MAX };
    while minimiser.actions() {}
    while minimiser.switches() {}
    minimiser.found
}

struct Minimiser<R: Racing> {
    found: Found<R>,
    left: usize,
}

impl<R: Racing> Minimiser<R> {
    /// Leaves out one window of actions, the largest first; says whether one could go.
    fn actions(&mut self) -> bool {
        let total = self.found.program.prefix.len() + self.found.program.calls();
        let mut size = total.div_ceil(2);
        while size > 0 {
            for start in 0..=total - size {
                let candidate = without(&self.found.program, start, size);
                if self.take_program(candidate) {
                    return true;
                }
            }
            size /= 2;
        }
        false
    }

    /// Leaves out one window of switches, the largest first.
    fn switches(&mut self) -> bool {
        let total = self.found.switches.0.len();
        let mut size = total;
        while size > 0 {
            for start in 0..=total - size {
                let mut candidate = self.found.switches.clone();
                candidate.0.drain(start..start + size);
                if self.take_schedule(&candidate) {
                    return true;
                }
            }
            size /= 2;
        }
        false
    }

    fn take_program(&mut self, candidate: ProgramOf<R>) -> bool {
        if !self.may_try() {
            return false;
        }
        let here = run::replay::<R>(&candidate, &self.found.switches);
        let here = here.1.map(|unexplained| (here.0, unexplained)).filter(|(_, one)| self.is_same(one));
        let broken =
            here.or_else(|| run::find::<R>(&candidate, SEED, SCHEDULES).filter(|(_, one)| self.is_same(one)));
        let Some((switches, unexplained)) = broken else { return false };
        self.found = Found { program: candidate, switches, unexplained, tried: self.found.tried };
        true
    }

    fn take_schedule(&mut self, candidate: &Switches) -> bool {
        if !self.may_try() {
            return false;
        }
        let (made, broken) = run::replay::<R>(&self.found.program, candidate);
        let Some(unexplained) = broken.filter(|one| self.is_same(one)) else { return false };
        // Where a switch could not be made, the schedule that was followed is another one.
        let shorter = made.0.len() < self.found.switches.0.len();
        if shorter {
            (self.found.switches, self.found.unexplained) = (made, unexplained);
        }
        shorter
    }

    fn may_try(&mut self) -> bool {
        let may = self.left > 0;
        self.left = self.left.saturating_sub(1);
        may
    }

    fn is_same(&self, unexplained: &Unexplained) -> bool {
        cause_of(&unexplained.message) == cause_of(&self.found.unexplained.message)
    }
}

/// The program without a window of its actions, counted through the prefix and then branch by branch.
fn without<P: Clone, A: Clone>(
    program: &super::Program<P, A>,
    start: usize,
    size: usize,
) -> super::Program<P, A> {
    let mut number = 0;
    let mut kept = |actions: &[A]| -> Vec<A> {
        let first = number;
        number += actions.len();
        let here = actions.iter().zip(first..);
        here.filter(|(_, number)| !(start..start + size).contains(number))
            .map(|(action, _)| action.clone())
            .collect()
    };
    let prefix = kept(&program.prefix);
    let branches = program.branches.iter().map(|branch| kept(branch)).collect();
    super::Program { parameters: program.parameters.clone(), prefix, branches }
}
