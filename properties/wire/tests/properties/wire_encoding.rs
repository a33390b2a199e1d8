//! Encoding: round trips, golden frames, names, limits.

use alys_engines::{
    results,
    sequential::{announce, cases_wanted},
};
use alys_wire_properties::{laws, real::Wire};

/// WR-1, WR-6: what is encoded decodes to itself, by the model as well, and an encoder's past does not show.
///
/// Engine: law
#[test]
fn what_is_encoded_decodes_to_itself() {
    let under_way = results::begin("wire_round_trip");
    let cases = u64::from(cases_wanted(1_500));
    laws::hold(|| laws::encoding::round_trip::<Wire>(cases));
    announce(&format!("wire_round_trip: {cases} messages on each of 12 streams"));
    under_way.passed(&serde_json::json!({ "cases": cases }));
}

/// WR-1: the same message gives the bytes that it always gave.
///
/// Engine: law
#[test]
fn golden_frames_are_as_they_were() {
    laws::hold(laws::encoding::golden::<Wire>);
}

/// WR-1: result bytes, reasons, protocols and topics have one name each, and unnamed ones keep their number.
///
/// Engine: exhaustive
#[test]
fn everything_has_one_name() {
    laws::hold(laws::names::all::<Wire>);
}

/// WR-3, WR-6: the limits follow from the types, encoder and decoder share them, and they hold to the byte.
///
/// Engine: law
#[test]
fn one_table_of_limits_serves_both_sides() {
    laws::hold(laws::encoding::limits::<Wire>);
}

/// WR-1, WR-2, WR-6: the codecs of framed streams do what decoders and encoder do.
///
/// Engine: law
#[test]
fn framed_streams_say_the_same() {
    laws::hold(laws::encoding::framed::<Wire>);
}
