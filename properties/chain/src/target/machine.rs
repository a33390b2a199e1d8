//! The adapter of the sequential suite: one real node, held to the model after every step.

use std::collections::BTreeSet;
use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::sync::Arc;

use alys_engines::violation::{check_eq, guarded, violated};
use alys_models::chain::{BlockId, ChainSetting, Flaw, enough};
use alys_wire::containers::{
    AggregateApproval, Approval, ApprovalBits, CertifiedBlock, Hash256, Signature, SignedBlock,
};
use proptest_state_machine::StateMachineTest;

use super::alys::approvals::signers;
use super::alys::authorities::AuthoritySet;
use super::alys::engine::{Effect, Engine, Event, Importing, Settings, Signatures};
use super::alys::scheme::{Domain, Message, SignatureScheme};
use super::alys::transition::{Balances, TransferError, Transfers};
use super::details;
use super::durable::Durable;
use super::keys::Keyring;
use super::words;
use crate::compare::{self, View};
use crate::labels;
use crate::planned::{self, ACCOUNTS, id};
use crate::reference::{ChainReference, Signed, State, Step};

/// Which chain it is, and which it is not.
const CHAIN_ID: u64 = 7;

type Key<K> = <<K as Keyring>::Scheme as SignatureScheme>::PublicKey;

/// A real node and what it is made of.
#[derive(Debug)]
pub struct Machine<K: Keyring> {
    engine: Engine<K::Scheme, Transfers>,
    scheme: K::Scheme,
    authorities: AuthoritySet<Key<K>>,
    durable: Durable,
    /// Who has approved what, in which slot, in approvals that came in or left.
    approved: BTreeSet<(BlockId, u64, u64)>,
    before: State,
    keys: PhantomData<K>,
}

impl<K: Keyring> Machine<K> {
    fn new(state: &State) -> Self {
        let setting = state.model.setting();
        let scheme = K::scheme();
        let stated: Vec<_> = (0..setting.authorities)
            .map(|who| (scheme.public_key(&K::secret(who)), scheme.prove_possession(&K::secret(who))))
            .collect();
        let authorities = AuthoritySet::new(&scheme, &stated)
            .unwrap_or_else(|error| violated("CH-2", format!("sound keys are refused: {error}")));
        let genesis = Balances::genesis(&ACCOUNTS).expect("what there is at genesis fits");
        let config = settings(setting).check().expect("the settings of cases are sound");
        let engine = Engine::new(config, scheme.clone(), authorities.clone(), Transfers, genesis);
        let engine = identified::<K>(engine, setting);
        let durable = Durable::new(state.blocks[0].block.header.clone());
        let (approved, before) = (BTreeSet::new(), state.clone());
        Machine { engine, scheme, authorities, durable, approved, before, keys: PhantomData }
    }

    /// What happens to the node when a step is made.
    fn event(&mut self, state: &State, step: &Step) -> Event {
        match step {
            Step::Deliver { block, spoil } => Event::Block(self.proposal(state, *block, *spoil)),
            Step::Approve { block, after, signer, signed } => {
                let (block_root, slot) = subject(state, *block, *after);
                let signature = self.signed(block_root, slot, &[*signer], *signed);
                Event::Approval(Approval { block_root, slot, validator_index: *signer, signature })
            }
            Step::Aggregate { block, after, signers, longer, signed } => {
                let n = state.model.setting().authorities.saturating_add_signed(*longer);
                let mut bits = ApprovalBits::with_capacity(n as usize).expect("few authorities");
                let who: Vec<u64> = (0..n.min(16)).filter(|bit| signers >> bit & 1 == 1).collect();
                who.iter().for_each(|one| bits.set(*one as usize, true).expect("below the length"));
                let (block_root, slot) = subject(state, *block, *after);
                let signature = self.signed(block_root, slot, &who, *signed);
                Event::Aggregate(AggregateApproval { block_root, slot, bits, signature })
            }
            Step::Import { block, certified, verified, .. } => {
                let aggregate = self.event(state, &step.certificate(*certified));
                let Event::Aggregate(certificate) = aggregate else { unreachable!("an aggregate is one") };
                let signed_block = self.proposal(state, *block, None);
                let block = Arc::new(CertifiedBlock { signed_block, certificate });
                let signatures = if *verified { Signatures::Verified } else { Signatures::Trusted };
                Event::Import { block, signatures }
            }
            Step::Propose(payments) => Event::Propose(planned::body(payments)),
            Step::Rollback(block) => Event::Rollback { to: root(state, *block) },
            Step::Prune(height) => Event::Prune { height: *height },
            Step::Tick(_) | Step::Restart => Event::Tick,
            Step::Crash { step, .. } => self.event(state, step),
        }
    }

