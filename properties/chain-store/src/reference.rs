//! The store, described once: how cases begin, and which transitions come next.

use alys_engines::{crash::Durable, draw::SplitMix, small::Small};
use alys_models::chain_store::{Block, ChainStoreModel, Commit, Field, Held, Outcome, Transition};
use proptest::prelude::{BoxedStrategy, Just, Strategy as _, any, prop_oneof};
use proptest_state_machine::ReferenceStateMachine;

/// The model, and what its last transition was answered with.
#[derive(Clone, Debug)]
pub struct State {
    /// The model itself.
    pub model: ChainStoreModel,
    /// The answer to the last transition.
    pub outcome: Outcome,
    /// The number of the next new block.
    next: u32,
}

impl State {
    /// A store that holds this.
    #[must_use]
    pub fn holding(held: Held) -> Self {
        let next = held.blocks.keys().last().map_or(1, |id| id + 1);
        State { model: ChainStoreModel::holding(held), outcome: Outcome::Done, next }
    }

    /// What is held.
    #[must_use]
    pub fn held(&self) -> &Held {
        &self.model.durable
    }
}

/// The reference state machine; with `DAMAGE`, rows are damaged too.
#[derive(Clone, Copy, Debug)]
pub struct StoreReference<const DAMAGE: bool>;

impl<const DAMAGE: bool> ReferenceStateMachine for StoreReference<DAMAGE> {
    type State = State;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<State> {
        prop_oneof![Just(2_u64), Just(1), Just(3), Just(5)]
            .prop_map(|interval| State::holding(Held::new(interval)))
            .boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<Transition> {
        let state = state.clone();
        any::<u64>().prop_map(move |seed| Drawing { mix: SplitMix(seed), state: &state }.any(DAMAGE)).boxed()
    }

    fn apply(mut state: State, transition: &Transition) -> State {
        if let Transition::Commit(commit) = transition {
            let highest = commit.blocks.iter().map(|block| block.id + 1).max().unwrap_or(0);
            state.next = state.next.max(highest);
        }
        state.outcome = state.model.apply(transition);
        state
    }
}

impl<const DAMAGE: bool> Small for StoreReference<DAMAGE> {
    /// A candidate takes a database, and in the crash suite many.
    const RUNS_MAX: usize = 300;
    const SEARCHED_MAX: usize = 0;

    fn simpler(transition: &Transition) -> Vec<Transition> {
        let Transition::Commit(commit) = transition else { return Vec::new() };
        let mut simpler = vec![
            Commit { values: Vec::new(), ..commit.clone() },
            Commit { finalised: None, ..commit.clone() },
            Commit { head: None, ..commit.clone() },
        ];
        if !commit.blocks.is_empty() {
            simpler.push(Commit { blocks: commit.blocks[1..].to_vec(), ..commit.clone() });
        }
        simpler.into_iter().filter(|other| other != commit).map(Transition::Commit).collect()
    }
}

impl Durable for StoreReference<false> {
    type Found = Held;

    fn shown(state: &State) -> Held {
        Held { verified_up_to: 0, ..state.held().clone() }
    }

    fn possible(state: &State) -> Vec<Held> {
        vec![Self::shown(state)]
    }

    fn resumed(_: &State, found: &Held) -> State {
        State::holding(found.clone())
    }
}

/// Draws transitions for a state.
struct Drawing<'a> {
    mix: SplitMix,
    state: &'a State,
}

