//! The model as proptest-state-machine wants it.

use std::fmt;
use std::rc::Rc;

use alys_engines::cases::Stored;
use alys_engines::small::{Small, fingerprint};
use alys_models::chain::{
    BlockId, ChainModel, ChainOutcome, ChainSetting, ChainTransition, Flaw, ModelApproval, ModelBlock,
    Payment,
};
use proptest::strategy::{BoxedStrategy, Strategy};
use proptest_state_machine::ReferenceStateMachine;
use serde::{Deserialize, Serialize};

use crate::generate::{Next, Start, simpler};
use crate::planned::{self, ACCOUNTS, Draft, PlannedBlock};

/// How an approval comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Signed {
    /// All of its signers have signed it.
    Well,
    /// They have signed it for another chain.
    ForAnotherChain,
    /// They have signed it as a proposal.
    AsProposal,
    /// They have signed another slot.
    ForAnotherSlot,
    /// Somebody who is not among them has signed in place of the first.
    ByAnother,
    /// The first of them has signed twice.
    Twice,
}

/// What happens to a node; blocks by their numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// A block comes in, sound or spoiled on its way.
    Deliver {
        /// Which.
        block: usize,
        /// By what.
        spoil: Option<Flaw>,
    },
    /// One authority's approval comes in.
    Approve {
        /// Of which block.
        block: usize,
        /// For how many slots after the block's.
        after: u64,
        /// By whom.
        signer: u64,
        /// How it was signed.
        signed: Signed,
    },
    /// An approval of several comes in.
    Aggregate {
        /// Of which block.
        block: usize,
        /// For how many slots after the block's.
        after: u64,
        /// By whom, a bit each.
        signers: u16,
        /// For how many authorities more than there are it has bits.
        longer: i64,
        /// How it was signed.
        signed: Signed,
    },
    /// A block comes in with a certificate.
    Import {
        /// Which block.
        block: usize,
        /// The block that is certified.
        certified: usize,
        /// For how many slots after that block's.
        after: u64,
        /// By whom, a bit each.
        signers: u16,
        /// For how many authorities more than there are the certificate has bits.
        longer: i64,
        /// How it was signed.
        signed: Signed,
        /// Whether signatures are verified.
        verified: bool,
    },
    /// So many seconds pass.
    Tick(u64),
    /// The node should propose.
    Propose(Vec<Payment>),
    /// Everything above a block should be forgotten.
    Rollback(usize),
    /// Everything that does not descend from a checkpoint should be forgotten.
    Prune(u64),
    /// The node stops and starts again.
    Restart,
    /// Something happens, and the node crashes after so many of its effects.
    Crash {
        /// What.
        step: Box<Step>,
        /// After how many.
        kept: usize,
    },
}

impl Step {
    /// The certificate of an import, of this block, as it would come in alone; anything else is itself.
    #[must_use]
    pub fn certificate(&self, block: usize) -> Step {
        match *self {
            Step::Import { after, signers, longer, signed, .. } => {
                Step::Aggregate { block, after, signers, longer, signed }
            }
            ref other => other.clone(),
        }
    }
}

/// What a case begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// How the node is configured.
    pub setting: ChainSetting,
    /// The clock.
    pub time: u64,
    /// The blocks that there will be.
    pub drafts: Vec<Draft>,
}

/// The model, and what its last step came to.
#[derive(Clone)]
pub struct State {
    pub(crate) beginning: Rc<Beginning>,
    /// The blocks by number, genesis first, those that the node has proposed last.
    pub blocks: Rc<Vec<PlannedBlock>>,
    /// The model itself.
    pub model: ChainModel,
    /// The clock.
    pub time: u64,
    /// What the last step came to.
    pub outcomes: Vec<ChainOutcome>,
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.beginning.fmt(f)
    }
}

impl State {
    /// The beginning of a case.
    #[must_use]
    pub fn new(beginning: Beginning) -> Self {
        let blocks = planned::plan(&beginning.setting, &beginning.drafts);
        State {
            model: ChainModel::new(beginning.setting, blocks[0].model.id, &ACCOUNTS),
            blocks: Rc::new(blocks),
            time: beginning.time,
            outcomes: Vec::new(),
            beginning: Rc::new(beginning),
        }
    }

    /// The name of a block.
    #[must_use]
    pub fn id(&self, block: usize) -> BlockId {
        self.blocks[block].model.id
    }

    /// A step in the words of the model.
    #[must_use]
    pub fn transition(&self, step: &Step) -> ChainTransition {
        match step {
            Step::Deliver { block, spoil } => ChainTransition::Block(self.delivered(*block, *spoil)),
            Step::Approve { block, after, signer, signed } => {
                self.approval(*block, *after, &[*signer], self.model.setting().authorities, *signed, true)
            }
            Step::Aggregate { block, after, signers, longer, signed } => {
                let who: Vec<u64> = (0..16).filter(|bit| signers >> bit & 1 == 1).collect();
                let bits = self.model.setting().authorities.saturating_add_signed(*longer);
                self.approval(*block, *after, &who, bits, *signed, false)
            }
            Step::Import { block, certified, verified, .. } => {
                let aggregate = self.transition(&step.certificate(*certified));
                let ChainTransition::Approval(approval) = aggregate else {
                    unreachable!("an aggregate is one")
                };
                ChainTransition::Import(self.delivered(*block, None), approval, *verified)
            }
            Step::Propose(payments) => ChainTransition::Propose(payments.clone()),
            Step::Rollback(block) => ChainTransition::Rollback(self.id(*block)),
            Step::Prune(height) => ChainTransition::Prune(*height),
            Step::Tick(_) | Step::Restart => ChainTransition::Tick,
            Step::Crash { step, .. } => self.transition(step),
        }
    }