    /// A proposal, sound or not, as its proposer or somebody else has signed it.
    fn proposal(&self, state: &State, block: usize, spoil: Option<Flaw>) -> SignedBlock {
        let mut planned = state.blocks[block].block.clone();
        let flaw = state.delivered(block, spoil).flaw;
        let (header, root) = (&planned.header, root(state, block));
        let message = Message::new(Domain::Proposal, CHAIN_ID, header.slot, root);
        let signer = header.proposer_index + u64::from(flaw == Some(Flaw::Signature));
        let signature = self.scheme.sign(&K::secret(signer), &message);
        if spoil == Some(Flaw::Body) {
            let another = alys_models::chain::Payment::Junk { len: 3 };
            planned.body = planned::body(&[another]);
        }
        SignedBlock { block: planned, signature }
    }

    /// A signature of all these, in the way that the step says.
    fn signed(&mut self, block_root: Hash256, slot: u64, who: &[u64], signed: Signed) -> Signature {
        let (chain, domain, of_slot) = match signed {
            Signed::ForAnotherChain => (CHAIN_ID + 1, Domain::Approval, slot),
            Signed::AsProposal => (CHAIN_ID, Domain::Proposal, slot),
            Signed::ForAnotherSlot => (CHAIN_ID, Domain::Approval, slot + 1),
            _ => (CHAIN_ID, Domain::Approval, slot),
        };
        let message = Message::new(domain, chain, of_slot, block_root);
        let mut signing = who.to_vec();
        match signed {
            Signed::ByAnother => signing.iter_mut().take(1).for_each(|one| *one = 99),
            Signed::Twice => signing.extend(who.first().copied()),
            Signed::Well => self.approved.extend(who.iter().map(|one| (id(block_root), slot, *one))),
            _ => {}
        }
        let signatures: Vec<_> =
            signing.into_iter().map(|one| self.scheme.sign(&K::secret(one), &message)).collect();
        self.scheme.aggregate(&signatures).unwrap_or_default()
    }

    /// Looks at what the words of the model leave out.
    fn inspect(&mut self, state: &State, step: &Step, effect: &Effect<TransferError>) {
        match effect {
            Effect::SendApproval(approval) => {
                let me = state.model.setting().me.unwrap_or(u64::MAX);
                let message = Message::new(Domain::Approval, CHAIN_ID, approval.slot, approval.block_root);
                let signature = self.scheme.sign(&K::secret(me), &message);
                check_eq("CH-5", "who votes", &me, &approval.validator_index);
                check_eq("CH-2", "the signature of our vote", &signature, &approval.signature);
                self.approved.insert((id(approval.block_root), approval.slot, me));
            }
            Effect::SendBlock(proposal) => {
                let (header, root) = (&proposal.block.header, proposal.block.root());
                let message = Message::new(Domain::Proposal, CHAIN_ID, header.slot, root);
                let signature = self.scheme.sign(&K::secret(header.proposer_index), &message);
                check_eq("CH-1", "the signature of our proposal", &signature, &proposal.signature);
            }
            Effect::Commit(commit) => {
                let verified = !matches!(details::inner(step), Step::Import { verified: false, .. });
                if let Some(entered) = commit.entered.as_ref().filter(|_| verified) {
                    self.certificate(state, entered.root, &entered.block);
                }
                for due in &commit.checkpoints {
                    let block = state.blocks.iter().find(|block| block.model.id == id(due.block_root));
                    let expected = block.map(|block| block.block.header.state_root);
                    check_eq("CH-6", "the state of a checkpoint", &expected, &Some(due.state_root));
                }
            }
            Effect::Violated(violation) => {
                for block in [&violation.finalised, &violation.conflicting] {
                    let root = block.signed_block.block.root();
                    check_eq(
                        "CH-3",
                        "what a certificate of the conflict certifies",
                        &root,
                        &block.certificate.block_root,
                    );
                }
            }
            _ => {}
        }
    }

    /// Holds a certificate to CH-2: more than two thirds, each of whom has approved just this, and their signatures.
    fn certificate(&self, state: &State, root: Hash256, block: &CertifiedBlock) {
        let (n, certificate) = (state.model.setting().authorities, &block.certificate);
        let who: Vec<u64> = signers(&certificate.bits).collect();
        let slot = block.signed_block.block.header.slot;
        check_eq("CH-2", "what is certified", &(root, slot), &(certificate.block_root, certificate.slot));
        check_eq("CH-2", "the length of a certificate", &n, &(certificate.bits.len() as u64));
        check_eq("CH-2", "whether a certificate is a quorum", &true, &enough(who.len() as u64, n));
        for one in &who {
            let approved = self.approved.contains(&(id(root), slot, *one));
            check_eq("CH-2", "whether who certifies has approved", &true, &approved);
        }
        let message = Message::new(Domain::Approval, CHAIN_ID, slot, root);
        let each: Vec<_> = who.iter().map(|one| self.scheme.sign(&K::secret(*one), &message)).collect();
        check_eq(
            "CH-2",
            "the signature of a certificate",
            &self.scheme.aggregate(&each),
            &Some(certificate.signature),
        );
    }

