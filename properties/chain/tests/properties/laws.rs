//! What holds for all inputs of one function.

use alys_chain_properties::real::laws::LAWS;
use alys_engines::sequential::announce;
use alys_engines::violation::caught;

/// CH-1, CH-2, CH-5, CH-6, CH-8, WR-7: signatures, keys, quorums, certificates, slots, votes, state, settings and durable states obey
/// their laws, of both schemes where it is about signatures; what corruption makes of a block never enters the tree.
///
/// Engine: law
#[test]
fn every_law_holds() {
    for (name, rules, law) in LAWS {
        if let Err(broken) = caught(law) {
            panic!("{name} ({rules:?}): {broken}");
        }
    }
    announce(&format!("chain: {} laws hold", LAWS.len()));
}
