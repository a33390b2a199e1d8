//! What happens to a store from outside: the power goes, or another store is given the same blocks.

use alys_models::chain_store::Held;
use alys_properties::{
    crash::{Disk, Fuse, Survivors},
    draw::SplitMix,
};

use super::{
    bench::{After, Bench},
    capabilities::{FinalityRule, TipRule},
    clauses::{EARLY, LOST, ORDER, SAME, WHOLE},
    compare::{Aspect, Known, Look},
    foretell::{Foretold, way},
    steps::Act,
    subject::ChainStoreUnderTest,
    words::{ChainAnswer, ReadCheckpoint},
};
use crate::{
    clause::Clause,
    court::{Differences, met},
};

impl Bench {
    /// The power goes between two steps.
    pub(super) fn crash(&mut self, survivors: u8) -> Differences {
        if self.held.head > 0 {
            met(&LOST);
        }
        match self.power_on(survivors) {
            Ok(()) => self.look(After::Crashed),
            Err(error) => vec![(&LOST, error)],
        }
    }

    /// Opens the store on what of the disk survives.
    fn power_on(&mut self, survivors: u8) -> Result<(), String> {
        let all = Survivors::one_of_each(self.disk.pending(), u64::from(survivors));
        let survivors = all[usize::from(survivors) % all.len()];
        self.disk = self.disk.image(survivors);
        let opened = (self.subject.open)(&self.parameters(&self.disk));
        self.store =
            opened.map_err(|error| format!("after a crash ({survivors}) it does not open: {error}"))?;
        Ok(())
    }

    /// The power goes while the store does something, or behind it.
    pub(super) fn crash_in(&mut self, act: Act, at: u8, survivors: u8) -> Differences {
        let unasked = matches!(act, Act::Insert(_)) && !self.able().inserts();
        let Some(foretold) = self.foretell(act).filter(|_| !unasked) else { return Vec::new() };
        self.disk.arm(Fuse::BlowsAt(u64::from(at)));
        match self.ask(act) {
            ChainAnswer::Failed(error) if self.disk.operations() <= u64::from(at) => {
                vec![(&LOST, format!("{act:?} fails while the disk is whole: {error}"))]
            }
            ChainAnswer::Failed(_) => self.cut(act, foretold, survivors),
            answer => {
                // The step has come to its end, and the power goes behind it.
                self.disk.arm(Fuse::Whole);
                let differences = self.judge(act, foretold, answer);
                if differences.is_empty() { self.crash(survivors) } else { differences }
            }
        }
    }

    /// The power went in the middle: what is shown is what was, and what is found is what was or what should be.
    fn cut(&mut self, act: Act, foretold: Foretold, survivors: u8) -> Differences {
        met(&EARLY);
        met(&WHOLE);
        let mut differences = self.shown_early(&self.held.clone());
        if let Err(error) = self.power_on(survivors) {
            differences.push((&WHOLE, error));
            return differences;
        }
        let before = self.held.clone();
        let possible: Vec<Held> = foretold.into_iter().chain([before.clone()]).collect();
        let known = self.known.clone();
        let found = possible.iter().find(|held| {
            self.known = known.clone();
            self.seen(held).is_empty()
        });
        match found {
            Some(held) => self.held = held.clone(),
            None => {
                let seen = self.look_behind(&before, After::Cut);
                let (clause, message): (&Clause, _) =
                    seen.into_iter().next().unwrap_or((&WHOLE, String::new()));
                differences
                    .push((clause, format!("neither what was nor what {act:?} makes is found: {message}")));
            }
        }
        differences
    }

    /// Another store takes in the same blocks in another order.
    pub(super) fn again(&mut self, order: u8) -> Differences {
        let able = self.able();
        let mut other = match (self.subject.open)(&self.parameters(&Disk::new())) {
            Ok(other) => other,
            Err(error) => return vec![(&ORDER, format!("another store cannot be opened: {error}"))],
        };
        if let Err(differences) = self.fill(&mut *other, order) {
            return differences;
        }
        let mut differences = Vec::new();
        if able.chooses() && (able.finality != FinalityRule::Told || self.held.finalised == 0) {
            if self.held.blocks.len() > 3 {
                met(&ORDER);
            }
            let (plan, held) = (&self.plan, &self.held);
            let look = Look { able: &able, plan, held, store: &*other, silent: false };
            // The votes of this store are not the other one's.
            let marks = look.at_marks().into_iter().filter(|(aspect, _)| *aspect != Aspect::Vote);
            differences.extend(marks.map(|(_, message)| (&ORDER, format!("in another order {message}"))));
        }
        if able.checkpoints && differences.is_empty() {
            self.compare_checkpoints(&*other, &mut differences);
        }
        differences
    }

    /// Gives all blocks to another store, parents first, and tells it the rest.
    fn fill(&self, other: &mut dyn ChainStoreUnderTest, order: u8) -> Result<(), Differences> {
        let refused = |what: &str, answer| {
            let message = format!("in another order {what} is {answer:?}");
            Err(vec![(&ORDER as &'static Clause, message)])
        };
        if self.able().inserts() {
            for id in self.shuffled(order) {
                match other.insert(&self.plan[&id].block) {
                    ChainAnswer::Done => {}
                    answer => return refused(&format!("block {id}"), answer),
                }
            }
        }
        if self.able().tip == Some(TipRule::Told) && self.held.head > 0 {
            match other.move_to(&way(&self.plan, self.held.head as u8)) {
                ChainAnswer::Done => {}
                answer => return refused("the tip", answer),
            }
        }
        if self.able().finality == FinalityRule::Told && self.held.finalised > 0 {
            // Whether it may be final can depend on what was the tip then.
            let _ = other.finalise(&self.plan[&(self.held.finalised as u8)].block.root);
        }
        Ok(())
    }

    /// The blocks that are held but the genesis, parents before children, in an order that follows from a number.
    fn shuffled(&self, order: u8) -> Vec<u8> {
        let mut mix = SplitMix(u64::from(order));
        let mut left: Vec<u32> = self.held.blocks.keys().copied().filter(|id| *id > 0).collect();
        let (mut there, mut shuffled) = (vec![0], Vec::new());
        while !left.is_empty() {
            let ready: Vec<usize> =
                (0..left.len()).filter(|at| there.contains(&self.held.blocks[&left[*at]].parent)).collect();
            let id = left.remove(ready[(mix.next() % ready.len() as u64) as usize]);
            there.push(id);
            shuffled.push(id as u8);
        }
        shuffled
    }

    fn compare_checkpoints(&self, other: &dyn ChainStoreUnderTest, differences: &mut Differences) {
        let Known { checkpoints, damaged } = &self.known;
        let same_final = other.finalised().is_ok_and(|tip| tip.height == self.held.finalised_height());
        let due = self.held.due();
        if !same_final || due.is_empty() || !damaged.is_empty() {
            return;
        }
        met(&SAME);
        for height in due {
            let read = other.checkpoint(height);
            let same = matches!((&read, checkpoints.get(&height)), (ReadCheckpoint::Valid(read), Some(known)) if read == known);
            if !same {
                let message = format!("a store of the same chain has another checkpoint at height {height}");
                differences.push((&SAME, message));
            }
        }
    }
}
