//! A store beside the model: makes the steps of a case, and says what differs and which clauses that breaks.

use std::fmt;

use alys_models::chain_store::Held;
use alys_properties::crash::Disk;

use super::{
    capabilities::{ChainCapabilities, FinalityRule},
    clauses::{
        BACKWARD, BOUND, CHOSEN, CROSSED, DUE, EARLY, FINAL, HARMED, INDEX, LOST, MIDDLE, MOVED, REBUILT,
        REFUSED, REOPENED, SHOWN, VERIFIED, WHOLE,
    },
    compare::{Aspect, Known, Look, Seen},
    foretell::{Foretold, Plan, Planned, done_by, foretell, refused_by, way},
    judge::ChainSubject,
    machine::GENESIS,
    steps::{Act, ChainStep, Harm, NOBODY, Offer},
    subject::{ChainParameters, ChainStoreUnderTest},
    words::{ChainAnswer, ChainBlock, Root},
};
use crate::{
    clause::Clause,
    court::{Differences, met},
};

/// The root of what nobody has offered.
const STRANGER: Root = [0xEE; 32];

/// A store, what it lies on, and what it must hold.
pub(super) struct Bench {
    pub(super) subject: ChainSubject,
    pub(super) interval: u64,
    pub(super) disk: Disk,
    pub(super) store: Box<dyn ChainStoreUnderTest>,
    pub(super) plan: Plan,
    pub(super) held: Held,
    pub(super) known: Known,
}

impl fmt::Debug for Bench {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bench").field("held", &self.held).finish_non_exhaustive()
    }
}

/// What a step has done, which decides whose a difference is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Something was done.
    Done,
    /// Something was refused.
    Refused,
    /// The store was opened again.
    Reopened,
    /// The power went between two steps.
    Crashed,
    /// The power went in the middle of a step.
    Cut,
    /// A checkpoint was damaged.
    Harmed,
    /// Checkpoints were rebuilt.
    Rebuilt,
}

impl Bench {
    /// Opens a new store, and looks at it.
    pub(super) fn new(subject: &ChainSubject, interval: u64) -> Result<(Self, Differences), String> {
        let root = (subject.root)(0, &[0; 32], 0, 0);
        let block = ChainBlock { root, parent: [0; 32], height: 0, slot: 0 };
        let plan = Plan::from([(0, Planned { offer: GENESIS, parent: 0, block })]);
        let disk = Disk::new();
        let store = (subject.open)(&ChainParameters { genesis: block, interval, disk: disk.clone() })?;
        let (held, known) = (Held::new(interval), Known::default());
        let mut bench = Bench { subject: subject.clone(), interval, disk, store, plan, held, known };
        let differences = bench.look(After::Done);
        Ok((bench, differences))
    }

    pub(super) fn able(&self) -> ChainCapabilities {
        self.subject.capabilities
    }

    pub(super) fn parameters(&self, disk: &Disk) -> ChainParameters {
        ChainParameters { genesis: self.plan[&0].block, interval: self.interval, disk: disk.clone() }
    }

    /// Makes a step.
    pub(super) fn step(&mut self, step: ChainStep) -> Differences {
        if let Some(Act::Insert(offer)) = step.act() {
            self.offer(offer);
        }
        match step {
            ChainStep::Do(act) => self.act(act),
            ChainStep::Harm(height, harm) => self.harm(u64::from(height), harm),
            ChainStep::Rebuild => self.rebuild(),
            ChainStep::Reopen => self.reopen(),
            ChainStep::Crash(survivors) => self.crash(survivors),
            ChainStep::CrashIn(act, at, survivors) => self.crash_in(act, at, survivors),
            ChainStep::Again(order) => self.again(order),
        }
    }

    /// Plans a block that was not offered yet.
    fn offer(&mut self, offer: Offer) {
        let Offer { block: number, parent, height, slot } = offer;
        let known = self.plan.get(&parent).filter(|_| parent < number);
        let parent = if known.is_some() { parent } else { NOBODY };
        let parent_root = known.map_or(STRANGER, |parent| parent.block.root);
        let (height, slot) = (u64::from(height), u64::from(slot));
        let root = (self.subject.root)(number, &parent_root, height, slot);
        let block = ChainBlock { root, parent: parent_root, height, slot };
        self.plan.entry(number).or_insert(Planned { offer, parent, block });
    }

