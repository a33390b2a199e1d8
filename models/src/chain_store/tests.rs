//! The model by hand.

use super::*;

fn block(id: u32, parent: u32, height: u64) -> Block {
    Block { id, parent, height }
}

/// Blocks 1 to 4 behind the genesis, block 5 beside block 2, and 4 is final.
fn grown(interval: u64) -> ChainStoreModel {
    let mut model = ChainStoreModel::new(interval);
    let blocks = vec![block(1, 0, 1), block(2, 1, 2), block(5, 1, 2), block(3, 2, 3), block(4, 3, 4)];
    let commit = Commit { blocks, head: Some(4), finalised: Some(4), values: vec![(7, Some(1))] };
    assert_eq!(model.apply(&Transition::Commit(commit)), Outcome::Done);
    model
}

#[test]
fn pruning_keeps_what_checkpoints_are_made_of() {
    let mut model = grown(2);
    assert_eq!(model.apply(&Transition::Prune { below: 4 }), Outcome::Done);
    assert_eq!(model.durable.blocks.keys().copied().collect::<Vec<_>>(), [0, 2, 4]);
    assert_eq!(model.durable.canonical, [(0, 0), (2, 2), (4, 4)].into());
}

#[test]
fn what_is_not_acknowledged_may_be_lost() {
    let mut model = grown(2);
    assert_eq!(model.begin(&Transition::Vote { slot: 3 }), Outcome::Done);
    assert_eq!(model.after_crash().map(|held| held.voted), [0, 3]);
    assert_eq!(model.begin(&Transition::Vote { slot: 3 }), Outcome::Refused(Refusal::Voted));
}

#[test]
fn a_damaged_checkpoint_is_told_with_the_last_good_one() {
    let mut model = grown(1);
    // The first start verifies, and moves the mark to the last checkpoint.
    model.apply(&Transition::Reopen { closed: true });
    model.apply(&Transition::RotCheckpoint { height: 2, bit: 0 });
    let broken = Broken { height: 2, fault: Fault::Rotten, last_valid: 1 };
    assert_eq!(model.durable.verified(), (1, Some(broken)));
    assert_eq!(model.durable.broken_at(2), Some(broken));
    assert_eq!(model.durable.fault_at(3), Some(Fault::Wrong(Field::Previous)));
    assert_eq!(model.durable.fault_at(4), None);
    model.apply(&Transition::Rebuild);
    assert_eq!(model.durable.verified(), (4, None));
}

#[test]
fn no_head_leaves_the_finalised_block() {
    let mut model = grown(2);
    let commit = Commit { head: Some(5), ..Commit::default() };
    assert_eq!(model.apply(&Transition::Commit(commit)), Outcome::Refused(Refusal::CrossesFinalised));
}

#[test]
fn the_tip_and_the_final_blocks_follow_from_the_blocks() {
    let model = grown(2);
    let held = &model.durable;
    assert_eq!(held.chosen(0, |id| id), 4);
    assert_eq!(held.chosen(5, |id| id), 5);
    let fork = Commit { blocks: vec![block(6, 3, 4)], ..Commit::default() };
    let mut model = grown(2);
    model.apply(&Transition::Commit(fork));
    assert_eq!(model.durable.chosen(0, |id| id), 4, "the smaller one of two as long");
    assert_eq!(model.durable.chosen(0, |id| 9 - id), 6);
    let slots = [0, 1, 2, 3, 5, 9];
    assert_eq!(held.middles(|id| slots[id as usize]), [1, 2], "the genesis counts as the first of three");
}
