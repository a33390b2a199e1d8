//! Everything that can happen in small worlds.

use alys_chain_properties::real::{game, orders};
use alys_chain_properties::suites::GAME_SLOTS;
use alys_engines::sequential::{announce, is_deep};
use alys_engines::violation::caught;

/// CH-2, CH-5: with one Byzantine authority of four no two honest nodes hold conflicting blocks final, in any run over the
/// real voter, tree and quorum: seven slots where the Byzantine slots come when they do the most harm, and six, or seven
/// at the deep tier, for each other authority.
///
/// Engine: exhaustive
#[test]
fn one_of_four_cannot_make_two_chains_final() {
    for byzantine in 0..4 {
        let slots = if byzantine == 2 || is_deep() { GAME_SLOTS } else { GAME_SLOTS - 1 };
        match game::play(byzantine, slots) {
            Ok(played) => {
                announce(&format!("chain_game: authority {byzantine} Byzantine: {played:?}"));
                assert!(played.is_final > 0, "no block was ever final");
                assert!(played.forked > 0, "no two forks were ever notarised");
                assert_eq!(played.worlds.len() as u64, slots);
            }
            Err(conflict) => panic!("CH-5: two honest nodes can hold conflicting blocks final:\n{conflict}"),
        }
    }
}

/// CH-3, CH-4, CH-5: the tip, the finalised block and whether final blocks conflict are functions of the set of blocks, for all
/// trees of up to six blocks in all orders of arrival; also when all certificates come before all blocks, or after them.
///
/// Engine: exhaustive
#[test]
fn the_order_of_arrival_changes_nothing() {
    let arrived = caught(|| orders::all(6)).unwrap_or_else(|broken| panic!("{broken}"));
    announce(&format!("chain_orders: {arrived:?}"));
    assert_eq!(arrived.trees, 4 * (1 + 2 + 4 + 9 + 20 + 48), "all shapes, each with four patterns of slots");
    assert!(arrived.conflicts > 0, "no tree had a conflict");
}
