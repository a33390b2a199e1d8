//! Blocks of the kit as our chain has them: signed by all authorities of a small realm, or by too few.

use std::{cell::RefCell, collections::BTreeMap, sync::Arc};

use alys_chain::{
    authorities::AuthoritySet,
    engine::{ChainConfig, Settings, genesis_header},
    scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme as _},
    transition::{Balances, StateTransition as _, Transfers},
};
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

use crate::{chain::Root, sync::SyncBlock};

/// How many authorities there are.
const AUTHORITIES: u64 = 4;

/// How long a slot is, in seconds, as the kit has it. What tells blocks of one place apart is the second.
const SLOT_SECONDS: u64 = 4;

/// Authorities whose keys are known here, and every block that was made.
#[derive(Debug)]
pub(super) struct Realm {
    pub(super) ideal: Ideal,
    pub(super) authorities: AuthoritySet<IdealKey>,
    pub(super) chain: ChainConfig,
    pub(super) genesis: BlockHeader,
    /// The root of a body with nothing in it.
    body: Hash256,
    /// By root, and whether enough have signed.
    made: BTreeMap<(Root, bool), Arc<CertifiedBlock>>,
}

thread_local! {
    static REALM: RefCell<Option<Realm>> = const { RefCell::new(None) };
}

/// Does something with the realm of this thread: making one costs as much as many blocks.
///
/// # Errors
///
/// Why there is no realm, or what comes of it.
pub(super) fn with<T>(work: impl FnOnce(&mut Realm) -> Result<T, String>) -> Result<T, String> {
    REALM.with_borrow_mut(|realm| match realm {
        Some(realm) => work(realm),
        None => work(realm.insert(Realm::new()?)),
    })
}

impl Realm {
    fn new() -> Result<Self, String> {
        let ideal = Ideal::default();
        let stated = |key| (ideal.public_key(&IdealKey(key)), ideal.prove_possession(&IdealKey(key)));
        let stated: Vec<_> = (1..=AUTHORITIES).map(stated).collect();
        let authorities = AuthoritySet::new(&ideal, &stated).map_err(|error| error.to_string())?;
        let settings = Settings { slot_duration: SLOT_SECONDS, ..Settings::default() };
        let chain = settings.check().map_err(|error| error.to_string())?;
        let genesis = genesis_header(&chain.clock, Transfers.root(&Balances::default()));
        let (body, made) = (BlockBody::default().root(), BTreeMap::new());
        Ok(Realm { ideal, authorities, chain, genesis, body, made })
    }

    fn header(&self, salt: u8, parent: &Root, height: u64, slot: u64) -> BlockHeader {
        BlockHeader {
            parent_root: (*parent).into(),
            height,
            slot,
            proposer_index: slot % AUTHORITIES,
            state_root: self.genesis.state_root,
            body_root: self.body,
            timestamp: slot * SLOT_SECONDS + u64::from(salt) % SLOT_SECONDS,
        }
    }

    /// The root of a block.
    pub(super) fn root(&self, salt: u8, parent: &Root, height: u64, slot: u64) -> Root {
        let header = self.header(salt, parent, height, slot);
        if height == 0 { self.genesis.root().0 } else { header.root().0 }
    }

    /// A block of the kit as it is sent: with the approval of all, or of too few.
    ///
    /// # Errors
    ///
    /// When there is no certificate of so few signatures.
    pub(super) fn certified(&mut self, block: &SyncBlock) -> Result<Arc<CertifiedBlock>, String> {
        if let Some(made) = self.made.get(&(block.root, block.certified)) {
            return Ok(Arc::clone(made));
        }
        let header = self.header(block.salt, &block.parent, block.height, block.slot);
        let (root, slot, proposer) = (header.root(), header.slot, header.proposer_index);
        let message = Message::new(Domain::Proposal, self.chain.chain_id, slot, root);
        let signature = self.ideal.sign(&IdealKey(proposer + 1), &message);
        let signed_block = SignedBlock { block: Block { header, body: BlockBody::default() }, signature };
        let signers = if block.certified { AUTHORITIES } else { AUTHORITIES / 2 };
        let certificate = self.certificate(root, slot, signers)?;
        let made = Arc::new(CertifiedBlock { signed_block, certificate });
        self.made.insert((block.root, block.certified), Arc::clone(&made));
        Ok(made)
    }

    /// The certificate of the first so many authorities.
    fn certificate(&self, block_root: Hash256, slot: u64, signers: u64) -> Result<AggregateApproval, String> {
        let message = Message::new(Domain::Approval, self.chain.chain_id, slot, block_root);
        let signatures: Vec<_> = (1..=signers).map(|key| self.ideal.sign(&IdealKey(key), &message)).collect();
        let signature = self.ideal.aggregate(&signatures).ok_or("no signatures to aggregate")?;
        let few = |error| format!("no bits for {AUTHORITIES} authorities: {error:?}");
        let mut bits = ApprovalBits::with_capacity(AUTHORITIES as usize).map_err(few)?;
        (0..signers as usize).try_for_each(|index| bits.set(index, true)).map_err(few)?;
        Ok(AggregateApproval { block_root, slot, bits, signature })
    }
}
