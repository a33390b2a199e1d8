//! Batches that are drawn: certified blocks of a small tree, sound ones and spoiled ones, and what a node knew before.

use std::num::NonZeroUsize;
use std::sync::Arc;

use alys_engines::draw::SplitMix;
use alys_wire::containers::{
    AggregateApproval, Approval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256,
    Signature, SignedBlock,
};

use super::super::super::alys::authorities::AuthoritySet;
use super::super::super::alys::engine::{Engine, Event, Importing, Settings, Signatures, genesis_header};
use super::super::super::alys::scheme::{Domain, Message, SignatureScheme};
use super::super::super::alys::transition::{Balances, StateTransition as _, Transfer, Transfers};
use super::super::super::keys::Keyring;

/// Which chain it is.
const CHAIN_ID: u64 = 7;

/// In how many ways a block is spoiled.
const SPOILS: u64 = 14;

/// A batch, and the node that it comes to.
pub(super) struct Brew<K: Keyring> {
    /// A node that knows of some of the blocks already.
    pub(super) engine: Engine<K::Scheme, Transfers>,
    /// The batch.
    pub(super) blocks: Vec<Arc<CertifiedBlock>>,
    /// How it is imported.
    pub(super) importing: Importing,
    /// When.
    pub(super) now: u64,
}

/// A block that others can be built on.
#[derive(Clone)]
struct Made {
    header: BlockHeader,
    state: Balances,
}

struct Brewing<K: Keyring> {
    scheme: K::Scheme,
    authorities: u64,
    mix: SplitMix,
}

/// The batch of a seed, of about so many blocks.
pub(super) fn brewed<K: Keyring>(seed: u64, len: u64) -> Brew<K> {
    let mut mix = SplitMix(seed);
    let authorities = [4, 1, 5][(mix.next() % 3) as usize];
    let mut brewing: Brewing<K> = Brewing { scheme: K::scheme(), authorities, mix };
    let engine = brewing.engine();
    let genesis = Made {
        header: genesis_header(&settings().check().expect("sound settings").clock, balances().root()),
        state: balances(),
    };
    let (mut made, mut blocks) = (vec![genesis], Vec::new());
    for _ in 0..len {
        let block = brewing.block(&mut made);
        blocks.push(Arc::new(block));
    }
    let last = made.last().map_or(0, |made| made.header.slot);
    let now = last.saturating_sub(brewing.one_in(4).into());
    let mut brew = Brew { engine, blocks, importing: brewing.importing(), now };
    brewing.disturb(&mut brew);
    brew
}

fn settings() -> Settings {
    Settings { chain_id: CHAIN_ID, slot_duration: 1, checkpoint_interval: 2, ..Settings::default() }
}

fn balances() -> Balances {
    Balances::genesis(&[(0, 1_000), (1, 5)]).expect("a small supply")
}

