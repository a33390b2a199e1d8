//! Which clauses a difference breaks. The first kind of difference in a step is blamed, and not what follows from it.

use std::collections::BTreeMap;

use alys_models::supervision::{ModelGroup, ModelStrategy, ModelVerdict};

use super::{
    capabilities::{RestartKind, SupervisorCapabilities},
    clauses::{
        ESCALATED, FAILED, FRESH, INTENSITY, NEVER, NOW, ONCE, PANICKED, PLANNED, QUEUED, SCHEDULED,
        SIBLINGS, SILENT, STOPPED, TOLD,
    },
    past::{Past, Why},
    steps::SupervisorStep,
    subject::{Answered, Told},
    world::{Moment, Observed, is_delayed},
};
use crate::{
    clause::Clause,
    court::{self, Differences},
};

/// One step, as the model has it and as it was seen.
pub(super) struct Scene<'a> {
    pub(super) able: &'a SupervisorCapabilities,
    pub(super) past: &'a Past,
    pub(super) step: SupervisorStep,
    pub(super) moment: &'a Moment,
    /// How many incarnations each child had had before.
    pub(super) was: &'a [u64],
    pub(super) expected: &'a Observed,
    pub(super) seen: &'a Observed,
}

impl Scene<'_> {
    /// What differs, by the clauses that it breaks.
    pub(super) fn differences(&self) -> Differences {
        let kinds: [fn(&Self) -> Differences; 7] =
            [Self::grants, Self::births, Self::living, Self::begun, Self::answers, Self::timers, Self::told];
        kinds.into_iter().map(|kind| kind(self)).find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Who tells its verdicts is held to the right ones before anything else.
    fn grants(&self) -> Differences {
        let pairs = self.expected.told.iter().zip(&self.seen.told);
        let wrong = pairs.filter(|(should, is)| {
            let both = [should.1, is.1];
            should.0 == is.0 && should.1 != is.1 && both.contains(&Told::Escalated)
        });
        let message = |should: &(usize, Told), is: &(usize, Told)| {
            format!("the failure of child {} is {:?}, and the rules say {:?}", is.0, is.1, should.1)
        };
        wrong.map(|(should, is)| (&INTENSITY, message(should, is))).collect()
    }

    fn births(&self) -> Differences {
        let mut differences = Vec::new();
        for (child, (should, is)) in self.expected.born.iter().zip(&self.seen.born).enumerate() {
            let clauses = match is.cmp(should) {
                _ if self.past.lost.contains(&child) => continue,
                std::cmp::Ordering::Equal => continue,
                std::cmp::Ordering::Less => self.not_restarted(child),
                std::cmp::Ordering::Greater => vec![self.restarted(child)],
            };
            let message = format!("child {child} has had {is} incarnations, and the rules say {should}");
            differences.extend(clauses.into_iter().map(|clause| (clause, message.clone())));
        }
        differences
    }

    fn not_restarted(&self, child: usize) -> Vec<&'static Clause> {
        if matches!(self.step, SupervisorStep::Restart(_)) {
            return vec![&PLANNED];
        }
        if self.past.above {
            return vec![&ESCALATED];
        }
        if !self.past.is_own(child) {
            return vec![self.past.group()];
        }
        let (kind, by_kind): (&'static Clause, _) = match self.unanswered(child) {
            Some(Why::Panicked) => (&PANICKED, self.able.fails),
            _ => (&FAILED, false),
        };
        if is_delayed(self.past.parameters.children[child]) {
            // It may only be late: that is about the strategy, unless there is no other to tell by.
            let only = !self.able.restarts.contains(&RestartKind::Always);
            return [self.past.strategy(child)].into_iter().chain(only.then_some(kind)).collect();
        }
        // A panic that is not survived says nothing of the strategy where failures can be told otherwise.
        [kind].into_iter().chain((!by_kind).then_some(&NOW)).collect()
    }

    /// The first failure of a child that was not followed by a restart.
    fn unanswered(&self, child: usize) -> Option<Why> {
        let answered = usize::try_from(self.seen.born[child] - self.was[child]).unwrap_or_default();
        self.past.now[child].get(answered).copied().or(self.past.why[child])
    }

    /// The child that has panicked alone and has not come back, where that is not what is judged.
    pub(super) fn lost(&self) -> Option<usize> {
        let is_lost = |child: &usize| {
            !self.past.lost.contains(child)
                && self.seen.born[*child] < self.expected.born[*child]
                && self.unanswered(*child) == Some(Why::Panicked)
                && !self.not_restarted(*child).into_iter().any(court::is_judged)
        };
        let alone = self.past.parameters.group == ModelGroup::OneForOne;
        (0..self.was.len()).find(is_lost).filter(|_| alone)
    }

    fn restarted(&self, child: usize) -> &'static Clause {
        let verdict = self.moment.verdicts.iter().rev().find(|(of, _)| *of == child);
        match verdict.map(|(_, verdict)| verdict) {
            Some(ModelVerdict::Stop) if self.never(child) => &NEVER,
            Some(ModelVerdict::Escalate) => &INTENSITY,
            Some(ModelVerdict::Restart(..)) => self.past.strategy(child),
            Some(ModelVerdict::Join) => self.past.group(),
            _ if self.past.stopped.contains(&child) => &STOPPED,
            _ if self.past.above => &ESCALATED,
            _ if matches!(self.step, SupervisorStep::Restart(_)) => &PLANNED,
            _ if self.past.why[child].is_some() && self.past.is_own(child) => self.past.strategy(child),
            _ => self.past.group(),
        }
    }

    fn never(&self, child: usize) -> bool {
        self.past.parameters.children[child] == ModelStrategy::Never
    }

    fn living(&self) -> Differences {
        let mut differences = Vec::new();
        for (child, (should, is)) in self.expected.living.iter().zip(&self.seen.living).enumerate() {
            if is == should || self.past.lost.contains(&child) {
                continue;
            }
            let failed = self.moment.verdicts.iter().any(|(of, _)| *of == child);
            let clause: &'static Clause = if is < should {
                if self.past.why[child].is_some() { &SILENT } else { &SIBLINGS }
            } else if failed && self.never(child) {
                &NEVER
            } else if failed {
                &SILENT
            } else if self.past.stopped.contains(&child) {
                &STOPPED
            } else if self.past.above {
                &ESCALATED
            } else {
                self.past.group()
            };
            let message = format!("{is} incarnations of child {child} exist, and the rules say {should}");
            differences.push((clause, message));
        }
        differences
    }

    fn begun(&self) -> Differences {
        let mut differences = Vec::new();
        for child in 0..self.expected.born.len() {
            let of = |all: &Observed| -> Vec<(u64, u32)> {
                let own = all.begun.iter().filter(|(of, ..)| *of == child);
                own.map(|(_, incarnation, id)| (*incarnation, *id)).collect()
            };
            let (should, is) = (of(self.expected), of(self.seen));
            if should == is || self.past.lost.contains(&child) {
                continue;
            }
            let again = is.iter().any(|(_, id)| self.past.begun.contains(id));
            let clause: &'static Clause = if again { &ONCE } else { self.delivery(child) };
            let message =
                format!("child {child} begins (incarnation, message) {is:?}, and the rules say {should:?}");
            differences.push((clause, message));
        }
        differences
    }

    /// The clause about what a child is given and answers.
    fn delivery(&self, child: usize) -> &'static Clause {
        let others = (0..self.past.why.len()).any(|one| one != child && self.past.why[one].is_some());
        if self.past.why[child].is_none() && self.expected.born[child] == 1 && others {
            &SIBLINGS
        } else {
            &QUEUED
        }
    }

    fn answers(&self) -> Differences {
        let (should, is): (BTreeMap<_, _>, BTreeMap<_, _>) =
            (self.expected.answers.iter().copied().collect(), self.seen.answers.iter().copied().collect());
        let mut differences = Vec::new();
        for (id, (child, _)) in &self.past.asked {
            let (mut should, is) = (should.get(id), is.get(id));
            if self.past.lost.contains(child) && !(should.is_some() && agree(should, is)) {
                // Whoever still waits for one that is lost is told so.
                should = (!self.past.answered.contains(id)).then_some(&Answered::Failed);
            }
            if agree(should, is) {
                continue;
            }
            let begun = self.past.begun.contains(id) || self.seen.begun.iter().any(|(.., one)| one == id);
            let clause: &'static Clause = match (should, is) {
                (Some(Answered::Failed), _) if begun => &ONCE,
                (Some(Answered::Failed), None) => &SILENT,
                (Some(Answered::Failed), Some(_)) => &STOPPED,
                (Some(Answered::Reply(_)), Some(Answered::Reply(_))) => &FRESH,
                _ => self.delivery(*child),
            };
            let said = |answer: Option<&Answered>| match answer {
                None => "not answered".to_owned(),
                Some(Answered::Failed) => "told that there is no answer".to_owned(),
                Some(Answered::Reply(reply)) => format!(
                    "answered by incarnation {} as the message number {} of its state",
                    reply.incarnation, reply.handled
                ),
            };
            let message =
                format!("the asker of message {id} is {}, and the rules say: {}", said(is), said(should));
            differences.push((clause, message));
        }
        differences
    }

    fn timers(&self) -> Differences {
        let of = |all: &Observed| -> Vec<(usize, u64)> {
            all.timers.iter().filter(|(child, _)| !self.past.lost.contains(child)).copied().collect()
        };
        let (should, is) = (of(self.expected), of(self.seen));
        let message = || format!("timers of (child, incarnation) {is:?} run, and the rules say {should:?}");
        if should == is { Vec::new() } else { vec![(&SCHEDULED, message())] }
    }

    fn told(&self) -> Differences {
        let (should, is) = (&self.expected.told, &self.seen.told);
        let message = || format!("of failures {is:?} is told, and the rules say {should:?}");
        if !self.able.tells || should == is { Vec::new() } else { vec![(&TOLD, message())] }
    }
}

/// Whether two ends of an ask are the same; how old the state was that answered matters only where that is judged.
fn agree(should: Option<&Answered>, is: Option<&Answered>) -> bool {
    match (should, is) {
        (Some(Answered::Reply(should)), Some(Answered::Reply(is))) if !court::is_judged(&FRESH) => {
            should.incarnation == is.incarnation
        }
        _ => should == is,
    }
}
