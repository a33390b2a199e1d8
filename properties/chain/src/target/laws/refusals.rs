//! Configurations, identities and durable states that are refused, and what refusals say.

use std::sync::Arc;

use alys_engines::violation::check_eq;
use alys_wire::containers::{
    AggregateApproval, ApprovalBits, Block, BlockBody, BlockHeader, CertifiedBlock, Hash256, SignedBlock,
};

use super::super::alys::approvals::ApprovalRefusal;
use super::super::alys::authorities::AuthoritySet;
use super::super::alys::candidate::BlockRefusal;
use super::super::alys::engine::{ConfigError, Engine, RestoreError, Saved, Settings, genesis_header};
use super::super::alys::scheme::{Ideal, IdealKey, SignatureScheme};
use super::super::alys::transition::{Balances, TransferError, Transfers};

pub(super) fn settings() {
    let sound = Settings::default();
    check_eq("CH-1", "whether the defaults are sound", &true, &sound.check().is_ok());
    let zero = |field| Err(ConfigError::Zero { field });
    let refused = |settings: Settings| settings.check().map(drop);
    check_eq("CH-1", "no slots", &zero("slot_duration"), &refused(Settings { slot_duration: 0, ..sound }));
    let none = Settings { checkpoint_interval: 0, ..sound };
    check_eq("CH-6", "no interval", &zero("checkpoint_interval"), &refused(none));
    check_eq(
        "CH-1",
        "no room for owners",
        &zero("pool_per_owner"),
        &refused(Settings { pool_per_owner: 0, ..sound }),
    );
    check_eq("CH-1", "no room", &zero("pool_total"), &refused(Settings { pool_total: 0, ..sound }));
    let one =
        Settings { slot_duration: 1, checkpoint_interval: 1, pool_per_owner: 1, pool_total: 1, ..sound };
    check_eq("CH-1", "the least of everything", &Ok(()), &refused(one));
    let config = Settings { chain_id: 5, genesis_time: 6, ..sound }.check().expect("sound");
    check_eq("CH-1", "chain and genesis", &(5, 6), &(config.chain_id, config.clock.genesis_time));
    let header = genesis_header(&config.clock, Hash256::repeat_byte(1));
    let expected = BlockHeader {
        state_root: Hash256::repeat_byte(1),
        body_root: BlockBody::default().root(),
        timestamp: 6,
        ..BlockHeader::default()
    };
    check_eq("CH-1", "genesis", &expected, &header);
}

fn authorities(scheme: &Ideal) -> AuthoritySet<IdealKey> {
    let keys = [IdealKey(1), IdealKey(2)];
    let stated = keys.map(|key| (scheme.public_key(&key), scheme.prove_possession(&key)));
    AuthoritySet::new(scheme, &stated).expect("sound keys")
}

pub(super) fn identities() {
    let scheme = Ideal::default();
    let config = Settings::default().check().expect("sound");
    let as_one = |index, key| {
        let engine =
            Engine::new(config, scheme.clone(), authorities(&scheme), Transfers, Balances::default());
        engine.with_identity(index, key).map(drop)
    };
    check_eq("CH-5", "our own key", &Ok(()), &as_one(1, IdealKey(2)));
    check_eq("CH-5", "somebody's key", &Err(ConfigError::ForeignKey { index: 1 }), &as_one(1, IdealKey(1)));
    let unknown = ConfigError::UnknownAuthority { index: 2, n: 2 };
    check_eq("CH-5", "nobody's place", &Err(unknown), &as_one(2, IdealKey(1)));
}

/// A chain of blocks in consecutive slots over genesis.
fn chain(len: u64) -> Vec<Arc<CertifiedBlock>> {
    let config = Settings::default().check().expect("sound");
    let mut parent = genesis_header(&config.clock, Balances::default().root());
    let certified = |_| {
        let header = BlockHeader {
            parent_root: parent.root(),
            height: parent.height + 1,
            slot: parent.slot + 1,
            ..parent.clone()
        };
        parent = header.clone();
        let bits = ApprovalBits::with_capacity(2).expect("few");
        let (block_root, slot, signature) = (header.root(), header.slot, Default::default());
        let certificate = AggregateApproval { block_root, slot, bits, signature };
        let block = Block { header, body: BlockBody::default() };
        Arc::new(CertifiedBlock { signed_block: SignedBlock { block, signature }, certificate })
    };
    (0..len).map(certified).collect()
}

