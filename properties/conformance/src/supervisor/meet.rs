//! Which situations a step has met. Of a child that is gone against the model, what the model says of it was not met.

use alys_models::supervision::ModelVerdict;

use super::{
    blame::Scene,
    clauses::{
        ESCALATED, FAILED, FRESH, INTENSITY, NEVER, ONCE, ONE, PANICKED, PLANNED, QUEUED, SCHEDULED,
        SIBLINGS, SILENT, STOPPED, TOLD,
    },
    life::Reply,
    past::Why,
    steps::SupervisorStep,
    subject::Answered,
    world::World,
};
use crate::court::met;

impl Scene<'_> {
    /// Notes the situations of the step; they count if nothing has differed in it.
    pub(super) fn meet(&self, before: &World) {
        let children = self.was.len();
        self.meet_verdicts(before);
        self.moment.interrupted.iter().filter(|child| !self.was_lost(**child)).for_each(|_| met(&ONCE));
        (0..children).filter(|child| self.is_born(*child)).for_each(|child| self.meet_birth(child, before));
        let fresh = self.expected.answers.iter().filter(|(id, answer)| {
            let gone = self.past.asked.get(id).is_none_or(|(child, _)| self.is_lost(*child));
            !gone && matches!(answer, Answered::Reply(Reply { incarnation: 2.., .. }))
        });
        fresh.for_each(|_| met(&FRESH));
        let timers = self.expected.timers.iter().filter(|(child, _)| !self.is_lost(*child));
        timers.for_each(|_| met(&SCHEDULED));
        if let SupervisorStep::Ask(child, _) = self.step
            && self.past.stopped.contains(&(usize::from(child) % children))
        {
            met(&STOPPED);
        }
    }

    fn is_lost(&self, child: usize) -> bool {
        self.past.lost.contains(&child)
    }

    /// Whether it was lost before this step: it has had fewer incarnations than the model said even then.
    fn was_lost(&self, child: usize) -> bool {
        self.is_lost(child) && self.seen.born[child] < self.was[child]
    }

    /// Whether the step brought a new incarnation of a child that is not gone.
    fn is_born(&self, child: usize) -> bool {
        let seen = self.seen.born[child] > self.was[child];
        seen && self.expected.born[child] > self.was[child] && !self.is_lost(child)
    }

    /// Failures were met, also that of a child that is lost by it: it is gone, and its siblings are not.
    fn meet_verdicts(&self, before: &World) {
        let living = before.stands().living;
        for (child, verdict) in self.moment.verdicts.iter().filter(|(child, _)| !self.was_lost(*child)) {
            met(&SILENT);
            met(&TOLD);
            match verdict {
                ModelVerdict::Stop => met(&NEVER),
                ModelVerdict::Escalate => {
                    met(&INTENSITY);
                    met(&ESCALATED);
                }
                ModelVerdict::Restart(..) | ModelVerdict::Join => {}
            }
            let stays =
                |one: &usize| living[*one] == 1 && self.expected.living[*one] == 1 && !self.is_lost(*one);
            let others = (0..self.was.len()).filter(|one| one != child);
            if others.filter(stays).count() > 0 && self.past.why[*child] == Some(Why::Panicked) {
                met(&SIBLINGS);
            }
        }
    }

    fn meet_birth(&self, child: usize, before: &World) {
        let made = self.expected.born[child];
        let begun = self.expected.begun.iter().any(|(of, by, _)| (*of, *by) == (child, made));
        if begun && before.queued(child) > 0 {
            met(&QUEUED);
        }
        if before.has_timer(child) {
            met(&SCHEDULED);
        }
        if matches!(self.step, SupervisorStep::Restart(_)) {
            met(&PLANNED);
        } else if self.past.is_own(child) && !self.past.above {
            met(self.past.strategy(child));
            met(if self.past.why[child] == Some(Why::Panicked) { &PANICKED } else { &FAILED });
            let living = before.stands().living;
            let unmoved = |one: usize| living[one] == 1 && self.expected.born[one] == self.was[one];
            if (0..self.was.len()).any(|one| one != child && unmoved(one) && !self.is_lost(one)) {
                met(&ONE);
            }
        } else {
            met(if self.past.above { &ESCALATED } else { self.past.group() });
        }
    }
}
