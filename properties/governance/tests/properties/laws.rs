//! What holds for all inputs of one function.

use alys_engines::sequential::announce;
use alys_engines::violation::caught;
use alys_governance_properties::real::laws::LAWS;

/// GV-1..GV-7, CL-3: messages, votes, contents, shares, outcomes, drafts, registries, signatures of both schemes, keys,
/// batches, certificates, evidence and the shell obey their laws.
///
/// Engine: law
#[test]
fn every_law_holds() {
    for (name, rules, law) in LAWS {
        if let Err(broken) = caught(law) {
            panic!("{name} ({rules:?}): {broken}");
        }
    }
    announce(&format!("governance: {} laws hold", LAWS.len()));
}
