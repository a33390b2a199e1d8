//! Watching a head over HTTP: streams that end, are reset, are silent, or speak of something else.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use alys_engines::violation::check_eq;
use serde_json::json;

use super::alys::beacon::BeaconClient;
use super::alys::beacon::follow::Head;
use super::alys::beacon::watch::{HeadWatch, SILENCE};
use super::alys::failure::Failure;
use super::alys::octets::{Fixed, Hash};
use super::alys::retry::Policy;
use super::laws_beacon::client;
use super::support::{BEGIN, clock, policy, word};
use crate::hands::Hands;
use crate::stage::{Asked, Stage, Step, run, turns};

fn root(head: u8) -> Hash {
    Fixed([head; 32])
}

fn head(number: u8) -> Head {
    Head { slot: u64::from(number), root: root(number) }
}

/// The message of a head.
fn event(number: u8) -> Vec<u8> {
    let data = json!({
        "slot": number.to_string(), "block": root(number), "state": root(0), "epoch_transition": false,
        "previous_duty_dependent_root": root(0), "current_duty_dependent_root": root(0), "execution_optimistic": false,
    });
    format!("event: head\ndata: {data}\n\n").into_bytes()
}

/// The answer that a head is.
fn answer(number: u8) -> Step {
    let message = json!({
        "slot": number.to_string(), "proposer_index": "0", "parent_root": root(0), "state_root": root(0), "body_root": root(0),
    });
    let header = json!({ "message": message, "signature": Fixed([0; 96]) });
    let data = json!({ "root": root(number), "canonical": true, "header": header });
    Step::json(200, &json!({ "execution_optimistic": false, "finalized": false, "data": data }))
}

/// What a node does to each stream, and what it answers when it is asked for its head, one after the other.
struct Plan {
    streams: Vec<Step>,
    answers: Vec<Step>,
    told: Vec<u8>,
    trouble: &'static str,
}

/// A stream of pieces, and then something.
fn stream(pieces: &[Vec<u8>], then: Step) -> Step {
    Step::Stream(pieces.to_vec(), Box::new(then))
}

fn forever() -> Step {
    Step::Silent(Duration::ZERO)
}

/// The message of a block, with as much beside it as a message may hold.
fn long_block() -> Vec<u8> {
    format!("event: block\ndata: {}\n\n", "x".repeat((1 << 20) - 6)).into_bytes()
}

/// Comments: they give a stream time to be listened to before it breaks off or falls silent.
fn comments() -> Vec<Vec<u8>> {
    vec![b":\n".to_vec(); 60]
}

/// Streams that break.
fn breaking() -> Vec<Plan> {
    let lost = |streams, answers, told, trouble| Plan { streams, answers, told, trouble };
    vec![
        lost(vec![stream(&[], forever())], vec![answer(1)], vec![1], "none"),
        // The stream is lost, and the head moves before the next one is open.
        lost(
            vec![stream(&comments(), Step::Reset), stream(&[], forever())],
            vec![answer(1), answer(2)],
            vec![1, 2],
            "lost",
        ),
        lost(vec![Step::Reset, stream(&[], forever())], vec![answer(3)], vec![3], "lost"),
        lost(
            vec![Step::Answer(503, Vec::new()), stream(&[], forever())],
            vec![answer(3)],
            vec![3],
            "status 503",
        ),
        lost(
            vec![Step::Answer(404, Vec::new()), stream(&[], forever())],
            vec![answer(3)],
            vec![3],
            "status 404",
        ),
        lost(vec![Step::Silent(SILENCE), stream(&[], forever())], vec![answer(3)], vec![3], "timeout 30000"),
        // Lodestar says nothing at all before its first event.
        lost(
            vec![Step::Late(
                SILENCE - Duration::from_millis(1),
                Box::new(stream(&[b":\n\n".to_vec(), event(4)], forever())),
            )],
            vec![forever()],
            vec![4],
            "none",
        ),
        lost(
            vec![stream(&comments(), Step::Silent(SILENCE)), stream(&[], forever())],
            vec![answer(1), answer(2)],
            vec![1, 2],
            "timeout 30000",
        ),
        lost(
            vec![
                stream(&[comments(), vec![vec![b'x'; 1 << 20], vec![b'x'; 2]]].concat(), forever()),
                stream(&[], forever()),
            ],
            vec![answer(4), answer(5)],
            vec![4, 5],
            "malformed",
        ),
    ]
}