    /// A block as it comes in.
    #[must_use]
    pub fn delivered(&self, block: usize, spoil: Option<Flaw>) -> ModelBlock {
        let planned = self.blocks[block].model.clone();
        // What is seen first counts.
        let flaws = [Flaw::Body, Flaw::Signature, Flaw::State];
        let flaw = flaws.into_iter().find(|flaw| [planned.flaw, spoil].contains(&Some(*flaw)));
        ModelBlock { flaw, ..planned }
    }

    fn approval(
        &self,
        block: usize,
        after: u64,
        signers: &[u64],
        bits: u64,
        signed: Signed,
        single: bool,
    ) -> ChainTransition {
        let ModelBlock { id, slot, .. } = self.blocks[block].model;
        // Bits that an aggregate has not cannot be set in it.
        let signers = signers.iter().copied().filter(|signer| single || *signer < bits).collect();
        let signed = signed == Signed::Well;
        ChainTransition::Approval(ModelApproval {
            block: id,
            slot: slot + after,
            signers,
            bits,
            single,
            signed,
        })
    }

    /// Makes one step of the model.
    #[must_use]
    pub fn step(mut self, step: &Step) -> Self {
        if let Step::Tick(seconds) = step {
            self.time += seconds;
        }
        let inner = if let Step::Crash { step, .. } = step { step } else { step };
        if let Step::Propose(payments) = inner
            && let Ok(nameless) = self.model.proposal(payments, self.time)
        {
            let block = planned::proposed(nameless, self.model.now().tree.ledger(self.model.now().head));
            self.model.name(block.model.clone());
            Rc::make_mut(&mut self.blocks).push(block);
        }
        let transition = self.transition(step);
        self.outcomes = match step {
            Step::Restart => {
                self.model.restart();
                self.model.apply(&transition, self.time)
            }
            Step::Crash { kept, .. } => self.model.crash(&transition, self.time, *kept),
            _ => self.model.apply(&transition, self.time),
        };
        self
    }
}

/// The reference state machine.
#[derive(Clone, Copy, Debug)]
pub struct ChainReference;

impl ReferenceStateMachine for ChainReference {
    type State = State;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<State> {
        Start.boxed()
    }

    fn transitions(state: &State) -> BoxedStrategy<Step> {
        Next::after(state).boxed()
    }

    /// Blocks must be there to be talked of: those that the node proposes are not at the beginning.
    fn preconditions(state: &State, step: &Step) -> bool {
        match step {
            Step::Deliver { block, .. }
            | Step::Approve { block, .. }
            | Step::Aggregate { block, .. }
            | Step::Rollback(block) => *block < state.blocks.len(),
            Step::Import { block, certified, .. } => *block.max(certified) < state.blocks.len(),
            Step::Crash { step, .. } => {
                !matches!(**step, Step::Crash { .. } | Step::Restart | Step::Tick(_))
                    && Self::preconditions(state, step)
            }
            Step::Tick(_) | Step::Propose(_) | Step::Prune(_) | Step::Restart => true,
        }
    }

    fn apply(state: State, step: &Step) -> State {
        state.step(step)
    }
}

impl Small for ChainReference {
    /// A step takes long beside those of other components: trees are hashed.
    const RUNS_MAX: usize = 1_000;

    /// Fewer blocks, or blocks that do nothing.
    fn simpler_starts(state: &State) -> Vec<State> {
        let beginning = state.beginning.as_ref();
        let with = |drafts: Vec<Draft>| State::new(Beginning { drafts, ..beginning.clone() });
        let drafts = &beginning.drafts;
        let shorter = [drafts.len() / 2, drafts.len().saturating_sub(1)];
        let shorter = shorter.into_iter().filter(|len| *len < drafts.len());
        let mut simpler: Vec<State> = shorter.map(|len| with(drafts[..len].to_vec())).collect();
        let idle = |draft: &Draft| Draft { payments: Vec::new(), seconds: 0, ..draft.clone() };
        let idle: Vec<Draft> = drafts.iter().map(idle).collect();
        if idle != *drafts {
            simpler.push(with(idle));
        }
        simpler
    }

    fn simpler(step: &Step) -> Vec<Step> {
        simpler(step)
    }

    fn participant(step: &Step) -> String {
        match step {
            Step::Approve { signer, .. } => format!("authority {signer}"),
            Step::Deliver { .. } | Step::Aggregate { .. } | Step::Import { .. } => "a peer".to_owned(),
            Step::Tick(_) => "the clock".to_owned(),
            _ => "the operator".to_owned(),
        }
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&state.model))
    }
}

impl Stored for ChainReference {
    type Parameters = Beginning;

    fn parameters(initial: &State) -> Beginning {
        initial.beginning.as_ref().clone()
    }

    fn initial(beginning: Beginning) -> State {
        State::new(beginning)
    }
}