impl Drawing<'_> {
    fn below(&mut self, bound: u64) -> u64 {
        self.mix.next() % bound.max(1)
    }

    fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    fn held(&self) -> &Held {
        self.state.held()
    }

    fn any(&mut self, damage: bool) -> Transition {
        // The crash engine opens a store again by itself, and holds one that has failed to doing nothing until then.
        match self.below(if damage { 100 } else { 76 }) {
            0..54 => Transition::Commit(self.commit()),
            54..60 => Transition::Vote { slot: (self.held().voted + self.below(4)).saturating_sub(1) },
            60..70 => self.anchor(),
            70..76 => Transition::Prune { below: self.below(self.held().finalised_height() + 3) },
            76..80 => Transition::Reopen { closed: self.percent(50) },
            80..84 => Transition::Rebuild,
            _ => self.damage(),
        }
    }

    /// A stored block, sometimes one that is not.
    fn stored(&mut self) -> u32 {
        if self.percent(6) {
            return self.state.next + 7;
        }
        let index = self.below(self.held().blocks.len() as u64) as usize;
        self.held().blocks.keys().nth(index).copied().unwrap_or(0)
    }

    fn blocks(&mut self) -> Vec<Block> {
        let head = self.held().head;
        let mut parent = if self.percent(75) { head } else { self.stored() };
        let mut height = self.held().blocks.get(&parent).map_or(3, |block| block.height);
        let count = if self.percent(10) { 8 } else { self.below(4) };
        let mut blocks = Vec::new();
        for id in self.state.next..self.state.next + count as u32 {
            height += 1;
            let wrong = self.percent(3);
            blocks.push(Block {
                id,
                parent,
                height: if wrong { height + self.below(2) * 2 - 1 } else { height },
            });
            parent = id;
        }
        if self.percent(8) {
            let again = self.stored();
            let block = self.held().blocks.get(&again).copied();
            let wrong = u64::from(self.percent(30));
            blocks.extend(block.map(|block| Block { height: block.height + wrong, ..block }));
        }
        blocks
    }

    fn commit(&mut self) -> Commit {
        let blocks = self.blocks();
        let head = match (blocks.last(), self.below(10)) {
            (Some(last), 0..8) => Some(last.id),
            (_, 8) | (None, 0..3) => Some(self.stored()),
            _ => None,
        };
        let finalised = match self.below(100) {
            0..50 => self.ancestor(&blocks, head),
            50..58 => Some(self.stored()),
            _ => None,
        };
        let values = if self.percent(30) { self.values() } else { Vec::new() };
        Commit { blocks, head, finalised, values }
    }

    /// A block on the way to the head that will be, above the finalised one.
    fn ancestor(&mut self, blocks: &[Block], head: Option<u32>) -> Option<u32> {
        let known = |id: u32| blocks.iter().find(|block| block.id == id).or(self.held().blocks.get(&id));
        let mut way = vec![];
        let mut at = known(head.unwrap_or(self.held().head))?;
        while at.height > self.held().finalised_height() && way.len() < 40 {
            way.push(at.id);
            let Some(parent) = known(at.parent) else { break };
            at = parent;
        }
        let index = self.below(way.len() as u64) as usize;
        way.get(index).copied()
    }

    fn values(&mut self) -> Vec<(u8, Option<u8>)> {
        let count = self.below(3) + 1;
        let value = |mix: &mut SplitMix| {
            let value = (mix.next() >> 8) as u8;
            ((mix.next() % 4) as u8, (value >= 90).then_some(value))
        };
        (0..count).map(|_| value(&mut self.mix)).collect()
    }

    fn anchor(&mut self) -> Transition {
        let held = self.held();
        let (anchored, finalised) = (held.anchored(), held.finalised_height());
        let first =
            if self.percent(80) { anchored + 1 } else { (anchored + self.below(3)).saturating_sub(1) };
        let open = finalised.saturating_sub(first) + 1;
        let last = if self.percent(85) {
            first + self.below(open)
        } else {
            (first + self.below(8)).saturating_sub(2)
        };
        let canonical = self.held().canonical.get(&last).copied();
        let block = if self.percent(90) { canonical.unwrap_or(1) } else { self.stored() };
        let parent = if self.percent(85) { self.held().anchors.len() as u64 } else { self.below(3) } as u8;
        Transition::Anchor { first, last, block, parent }
    }

    /// Damage below the mark stays until somebody looks; what lies above it is mended at once.
    fn damage(&mut self) -> Transition {
        let due = self.held().due();
        let index = self.below(due.len() as u64) as usize;
        let height = due.get(index).copied().unwrap_or(self.held().interval);
        let bit = self.mix.next() as u32;
        match self.below(10) {
            0..2 => Transition::LoseCheckpoint { height },
            2..4 => Transition::RotCheckpoint { height, bit },
            4..7 => {
                let fields =
                    [Field::Height, Field::Interval, Field::BlockRoot, Field::StateRoot, Field::Previous];
                let field = fields[self.below(5) as usize];
                Transition::ForgeCheckpoint { height, field }
            }
            _ => Transition::RotBlock { block: self.stored(), bit },
        }
    }
}