/// Streams that speak.
fn speaking() -> Vec<Plan> {
    let block = b"event: block\ndata: {}\n\n".to_vec();
    let lost = |streams, answers, told, trouble| Plan { streams, answers, told, trouble };
    vec![
        lost(
            vec![stream(&[b":\n\n".to_vec(), block, event(5)], forever())],
            vec![forever()],
            vec![5],
            "none",
        ),
        // A message of almost a mebibyte is read.
        lost(vec![stream(&[long_block(), event(9)], forever())], vec![forever()], vec![9], "none"),
        lost(vec![stream(&[event(5), event(6)], forever())], vec![forever()], vec![5, 6], "none"),
        // What cannot be read was a head: it is asked for.
        lost(
            vec![stream(&[comments(), vec![b"event: head\ndata: {}\n\n".to_vec()]].concat(), forever())],
            vec![answer(1), answer(7)],
            vec![1, 7],
            "none",
        ),
        // The head is asked for in vain: another stream is opened.
        lost(
            vec![stream(&[], forever()), stream(&[], forever())],
            vec![Step::Answer(404, Vec::new()), answer(8)],
            vec![8],
            "status 404",
        ),
        lost(
            vec![stream(&[], forever()), stream(&[], forever())],
            vec![Step::Answer(400, Vec::new()), answer(8)],
            vec![8],
            "status 400",
        ),
    ]
}

/// Whatever breaks, the heads that are told are those of the plan, in their order.
pub fn no_head_is_lost_on_the_line() -> u64 {
    let mut plans = breaking();
    plans.extend(speaking());
    let tried = plans.len() as u64;
    for (number, plan) in plans.into_iter().enumerate() {
        run(played(number, plan, None));
    }
    tried
}

/// The same for a caller that gives up whenever it has to wait, or after some turns, and calls again.
pub fn whoever_gives_up_loses_no_head() -> u64 {
    let mut tried = 0;
    for count in [0, 1, 2, 3, 7, 20] {
        let mut plans = breaking();
        plans.extend(speaking());
        tried += plans.len() as u64;
        for (number, plan) in plans.into_iter().enumerate() {
            run(played(number, plan, Some(count)));
        }
    }
    tried
}

/// Waits for a head like a caller that gives up after some turns; so much time passes until it calls again.
async fn impatient(watch: &mut HeadWatch, hands: &Hands, count: u32, by: Duration) -> Head {
    loop {
        tokio::select! {
            biased;
            head = watch.next() => return head,
            () = turns(count) => hands.pass(by),
        }
        turns(1).await;
    }
}

/// The times at which streams were asked for.
fn subscribed(stage: &Stage) -> Vec<Duration> {
    let asked = stage.asked();
    asked.iter().filter(|asked| asked.target.contains("events")).map(|asked| asked.at).collect()
}

/// A wait between two streams ends when it must, however often the caller gives up meanwhile.
pub fn a_wait_goes_on_where_it_was_given_up() -> u64 {
    run(async {
        let hands = Hands::at(BEGIN);
        let mut streams = vec![Step::Reset, stream(&[], forever())].into_iter();
        let stage = Stage::open(hands.clone(), move |asked: &Asked| match asked.target.contains("events") {
            true => streams.next().unwrap_or_else(forever),
            false => answer(3),
        });
        let stage = stage.await;
        let two = Duration::from_secs(2);
        let policy = Policy { backoff: two, backoff_max: two, ..policy() };
        let client = BeaconClient::new(&stage.url, policy, clock(&hands));
        let mut watch = client.unwrap_or_else(|error| panic!("{error}")).watch();
        let told = impatient(&mut watch, &hands, 200, Duration::from_secs(1)).await;
        check_eq("CL-1", "what is told", &head(3), &told);
        check_eq("CL-1", "when streams are opened", &vec![BEGIN, BEGIN + two], &subscribed(&stage));
    });
    1
}