    pub(super) fn foretell(&self, act: Act) -> Option<Foretold> {
        foretell(&self.able(), &self.plan, &self.held, act)
    }

    /// Asks the store to do something.
    pub(super) fn ask(&mut self, act: Act) -> ChainAnswer {
        let root = |plan: &Plan, number: u8| plan.get(&number).map_or(STRANGER, |planned| planned.block.root);
        match act {
            // It comes with the tip, so it is only known from now on.
            Act::Insert(_) if !self.able().inserts() => ChainAnswer::Done,
            Act::Insert(offer) => self.store.insert(&self.plan[&offer.block].block),
            Act::Move(number) => self.store.move_to(&way(&self.plan, number)),
            Act::Finalise(number) => self.store.finalise(&root(&self.plan, number)),
            Act::Vote(slot) => self.store.vote(u64::from(slot)),
        }
    }

    fn act(&mut self, act: Act) -> Differences {
        let Some(foretold) = self.foretell(act) else { return Vec::new() };
        let answer = self.ask(act);
        self.judge(act, foretold, answer)
    }

    /// Holds an answer to what was foretold, and looks at the store.
    pub(super) fn judge(&mut self, act: Act, foretold: Foretold, answer: ChainAnswer) -> Differences {
        let unasked = matches!(act, Act::Insert(_)) && !self.able().inserts();
        let differs = |clause, message: &str| vec![(clause, format!("{act:?} is {message}"))];
        match (foretold, answer) {
            (_, ChainAnswer::Failed(error)) => differs(&SHOWN, &format!("not possible: {error}")),
            // Whether it enters is seen when it comes with a tip.
            (Err(_), _) if unasked => Vec::new(),
            (Ok(after), ChainAnswer::Done) => {
                self.meet(act, &after);
                let before = std::mem::replace(&mut self.held, after);
                self.look_behind(&before, After::Done)
            }
            (Err(refusal), ChainAnswer::Refused) => {
                met(refused_by(&self.able(), &self.plan, act, refusal));
                met(&REFUSED);
                self.look(After::Refused)
            }
            (Ok(after), ChainAnswer::Refused) if after == self.held => self.look(After::Refused),
            // A new checkpoint never follows a damaged one: to refuse it is one way.
            (Ok(_), ChainAnswer::Refused) if !self.known.damaged.is_empty() => self.look(After::Refused),
            (Ok(_), ChainAnswer::Refused) => differs(done_by(act), "refused, and it fits"),
            (Err(refusal), ChainAnswer::Done) => {
                let clause = refused_by(&self.able(), &self.plan, act, refusal);
                differs(clause, &format!("done, and the rules refuse it: {refusal:?}"))
            }
        }
    }

    /// Notes the situations that an act which is done brings about.
    fn meet(&self, act: Act, after: &Held) {
        let before = &self.held;
        met(&SHOWN);
        if after.head != before.head {
            met(&INDEX);
        }
        match act {
            Act::Move(_) => met(&MOVED),
            Act::Finalise(_) => met(&FINAL),
            Act::Insert(_) if self.able().chooses() => self.meet_choice(after),
            _ => {}
        }
        if after.finalised != before.finalised {
            met(if self.able().finality == FinalityRule::Slots { &MIDDLE } else { &SHOWN });
            met(&DUE);
            if after.due().len() > 1 {
                met(&BOUND);
            }
        }
    }

    fn meet_choice(&self, after: &Held) {
        let height = after.head_height();
        let longer = |id: &u32| after.blocks[id].height >= height && *id != after.head;
        let rivals: Vec<u32> = after.blocks.keys().copied().filter(longer).collect();
        if !rivals.is_empty() || after.blocks[&after.head].parent != self.held.head {
            met(&CHOSEN);
        }
        if self.able().finality == FinalityRule::Slots && after.finalised > 0 && after.head != self.held.head
        {
            met(&BACKWARD);
        }
        let leaves = |id: u32| !after.on_chain(after.finalised, id);
        if rivals.into_iter().any(leaves) {
            met(&CROSSED);
        }
    }

