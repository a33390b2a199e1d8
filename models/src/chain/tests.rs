use super::*;

const GENESIS: BlockId = BlockId([0; 32]);

fn setting() -> ChainSetting {
    ChainSetting {
        authorities: 4,
        me: None,
        genesis_time: 10,
        slot_duration: 2,
        interval: 2,
        per_owner: 8,
        total: 64,
    }
}

fn block(id: u8, parent: u8, height: u64, slot: u64) -> ModelBlock {
    ModelBlock {
        id: BlockId([id; 32]),
        parent: BlockId([parent; 32]),
        height,
        slot,
        proposer: slot % 4,
        timestamp: 10 + 2 * slot,
        payments: Vec::new(),
        flaw: None,
    }
}

fn enter(model: &mut ChainModel, block: ModelBlock) -> Vec<ChainOutcome> {
    let approval = ModelApproval {
        block: block.id,
        slot: block.slot,
        signers: BTreeSet::from([0, 1, 2]),
        bits: 4,
        single: false,
        signed: true,
    };
    model.apply(&ChainTransition::Block(block), 1_000);
    model.apply(&ChainTransition::Approval(approval), 1_000)
}

#[test]
fn three_in_a_row_make_the_second_final() {
    let mut model = ChainModel::new(setting(), GENESIS, &[]);
    enter(&mut model, block(1, 0, 1, 1));
    enter(&mut model, block(2, 1, 2, 2));
    assert_eq!(model.now().finalised, BlockId([1; 32]), "genesis is the first of three");
    enter(&mut model, block(3, 2, 3, 3));
    assert_eq!(model.now().finalised, BlockId([2; 32]));
    assert_eq!(model.now().checkpoints, BTreeMap::from([(2, BlockId([2; 32]))]));
}

#[test]
fn ties_go_to_the_smaller_name_and_longer_chains_win() {
    let mut model = ChainModel::new(setting(), GENESIS, &[]);
    enter(&mut model, block(7, 0, 1, 2));
    enter(&mut model, block(5, 0, 1, 4));
    assert_eq!(model.now().head, BlockId([5; 32]));
    enter(&mut model, block(9, 7, 2, 6));
    assert_eq!(model.now().head, BlockId([9; 32]));
}

#[test]
fn a_quorum_is_more_than_two_thirds() {
    let least = |n| (0..=n).find(|signers| enough(*signers, n));
    let expected = [1, 2, 3, 3, 4, 5, 5].map(Some);
    assert_eq!((1..=7).map(least).collect::<Vec<_>>(), expected);
}
