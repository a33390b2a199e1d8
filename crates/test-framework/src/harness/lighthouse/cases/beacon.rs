//! Beacon nodes over time: heads that are told, and nodes that do something wrong.

use alys_consensus::{beacon::BlockId, octets::Fixed};
use alys_consensus_properties::{
    hands::Hands,
    real::{
        answers,
        laws_beacon::client,
        laws_served::served,
        shown::Chain,
        support::{BEGIN, policy, word},
    },
    stage::{Stage as Server, Step},
};
use serde_json::json;

use super::{
    super::named,
    notes::{Notes, play},
};
use crate::{
    case::{Pace, TestCase},
    event::TestEventType::{NetworkEvent, ReplyReceived},
    evidence::Evidence,
    judge::Judge,
    stage::Driven,
};

pub(super) const HEADS: TestCase =
    named::case(named::HEADS, Pace::Virtual, |stage| Box::pin(play(stage, heads)), judge_heads);

pub(super) const NODES: TestCase =
    named::case(named::NODES, Pace::Virtual, |stage| Box::pin(play(stage, nodes)), judge_nodes);

/// How many heads are listened to one by one, and how many there are: more than a listener may be behind.
const ONE_BY_ONE: usize = 12;
const HEADS_IN_ALL: usize = 90;

async fn heads(seed: u64, notes: &mut Notes) -> Driven {
    let mut rng = fastrand::Rng::with_seed(seed);
    let views = Chain::growing(HEADS_IN_ALL);
    let at = |root| views.iter().position(|view| view.head() == root).map_or(u64::MAX, |at| at as u64);
    let (url, published) = served(views[0].clone()).await;
    let mut watch = client(&url, &Hands::at(BEGIN)).watch();
    notes.note(NetworkEvent, "one by one", 1_u64, at(watch.next().await.root));
    for view in &views[1..ONE_BY_ONE] {
        let times = rng.u64(1..4);
        // The same view again is no other head.
        (0..times).for_each(|_| published.publish(view.clone()));
        notes.note(NetworkEvent, "one by one", times, at(watch.next().await.root));
    }
    views[ONE_BY_ONE..].iter().for_each(|view| published.publish(view.clone()));
    let mut last = ONE_BY_ONE as u64 - 1;
    // Where the last head is never told, this ends with the patience of the scenario.
    while last != HEADS_IN_ALL as u64 - 1 {
        last = at(watch.next().await.root);
    }
    notes.note(NetworkEvent, "after a gap", "the head that was told last", last);
    let trouble = watch.trouble().map_or("none".to_owned(), word);
    notes.note(NetworkEvent, "trouble", "why a stream was lost", trouble);
    Ok(())
}

fn judge_heads(seen: Evidence<'_>, judge: &mut Judge) {
    let expected: Vec<_> = (0..ONE_BY_ONE as u64).collect();
    judge.same("CL-1", "heads that were told", &expected, &seen.counts(NetworkEvent, "one by one", "came"));
    let last = [HEADS_IN_ALL as u64 - 1];
    judge.same("CL-1", "after a gap", &last, &seen.counts(NetworkEvent, "after a gap", "came"));
    judge.same("CL-1", "trouble", &["lost"], &seen.words(NetworkEvent, "trouble", "came"));
}

/// What a node does to each question for the header of a root, and what comes of it after how many attempts.
fn wrongs() -> Vec<(&'static str, Step, &'static str, u64)> {
    let other = answers::all().into_iter().find(|(path, _)| *path == "header").map(|(_, answer)| answer);
    let other = other.unwrap_or_default();
    let text = other.to_string().into_bytes();
    let long = policy().attempt;
    vec![
        ("the header of another block", Step::json(200, &other), "other block", 1),
        ("half of an answer", Step::Answer(200, text[..40].to_vec()), "malformed", 1),
        ("a connection that ends early", Step::Cut(200, text.clone()), "lost", 3),
        ("a reset", Step::Reset, "lost", 3),
        ("nothing in time", Step::Silent(long), "timeout 8000", 3),
        ("an answer that is late", Step::Late(long, Box::new(Step::Answer(200, text))), "timeout 8000", 3),
        ("data of another kind", Step::json(200, &json!({ "data": [] })), "malformed", 1),
        ("an error of the server", Step::json(500, &other), "status 500", 3),
        ("too many requests", Step::json(429, &other), "status 429", 3),
        ("a refusal", Step::json(400, &json!({ "code": 400, "message": "no" })), "status 400", 1),
        ("no access", Step::json(401, &other), "unauthorised", 2),
        ("another place", Step::Redirect("/elsewhere".to_owned()), "status 302", 1),
        ("no such block", Step::json(404, &json!({ "code": 404, "message": "no" })), "none", 1),
    ]
}

async fn nodes(_: u64, notes: &mut Notes) -> Driven {
    for (what, step, ..) in wrongs() {
        let hands = Hands::at(BEGIN);
        let server = Server::open(hands.clone(), move |_| step.clone()).await;
        let came = match client(&server.url, &hands).header(BlockId::Root(Fixed([0xab; 32]))).await {
            Ok(Some(_)) => "found".to_owned(),
            Ok(None) => "none".to_owned(),
            Err(error) => word(&error.error.failure),
        };
        notes.note(ReplyReceived, "outcome", what, came);
        notes.note(ReplyReceived, "attempts", what, server.asked().len());
    }
    Ok(())
}

fn judge_nodes(seen: Evidence<'_>, judge: &mut Judge) {
    let wrongs = wrongs();
    let outcomes: Vec<_> = wrongs.iter().map(|(_, _, outcome, _)| *outcome).collect();
    judge.same("CL-1", "what comes of it", &outcomes, &seen.words(ReplyReceived, "outcome", "came"));
    let attempts: Vec<_> = wrongs.iter().map(|(.., attempts)| *attempts).collect();
    judge.same("CL-1", "attempts", &attempts, &seen.counts(ReplyReceived, "attempts", "came"));
}
