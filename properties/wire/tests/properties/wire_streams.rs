//! Streams: cut anywhere, corrupted anyhow.

use alys_engines::{
    results,
    sequential::{Persistence, Seed, announce, cases_wanted, fail, run_drawn},
};
use alys_wire_properties::{
    laws,
    real::Wire,
    streaming::{Machine, STREAMING},
};

/// WR-2: wherever a stream is cut, the same messages come, and the first hopeless byte is the same.
///
/// Engine: law
#[test]
fn every_split_brings_the_same() {
    laws::hold(|| laws::streams::splits::<Wire>(6));
}

/// WR-4: no flip of one bit of a frame gives another payload.
///
/// Engine: exhaustive
#[test]
fn no_flipped_bit_gives_another_payload() {
    laws::hold(|| laws::streams::flips::<Wire>(3));
}

/// WR-2, WR-3, WR-4: chunks of every kind, at every limit, are taken or refused as the model says.
///
/// Engine: law
#[test]
fn chunks_made_by_hand_are_judged_as_the_model_says() {
    laws::hold(laws::streams::crafted::<Wire>);
}

/// WR-3, WR-4: whatever happens to a stream, decoder and model agree on messages, errors and bytes used. What the
/// framing cannot detect is counted by class.
///
/// Engine: law
#[test]
fn corrupted_streams_bring_what_the_model_says() {
    let under_way = results::begin("wire_corruptions");
    // The deep tier multiplies by 20: a million.
    let count = u64::from(cases_wanted(50_000));
    let table = laws::hold(|| laws::corruptions::counted::<Wire>(0, count));
    let shown = laws::corruptions::shown(&table);
    announce(&format!("wire_corruptions: {count} streams, by class of corruption and outcome\n{shown}"));
    under_way.passed(&serde_json::json!({ "cases": count, "outcomes": shown }));
}

/// WR-2, WR-3: the streaming decoder, fed in any pieces, with faults between frames and resets.
///
/// Engine: sequential
#[test]
fn the_streaming_decoder_does_what_its_model_says() {
    let under_way = results::begin(STREAMING.name);
    let report = run_drawn::<Machine<Wire>>(&STREAMING, Persistence::Committed, Seed::FromEnvironment);
    let report = report.unwrap_or_else(|found| fail(&found));
    announce(&report.to_string());
    under_way.passed(&report.to_json());
}