pub(super) fn restores() {
    let scheme = Ideal::default();
    let config = Settings::default().check().expect("sound");
    let blocks = chain(3);
    let root = |place: usize| blocks[place].certificate.block_root;
    let genesis = genesis_header(&config.clock, Balances::default().root());
    let sound = Saved {
        base_header: genesis.clone(),
        base_block: None,
        base_state: Balances::default(),
        blocks: blocks.clone(),
        finalised: root(1),
        head: root(2),
        violation: None,
        voted: 3,
        proposed: 2,
    };
    let restore = |saved: &Saved<Balances>| {
        let authorities = authorities(&scheme);
        let restored = Engine::restore(config, scheme.clone(), authorities, Transfers, saved.clone());
        restored.map(|engine| (engine.head(), engine.finalised(), engine.duties(), engine.tree().len()))
    };
    let found = restore(&sound).map(|(head, finalised, duties, len)| {
        ((head.root, head.height), (finalised.root, finalised.height), duties, len)
    });
    check_eq("CH-8", "what is restored", &Ok(((root(2), 3), (root(1), 2), (3, 2), 4)), &found);
    let refused = |saved: Saved<Balances>| restore(&saved).map(drop);
    let base_state = Balances::genesis(&[(1, 1)]).expect("little");
    let (stated, computed) = (genesis.state_root, base_state.root());
    let wrong = Saved { base_state, ..sound.clone() };
    check_eq("CH-8", "another state", &Err(RestoreError::BaseState { stated, computed }), &refused(wrong));
    let wrong = Saved { blocks: vec![Arc::clone(&blocks[1])], ..sound.clone() };
    let unknown = RestoreError::UnknownParent { root: root(1), parent: root(0) };
    check_eq("CH-8", "a hole", &Err(unknown), &refused(wrong));
    let mut high = blocks[0].as_ref().clone();
    high.signed_block.block.header.height = 2;
    let refusal = BlockRefusal::WrongHeight { height: 2, parent: 0 };
    let invalid = RestoreError::Invalid { root: high.signed_block.block.root(), refusal };
    let wrong = Saved { blocks: vec![Arc::new(high)], ..sound.clone() };
    check_eq("CH-8", "an invalid block", &Err(invalid), &refused(wrong));
    let nowhere = Hash256::repeat_byte(9);
    let wrong = Saved { finalised: nowhere, ..sound.clone() };
    check_eq(
        "CH-8",
        "no final block",
        &Err(RestoreError::UnknownFinalised { root: nowhere }),
        &refused(wrong),
    );
    let wrong = Saved { head: nowhere, ..sound.clone() };
    check_eq("CH-8", "no tip", &Err(RestoreError::UnknownHead { root: nowhere }), &refused(wrong));
    let wrong = Saved { head: root(1), ..sound.clone() };
    let other = RestoreError::WrongHead { stated: root(1), computed: root(2) };
    check_eq("CH-8", "another tip", &Err(other), &refused(wrong));
    let wrong = Saved { finalised: root(2), head: root(2), blocks: blocks[..2].to_vec(), ..sound };
    check_eq(
        "CH-8",
        "a block too few",
        &Err(RestoreError::UnknownFinalised { root: root(2) }),
        &refused(wrong),
    );
}

/// Sentences with what was found, where, and what is allowed.
pub(super) fn words() {
    let says = |expected: &str, error: &dyn std::fmt::Display| {
        check_eq("CH-1", "what a refusal says", expected, &error.to_string());
    };
    type Refusal = BlockRefusal<TransferError>;
    let before: Refusal = BlockRefusal::SlotMismatch { slot: 3, timestamp: 9, computed: None };
    says("the block is of slot 3, its timestamp 9 lies in no slot: it is before genesis", &before);
    let other: Refusal = BlockRefusal::SlotMismatch { slot: 3, timestamp: 9, computed: Some(4) };
    says("the block is of slot 3, its timestamp 9 lies in slot 4", &other);
    let insufficient = TransferError::Insufficient { index: 1, from: 2, balance: 3, amount: 4 };
    let refused: Refusal = BlockRefusal::Transition(insufficient);
    says("the body cannot be executed: transaction 1 moves 4 from account 2, which has 3", &refused);
    says("`pool_total` is 0, allowed is 1 and more", &ConfigError::Zero { field: "pool_total" });
    says(
        "authority 9 approves, allowed are those below 4",
        &ApprovalRefusal::UnknownSigner { index: 9, n: 4 },
    );
}