/// A node that refuses a stream is asked again, and the watch tells why it was refused: with the node's words, if they come in time.
pub fn who_refuses_a_stream_says_why() -> u64 {
    let said = json!({ "code": 503, "message": "not ready" });
    let refusals = [
        (Step::json(503, &said), "not ready"),
        (Step::Answer(503, Vec::new()), ""),
        (Step::Cut(503, said.to_string().into_bytes()), ""),
        (Step::Held(503, SILENCE), ""),
    ];
    let count = refusals.len() as u64;
    for (refusal, message) in refusals {
        run(async {
            let hands = Hands::at(BEGIN);
            let mut streams = vec![refusal.clone(), stream(&[], forever())].into_iter();
            let stage =
                Stage::open(hands.clone(), move |asked: &Asked| match asked.target.contains("events") {
                    true => streams.next().unwrap_or_else(forever),
                    false => answer(3),
                });
            let stage = stage.await;
            let mut watch = client(&stage.url, &hands).watch();
            check_eq("CL-1", "what is told", &head(3), &watch.next().await);
            let refused = Failure::Status { status: 503, message: message.to_owned() };
            check_eq("CL-1", &format!("the trouble after {refusal:?}"), &Some(&refused), &watch.trouble());
        });
    }
    count
}

/// A stream is lost when it has been silent for as long as it may, although the caller gives up every 10 s; while it says
/// something, comments even, it is not.
pub fn silence_is_counted_over_all_calls() -> u64 {
    run(async {
        let hands = Hands::at(BEGIN);
        let mut streams = vec![stream(&comments(), forever()), stream(&[], forever())].into_iter();
        let mut answers = vec![answer(1), answer(2)].into_iter();
        let stage = Stage::open(hands.clone(), move |asked: &Asked| {
            let next = if asked.target.contains("events") { streams.next() } else { answers.next() };
            next.unwrap_or_else(forever)
        });
        let stage = stage.await;
        let mut watch = client(&stage.url, &hands).watch();
        for number in [1, 2] {
            let told = impatient(&mut watch, &hands, 100, Duration::from_secs(10)).await;
            check_eq("CL-1", "what is told", &head(number), &told);
        }
        let trouble = watch.trouble().map_or("none".to_owned(), word);
        check_eq("CL-1", "why the stream was lost", "timeout 30000", &*trouble);
        // The comments take twelve hundred turns, of which ten seconds have a hundred.
        let opened = subscribed(&stage);
        let lasted = opened.last().copied().unwrap_or_default().saturating_sub(BEGIN + SILENCE);
        check_eq("CL-1", &format!("whether it lasted: {opened:?}"), &true, &(lasted >= SILENCE));
    });
    1
}

async fn played(number: usize, Plan { streams, answers, told, trouble }: Plan, patience: Option<u32>) {
    let hands = Hands::at(BEGIN);
    let left = Arc::new(Mutex::new((streams.into_iter(), answers.into_iter())));
    let stage = Stage::open(hands.clone(), move |asked: &Asked| {
        let mut left = left.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let next = if asked.target.contains("events") { left.0.next() } else { left.1.next() };
        next.unwrap_or_else(forever)
    });
    let stage = stage.await;
    let mut watch = client(&stage.url, &hands).watch();
    for expected in &told {
        let real = match patience {
            None => watch.next().await,
            Some(count) => impatient(&mut watch, &hands, count, Duration::ZERO).await,
        };
        check_eq("CL-1", &format!("what plan {number} tells, of {told:?}"), &head(*expected), &real);
    }
    let real = watch.trouble().map_or("none".to_owned(), word);
    check_eq("CL-1", &format!("the trouble of plan {number}"), trouble, &*real);
    let asked = stage.asked();
    let subscribed: Vec<_> = asked.iter().filter(|asked| asked.target.contains("events")).collect();
    // Between two streams there is one wait, and none before the first one: giving up costs nobody any time.
    check_eq("CL-1", "waits", &(subscribed.len() - 1), &hands.granted().len());
    for asked in subscribed {
        check_eq("CL-1", "what is subscribed to", "/eth/v1/events?topics=head", &*asked.target);
        check_eq("CL-1", "what is understood", &Some("text/event-stream"), &asked.header("accept"));
    }
    let questions = asked.iter().filter(|asked| asked.target == "/eth/v1/beacon/headers/head").count();
    check_eq("CL-1", "that the head is asked for", &true, &(questions > 0));
}
