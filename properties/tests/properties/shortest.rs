//! How short counterexamples get.

use alys_properties::{
    optimum::{FAULTS, judge},
    sequential::{announce, is_deep},
};

/// The share of seeds from which a counterexample must be as short as any, in percent.
const OPTIMAL: u64 = 99;

/// MB-1, MB-2, MB-7, MB-9, OT-1, OT-3, OT-5, SV-1, SV-9: the counterexamples of planted faults are as short as
/// the shortest that exhaustive search knows for their rule, from 99 of 100 seeds.
///
/// Engine: sequential
#[test]
fn counterexamples_are_as_short_as_any() {
    let seeds = if is_deep() { 200 } else { 40 };
    let all: Vec<_> = FAULTS.into_iter().map(|fault| judge(fault, seeds)).collect();
    all.iter().for_each(|one| announce(&format!("shortest: {one}")));
    let longer: Vec<_> = all.iter().filter(|one| one.optimal * 100 < one.seeds * OPTIMAL).collect();
    assert!(longer.is_empty(), "too long: {longer:#?}");
}
