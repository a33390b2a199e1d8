//! Gossip and rates.

use alys_engines::sequential::cases_wanted;
use alys_wire_properties::{laws, real::Wire};

/// WR-1, WR-3, WR-6: what is published is read as the model reads it, and its id is the model's.
///
/// Engine: law
#[test]
fn gossip_is_read_as_the_model_reads_it() {
    laws::hold(|| laws::gossip::all::<Wire>(u64::from(cases_wanted(3_000))));
}

/// WR-3: a rate allows exactly what an evenly leaking bucket has room for, and says how long to wait.
///
/// Engine: law
#[test]
fn rates_are_those_of_a_leaking_bucket() {
    laws::hold(|| laws::quota::all::<Wire>(u64::from(cases_wanted(2_000))));
}
