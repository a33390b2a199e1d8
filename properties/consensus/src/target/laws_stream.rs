//! The stream of events: whatever the pieces, the messages are the model's.

use alys_engines::violation::check_eq;
use alys_models::consensus::stream;
use serde_json::json;

use super::alys::beacon::event::{HeadEvent, Topic};
use super::alys::beacon::sse::{Message, Parser, TooLong};
use super::alys::failure::Failure;
use super::alys::number::Decimal;
use super::alys::octets::{Fixed, Hash};

const STREAMS: [&[u8]; 14] = [
    b"event: head\ndata: {\"a\":1}\n\n",
    b"event: head\r\ndata: x\r\n\r\nevent: block\r\ndata: y\r\n\r\n",
    b"event: head\rdata: x\r\rdata: y\r\r",
    b":\n\n: ping\n\ndata: x\n\n",
    b"\xef\xbb\xbfdata: x\n\n\xef\xbb\xbfdata: y\n\ndata: z\n\n",
    b"data: one\ndata: two\ndata:\ndata:  four\n\n",
    b"event: head\n\ndata: x\n\n",
    b"id: 7\nretry: 10\nevent:head\ndata:x\n\n",
    b"data\n\ndata: \n\nevent\ndata: x\n\n",
    b"data: x",
    b"data: x\n",
    b"data: caf\xc3\xa9 \xff\n\nDATA: no\n\n data: no\n\n",
    b"event: a\nevent: b\ndata: x\n\n\n\n\ndata: y\n\n",
    b"\n\r\n\rdata: a:b\n\r\n",
];

fn parsed(pieces: &[&[u8]]) -> Result<Vec<(String, String)>, TooLong> {
    let mut parser = Parser::new(1_000);
    let mut messages = Vec::new();
    for piece in pieces {
        messages.extend(parser.push(piece)?.into_iter().map(|message| (message.event, message.data)));
    }
    Ok(messages)
}

/// Every stream, cut in two anywhere and into single octets, and all joined, holds the model's messages.
pub fn streams_hold_the_models_messages() -> u64 {
    let mut tried = 0;
    let joined = STREAMS.concat();
    for octets in STREAMS.into_iter().chain([&*joined]) {
        let model = Ok(stream::messages(octets));
        let what = String::from_utf8_lossy(octets).into_owned();
        for cut in 0..=octets.len() {
            let (before, after) = octets.split_at(cut);
            check_eq("CL-1", &format!("{what:?} cut at {cut}"), &model, &parsed(&[before, after]));
            tried += 1;
        }
        let single: Vec<_> = octets.chunks(1).collect();
        check_eq("CL-1", &format!("{what:?} octet by octet"), &model, &parsed(&single));
    }
    tried
}

/// Every short text over the signs that matter.
pub fn every_short_stream_is_read() -> u64 {
    let signs: [&[u8]; 6] = [b"\n", b"\r", b":", b"data", b" ", b"event"];
    let mut tried = 0;
    for length in 0..=6_u32 {
        for code in 0..6_usize.pow(length) {
            let text = (0..length).flat_map(|at| signs[code / 6_usize.pow(at) % 6].to_vec());
            let octets: Vec<u8> = b"data:x\n".iter().copied().chain(text).collect();
            check_eq(
                "CL-1",
                &format!("{:?}", String::from_utf8_lossy(&octets)),
                &Ok(stream::messages(&octets)),
                &parsed(&[&octets]),
            );
            tried += 1;
        }
    }
    tried
}

/// What a message may hold is bounded; what is before it, and comments that end, are not counted.
pub fn messages_are_bounded() -> u64 {
    let limit = 10;
    let fits = |octets: &[u8]| Parser::new(limit).push(octets).map(|messages| messages.len());
    check_eq("CL-1", "a line of 10", &Ok(0), &fits(b"data:12345"));
    check_eq("CL-1", "a line of 11", &Err(TooLong { limit }), &fits(b"data:123456"));
    check_eq("CL-1", "5 and a line of 5", &Ok(0), &fits(b"data:12345\ndata:"));
    check_eq("CL-1", "5 and a line of 6", &Err(TooLong { limit }), &fits(b"data:12345\ndata:1"));
    check_eq("CL-1", "many messages", &Ok(20), &fits(&b"data:123\n\n".repeat(20)));
    check_eq("CL-1", "many comments", &Ok(0), &fits(&b":12345678\n".repeat(20)));
    6
}

/// A head is read from its message, and from no other; what is missing is not made up.
pub fn heads_are_read() -> u64 {
    let event = HeadEvent {
        slot: Decimal(10),
        block: Fixed([1; 32]),
        state: Fixed([2; 32]),
        epoch_transition: true,
        previous_duty_dependent_root: Fixed([3; 32]),
        current_duty_dependent_root: Hash::default(),
        execution_optimistic: false,
    };
    let data = json!({
        "slot": "10", "block": Hash::from(Fixed([1; 32])), "state": Hash::from(Fixed([2; 32])), "epoch_transition": true,
        "previous_duty_dependent_root": Hash::from(Fixed([3; 32])), "current_duty_dependent_root": Hash::default(),
        "execution_optimistic": false,
    });
    let message =
        |kind: &str, data: &serde_json::Value| Message { event: kind.to_owned(), data: data.to_string() };
    check_eq("CL-1", "a head", &Ok(Some(event.clone())), &HeadEvent::read(&message("head", &data)));
    check_eq("CL-1", "a head that is written", &data, &json!(event));
    for other in ["message", "block", "Head", "head_v2", "chain_reorg", "finalized_checkpoint"] {
        check_eq("CL-1", &format!("{other} is no head"), &Ok(None), &HeadEvent::read(&message(other, &data)));
    }
    for field in [
        "slot",
        "block",
        "state",
        "epoch_transition",
        "previous_duty_dependent_root",
        "current_duty_dependent_root",
        "execution_optimistic",
    ] {
        let mut short = data.clone();
        short.as_object_mut().map(|object| object.remove(field));
        let read = HeadEvent::read(&message("head", &short));
        check_eq(
            "CL-1",
            &format!("a head without {field}"),
            &true,
            &matches!(read, Err(Failure::Malformed(_))),
        );
    }
    let names = ["head", "block", "chain_reorg", "finalized_checkpoint"];
    check_eq("CL-1", "the names of topics", &names, &Topic::ALL.map(Topic::name));
    for (name, topic) in names.into_iter().zip(Topic::ALL) {
        check_eq("CL-1", "the topic of a name", &Some(topic), &Topic::of(name));
    }
    20
}
