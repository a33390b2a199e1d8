//! Certified blocks for peers to serve: real ones, signed by every authority of a small realm.

use std::sync::Arc;

use alys_chain::authorities::AuthoritySet;
use alys_chain::engine::{ChainConfig, Settings, genesis_header};
use alys_chain::scheme::{Domain, Ideal, IdealKey, Message, SignatureScheme};
use alys_chain::transition::Balances;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

/// How many authorities there are.
const AUTHORITIES: u64 = 4;

/// How long a slot is, in seconds. Blocks of one slot differ by their second.
pub const SLOT_SECONDS: u64 = 4;

/// A certified block as it is handed around.
pub type Certified = Arc<CertifiedBlock>;

/// Authorities whose keys are known here, and the chain's configuration.
#[derive(Clone, Debug)]
pub struct Realm {
    /// The scheme; its registry has every signature that was made.
    pub ideal: Ideal,
    /// The authorities.
    pub authorities: AuthoritySet<IdealKey>,
    /// The configuration.
    pub config: ChainConfig,
    /// The header of genesis.
    pub genesis: BlockHeader,
}

impl Default for Realm {
    fn default() -> Self {
        Self::with_interval(10)
    }
}

impl Realm {
    /// A realm with a checkpoint every so many blocks.
    ///
    /// # Panics
    ///
    /// When the interval is 0.
    #[must_use]
    pub fn with_interval(checkpoint_interval: u64) -> Self {
        let ideal = Ideal::default();
        let stated = |key| (ideal.public_key(&IdealKey(key)), ideal.prove_possession(&IdealKey(key)));
        let stated: Vec<_> = (1..=AUTHORITIES).map(stated).collect();
        let authorities = AuthoritySet::new(&ideal, &stated).expect("keys of a registry");
        let settings = Settings { slot_duration: SLOT_SECONDS, checkpoint_interval, ..Settings::default() };
        let config = settings.check().expect("no setting is 0");
        let genesis = genesis_header(&config.clock, Balances::default().root());
        Realm { ideal, authorities, config, genesis }
    }

    /// A certified block on a parent. Another `salt` below [`SLOT_SECONDS`] makes another block of the same slot.
    #[must_use]
    pub fn block(&self, parent: &BlockHeader, slot: u64, salt: u64) -> Certified {
        let header = BlockHeader {
            parent_root: parent.root(),
            height: parent.height + 1,
            slot,
            proposer_index: slot % AUTHORITIES,
            state_root: parent.state_root,
            body_root: BlockBody::default().root(),
            timestamp: slot * SLOT_SECONDS + salt % SLOT_SECONDS,
        };
        Arc::new(self.certified(header))
    }

    /// So many blocks on a parent, one a slot.
    #[must_use]
    pub fn chain(&self, parent: &BlockHeader, count: u64, salt: u64) -> Vec<Certified> {
        let mut blocks: Vec<Certified> = Vec::new();
        for _ in 0..count {
            let last = blocks.last().map_or(parent, |block| header(block)).clone();
            blocks.push(self.block(&last, last.slot + 1, salt));
        }
        blocks
    }

    /// A block of this header with the empty body, signed by its proposer and by everybody.
    fn certified(&self, header: BlockHeader) -> CertifiedBlock {
        let (root, slot, proposer) = (header.root(), header.slot, header.proposer_index);
        let message = |domain| Message::new(domain, self.config.chain_id, slot, root);
        let signature = self.ideal.sign(&IdealKey(proposer + 1), &message(Domain::Proposal));
        let signed = SignedBlock { block: Block { header, body: BlockBody::default() }, signature };
        CertifiedBlock { signed_block: signed, certificate: self.certificate(root, slot, AUTHORITIES) }
    }

    /// The certificate of so many authorities.
    fn certificate(&self, block_root: Hash256, slot: u64, signers: u64) -> AggregateApproval {
        let message = Message::new(Domain::Approval, self.config.chain_id, slot, block_root);
        let mut bits = ApprovalBits::with_capacity(AUTHORITIES as usize).expect("few authorities");
        let signatures: Vec<_> = (0..signers)
            .map(|index| {
                bits.set(index as usize, true).expect("an authority");
                self.ideal.sign(&IdealKey(index + 1), &message)
            })
            .collect();
        let signature = self.ideal.aggregate(&signatures).expect("signatures of the scheme");
        AggregateApproval { block_root, slot, bits, signature }
    }

    /// The same block with the approval of too few: half of the authorities.
    #[must_use]
    pub fn uncertified(&self, block: &CertifiedBlock) -> Certified {
        let AggregateApproval { block_root, slot, .. } = block.certificate;
        let certificate = self.certificate(block_root, slot, AUTHORITIES / 2);
        Arc::new(CertifiedBlock { certificate, ..block.clone() })
    }
}

/// The header of a block.
#[must_use]
pub fn header(block: &CertifiedBlock) -> &BlockHeader {
    &block.signed_block.block.header
}

/// The root of a block.
#[must_use]
pub fn root(block: &CertifiedBlock) -> Hash256 {
    block.signed_block.block.root()
}

/// The same block with a signature that nobody has made.
#[must_use]
pub fn forged(block: &CertifiedBlock) -> Certified {
    let mut block = block.clone();
    block.certificate.signature.0[5] ^= 1;
    Arc::new(block)
}
