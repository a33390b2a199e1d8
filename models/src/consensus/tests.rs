//! The model on examples whose answers are known.

use super::course::{Attempt, Course, End, Setting};
use super::node::Node;
use super::said::{Answer, Error, Id, Latest, Meaning, Outcome, Verdict, to_choice, to_payload};
use super::{stream, text};

#[test]
fn texts_are_what_the_expressions_say() {
    assert_eq!(
        ["0x0", "0x1f", "0x01", "0x", "1", "0xg"].map(text::quantity),
        [Some(0), Some(31), None, None, None, None]
    );
    assert_eq!(text::octets("0x0aFF"), Some(vec![10, 255]));
    assert_eq!((text::octets("0x0"), text::octets("0x"), text::decimal("01")), (None, Some(vec![]), None));
}

#[test]
fn a_call_tries_again_until_it_must_not() {
    let setting =
        Setting { attempts: 3, refused_tokens: 2, attempt: 10, call: 100, backoff: 5, backoff_max: 8 };
    let lost = setting.course(0, &[(1, End::Passing)]);
    let attempts = [(0, 10), (6, 16), (15, 25)].map(|(at, until)| Attempt { at, until });
    assert_eq!(lost, Course { attempts: attempts.to_vec(), succeeds: false });
    assert_eq!(setting.course(0, &[(1, End::Refused)]).attempts.len(), 2);
    assert_eq!(setting.course(0, &[(1, End::Final)]).attempts.len(), 1);
    assert!(setting.course(0, &[(1, End::Passing), (1, End::Answer)]).succeeds);
}

#[test]
fn an_answer_means_one_thing() {
    let result = Answer {
        status: 200,
        json: true,
        version: true,
        id: Id::Ours,
        error: Error::Null,
        result: Outcome::Something,
    };
    assert_eq!(result.meanings(), [Meaning::Result]);
    assert_eq!(Answer { id: Id::Text, ..result }.meanings(), [Meaning::OtherRequest]);
    assert_eq!(to_payload("VALID", Latest::Other), None);
    assert_eq!(to_choice("SYNCING", Latest::Null, true), None);
    assert_eq!(to_choice("INVALID", Latest::Other, false), Some(Verdict::Invalid(Latest::Other)));
}

#[test]
fn a_stream_holds_what_is_complete() {
    let octets = b"\xef\xbb\xbf: hello\ndata: 1\r\ndata:2\n\nevent: head\n\ndata: lost";
    assert_eq!(stream::messages(octets), [("message".to_owned(), "1\n2".to_owned())]);
}

#[test]
fn what_was_on_a_broken_line_is_lost() {
    let mut node = Node::default();
    node.opens();
    node.moves();
    node.breaks();
    node.opens();
    assert_eq!((node.delivers(), node.head), (None, 1));
    node.asked();
    node.moves();
    node.answers();
    assert_eq!((node.answered(), node.delivers()), (Some(2), Some(2)));
    assert!(node.is_quiet() && node.tells(2).is_ok() && node.tells(2).is_err());
}