    /// Begins again with what is durable.
    fn restart(&mut self, state: &State) {
        let setting = state.model.setting();
        let tree = &state.model.now().tree;
        let saved = self.durable.saved(tree.ledger(tree.base()));
        let config = settings(setting).check().expect("the settings of cases are sound");
        let restored =
            Engine::restore(config, self.scheme.clone(), self.authorities.clone(), Transfers, saved);
        let engine = restored.unwrap_or_else(|error| {
            violated("CH-8", format!("what the node made durable is refused: {error}"))
        });
        self.engine = identified::<K>(engine, setting);
    }

    fn step(&mut self, state: &State, step: &Step) {
        let kept = if let Step::Crash { kept, .. } = step { *kept } else { usize::MAX };
        if matches!(step, Step::Restart) {
            self.restart(&self.before.clone());
        }
        let event = self.event(state, step);
        let mut effects = match event {
            // A batch of one is answered as that one.
            Event::Import { block, signatures } if state.time.is_multiple_of(2) => {
                let importing = Importing { signatures, threads: NonZeroUsize::MIN };
                self.engine.import_all(&[block], importing, state.time)
            }
            event => self.engine.handle(event, state.time),
        };
        effects.truncate(kept);
        let outcomes: Vec<_> = effects.iter().map(words::outcome).collect();
        compare::outcomes(&state.outcomes, &outcomes);
        for effect in &effects {
            details::check(state, step, effect);
            self.inspect(state, step, effect);
            self.durable.carry_out(effect);
        }
        if matches!(step, Step::Crash { .. }) {
            self.restart(state);
        }
    }

    fn view(&self, state: &State) -> View {
        let (engine, tree) = (&self.engine, self.engine.tree());
        let (mut candidates, mut waiting) = (Vec::new(), Vec::new());
        let mut roots: Vec<_> = (0..state.blocks.len()).map(|block| root(state, block)).collect();
        // Two drafts can be the same block.
        roots.sort_unstable();
        roots.dedup();
        for root in roots {
            match (engine.pool().candidate(&root), engine.pool().block(&root)) {
                (Some(_), _) => candidates.push(id(root)),
                (None, Some(_)) => waiting.push(id(root)),
                (None, None) => {}
            }
        }
        let pooled = engine.pool().len();
        check_eq("CH-4", "whether the pool is empty", &(pooled == 0), &engine.pool().is_empty());
        View {
            head: (id(engine.head().root), engine.head().height),
            finalised: (id(engine.finalised().root), engine.finalised().height),
            tree: tree.iter().map(|(root, _)| id(*root)).collect(),
            base: id(tree.base()),
            longest: tree.longest(),
            blocks: (candidates, waiting),
            pooled,
            duties: engine.duties(),
            violation: engine.violation().map(words::conflict),
        }
    }
}

fn identified<K: Keyring>(
    engine: Engine<K::Scheme, Transfers>,
    setting: &ChainSetting,
) -> Engine<K::Scheme, Transfers> {
    let Some(me) = setting.me else { return engine };
    engine
        .with_identity(me, K::secret(me))
        .unwrap_or_else(|error| violated("CH-5", format!("our own key is refused: {error}")))
}

fn settings(setting: &ChainSetting) -> Settings {
    Settings {
        chain_id: CHAIN_ID,
        genesis_time: setting.genesis_time,
        slot_duration: setting.slot_duration,
        checkpoint_interval: setting.interval,
        pool_per_owner: setting.per_owner,
        pool_total: setting.total,
    }
}

fn root(state: &State, block: usize) -> Hash256 {
    state.id(block).0.into()
}

/// What is approved.
fn subject(state: &State, block: usize, after: u64) -> (Hash256, u64) {
    (root(state, block), state.blocks[block].model.slot + after)
}

impl<K: Keyring> StateMachineTest for Machine<K> {
    type SystemUnderTest = Machine<K>;
    type Reference = ChainReference;

    fn init_test(state: &State) -> Self {
        let machine = Machine::new(state);
        compare::views(&View::of(&state.model), &machine.view(state));
        machine
    }

    fn apply(machine: Self, state: &State, step: Step) -> Self {
        labels::record(&machine.before, state, &step);
        guarded(machine, |machine| {
            machine.step(state, &step);
            compare::views(&View::of(&state.model), &machine.view(state));
            machine.before = state.clone();
        })
    }
}