impl<K: Keyring> Brewing<K> {
    fn below(&mut self, bound: usize) -> usize {
        (self.mix.next() % bound.max(1) as u64) as usize
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn engine(&self) -> Engine<K::Scheme, Transfers> {
        let key = |who| {
            let secret = K::secret(who);
            (self.scheme.public_key(&secret), self.scheme.prove_possession(&secret))
        };
        let stated: Vec<_> = (0..self.authorities).map(key).collect();
        let authorities = AuthoritySet::new(&self.scheme, &stated).expect("sound keys");
        let config = settings().check().expect("sound settings");
        let engine = Engine::new(config, self.scheme.clone(), authorities, Transfers, balances());
        engine.with_identity(0, K::secret(0)).expect("its own key")
    }

    fn importing(&mut self) -> Importing {
        let signatures = if self.one_in(5) { Signatures::Trusted } else { Signatures::Verified };
        Importing { signatures, threads: NonZeroUsize::MIN.saturating_add(self.below(3)) }
    }

    /// The next block: mostly on the last one, and mostly sound.
    fn block(&mut self, made: &mut Vec<Made>) -> CertifiedBlock {
        let at = if self.one_in(5) { self.below(made.len()) } else { made.len() - 1 };
        let parent = made[at].clone();
        let (mut body, mut state) = (BlockBody::default(), parent.state.clone());
        if self.one_in(2) {
            let transfer = Transfer { from: 0, to: self.mix.next() % 3, amount: 1 };
            body.transactions.push(transfer.to_transaction()).expect("one fits");
            state = Transfers.apply(&state, &body).unwrap_or(state);
        }
        let slot = parent.header.slot + 1 + u64::from(self.one_in(6));
        let header = BlockHeader {
            parent_root: parent.header.root(),
            height: parent.header.height + 1,
            slot,
            proposer_index: slot % self.authorities,
            state_root: state.root(),
            body_root: body.root(),
            timestamp: slot,
        };
        let spoil = if self.one_in(5) { self.mix.next() % SPOILS } else { SPOILS };
        let block = self.certified(header.clone(), body, spoil);
        made.push(Made { header, state });
        block
    }

    /// A block with its signatures; what is wrong with it has a number.
    fn certified(&self, mut header: BlockHeader, mut body: BlockBody, spoil: u64) -> CertifiedBlock {
        match spoil {
            0 => header.height += 1,
            1 => header.slot += 1,
            2 => header.proposer_index += 1,
            3 => header.state_root = Hash256::repeat_byte(9),
            4 => header.parent_root = Hash256::repeat_byte(9),
            5 => {
                body.transactions.push(Transfer { from: 0, to: 1, amount: 7 }.to_transaction()).expect("room")
            }
            _ => {}
        }
        let (root, slot) = (header.root(), header.slot);
        let proposer = if spoil == 6 { 99 } else { header.proposer_index };
        let chain = if spoil == 7 { CHAIN_ID + 1 } else { CHAIN_ID };
        let proposed = Message::new(Domain::Proposal, chain, slot, root);
        let signature = self.scheme.sign(&K::secret(proposer), &proposed);
        let (block_root, approved) = match spoil {
            8 => (Hash256::repeat_byte(9), slot),
            9 => (root, slot + 1),
            _ => (root, slot),
        };
        let needed = 2 * self.authorities / 3 + u64::from(spoil != 10);
        let who: Vec<u64> = (0..needed).collect();
        let mut bits = ApprovalBits::with_capacity((self.authorities + u64::from(spoil == 11)) as usize)
            .expect("few authorities");
        who.iter().for_each(|one| bits.set(*one as usize, true).expect("one of them"));
        let message = Message::new(Domain::Approval, CHAIN_ID, approved, block_root);
        let signing = who.iter().map(|one| if (spoil, *one) == (12, 0) { 99 } else { *one });
        let all: Vec<_> = signing.map(|one| self.scheme.sign(&K::secret(one), &message)).collect();
        let whole = self.scheme.aggregate(&all).filter(|_| spoil != 13).unwrap_or(Signature::ZERO);
        let certificate = AggregateApproval { block_root, slot: approved, bits, signature: whole };
        CertifiedBlock { signed_block: SignedBlock { block: Block { header, body }, signature }, certificate }
    }

    /// Lets the node know of some blocks, and the order of the others not be that of the chain.
    fn disturb(&mut self, brew: &mut Brew<K>) {
        let len = brew.blocks.len();
        if self.one_in(2) {
            let (one, other) = (self.below(len), self.below(len));
            swap_signatures(&mut brew.blocks, one, other);
        }
        if self.one_in(3) {
            brew.blocks[..len / 4].iter().for_each(|block| {
                let event = Event::Import { block: Arc::clone(block), signatures: Signatures::Verified };
                drop(brew.engine.handle(event, brew.now));
            });
        }
        if self.one_in(2) {
            self.let_wait(brew);
        }
        let len = brew.blocks.len();
        for _ in 0..self.below(3).min(len) {
            let (one, other) = (self.below(len), self.below(len));
            match self.below(3) {
                0 => brew.blocks.swap(one, other),
                1 => brew.blocks[one] = Arc::clone(&brew.blocks[other]),
                _ => brew.blocks.push(Arc::clone(&brew.blocks[other])),
            }
        }
    }

    /// The last block comes in as a proposal, with all approvals but ours: when its parent enters, it is voted for.
    fn let_wait(&mut self, brew: &mut Brew<K>) {
        let Some(block) = brew.blocks.last().cloned() else { return };
        let proposal = block.signed_block.clone();
        let (block_root, slot) = (proposal.block.root(), proposal.block.header.slot);
        drop(brew.engine.handle(Event::Block(proposal), brew.now));
        let message = Message::new(Domain::Approval, CHAIN_ID, slot, block_root);
        for validator_index in 1..self.authorities.min(3) {
            let signature = self.scheme.sign(&K::secret(validator_index), &message);
            let approval = Approval { block_root, slot, validator_index, signature };
            drop(brew.engine.handle(Event::Approval(approval), brew.now));
        }
        if self.one_in(2) {
            brew.blocks.pop();
        }
    }
}

/// Exchanges the signatures of two proposals, so that the sum of all of them stays the same.
fn swap_signatures(blocks: &mut [Arc<CertifiedBlock>], one: usize, other: usize) {
    let (first, second) = (blocks[one].signed_block.signature, blocks[other].signed_block.signature);
    Arc::make_mut(&mut blocks[one]).signed_block.signature = second;
    Arc::make_mut(&mut blocks[other]).signed_block.signature = first;
}