    /// Looks at the whole store.
    pub(super) fn look(&mut self, after: After) -> Differences {
        let before = self.held.clone();
        self.look_behind(&before, after)
    }

    /// Looks at the whole store, behind a step from a state that may be another one.
    pub(super) fn look_behind(&mut self, before: &Held, after: After) -> Differences {
        if !self.known.damaged.is_empty() {
            met(&HARMED);
            met(&VERIFIED);
        }
        let seen = self.seen(&self.held.clone());
        let told = seen.into_iter().flat_map(|(aspect, message)| {
            let clauses = self.broken(aspect, before, after);
            clauses.into_iter().map(move |clause| (clause, message.clone()))
        });
        told.collect()
    }

    /// What of the store differs from this.
    pub(super) fn seen(&mut self, held: &Held) -> Seen {
        let able = self.able();
        let look = Look { able: &able, plan: &self.plan, held, store: &*self.store, silent: false };
        look.at_all(&mut self.known)
    }

    /// The clauses that a difference breaks.
    fn broken(&self, aspect: Aspect, before: &Held, after: After) -> Vec<&'static Clause> {
        let by_slots = self.able().finality == FinalityRule::Slots;
        let clause = match (after, aspect) {
            (After::Rebuilt, Aspect::Due | Aspect::Bound | Aspect::Harmed | Aspect::Verified) => &REBUILT,
            (_, Aspect::Harmed) => &HARMED,
            (_, Aspect::Verified) => &VERIFIED,
            (After::Refused, _) => &REFUSED,
            (After::Reopened, _) => &REOPENED,
            (After::Crashed, _) => &LOST,
            (After::Cut, _) => &WHOLE,
            (_, Aspect::Head | Aspect::Left) if self.able().chooses() => &CHOSEN,
            (_, Aspect::Final) if by_slots => &MIDDLE,
            (_, Aspect::Index) => &INDEX,
            (_, Aspect::Due) => &DUE,
            (_, Aspect::Bound) => &BOUND,
            _ => &SHOWN,
        };
        let mut clauses = vec![clause];
        if after == After::Done && aspect == Aspect::Left {
            clauses.push(&CROSSED);
        }
        let finalised = self.store.finalised().map_or(u64::MAX, |tip| tip.height);
        if after == After::Done && aspect == Aspect::Final && finalised < before.finalised_height() {
            clauses.push(&BACKWARD);
        }
        clauses
    }

    fn harm(&mut self, height: u64, harm: Harm) -> Differences {
        if !self.held.due().contains(&height) || self.known.damaged.contains(&height) {
            return Vec::new();
        }
        if let Err(error) = self.store.harm(height, harm) {
            return vec![(&HARMED, format!("the checkpoint at height {height} cannot be damaged: {error}"))];
        }
        self.known.damaged.insert(height);
        self.look(After::Harmed)
    }

    fn rebuild(&mut self) -> Differences {
        if !self.known.damaged.is_empty() {
            met(&REBUILT);
        }
        match self.store.rebuild() {
            ChainAnswer::Done => {
                self.known.damaged.clear();
                self.look(After::Rebuilt)
            }
            other => vec![(&REBUILT, format!("checkpoints are not rebuilt: {other:?}"))],
        }
    }

    fn reopen(&mut self) -> Differences {
        if self.held.head > 0 {
            met(&REOPENED);
        }
        match self.store.reopen() {
            Ok(()) => self.look(After::Reopened),
            Err(error) => vec![(&REOPENED, format!("it cannot be opened again: {error}"))],
        }
    }

    /// What of the marks that are shown differs from this, after a step has failed.
    pub(super) fn shown_early(&self, held: &Held) -> Differences {
        let able = self.able();
        let look = Look { able: &able, plan: &self.plan, held, store: &*self.store, silent: true };
        look.at_marks().into_iter().map(|(_, message)| (&EARLY, message)).collect()
    }
}
