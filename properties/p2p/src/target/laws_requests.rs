//! Requests and responses between two networks (NW-6).

use alys_engines::violation::{check_eq, violated};
use alys_sync::network::{InboundId, Network, NetworkCommand, NetworkEvent, Outcome};
use alys_sync::peer::PeerId;
use alys_wire::codes::{FailureCode, GoodbyeReason};
use alys_wire::containers::Hash256;
use alys_wire::message::{BlocksByRange, Request, Response, ResponseBody, Status};

use super::alys::config::Config;
use super::alys::core::Refusal;
use super::rig::{Rig, answer, is_response, quick, run};

fn roots(count: usize) -> Request {
    Request::BlocksByRoot(vec![Hash256::default(); count].try_into().unwrap_or_default())
}

fn range(count: u64) -> Request {
    Request::BlocksByRange(BlocksByRange { start: 1, count, step: 1 })
}

/// Every protocol brings what was answered, in order, to whoever asked.
pub fn every_protocol_brings_its_answers() -> u64 {
    run("answers", async {
        let mut rig = Rig::new();
        let (full, asker) = rig.pair(&quick()).await;
        let questions = [
            Request::Status(Status { head_slot: 3, ..Status::default() }),
            Request::Ping(41),
            Request::MetaData,
            range(3),
            range(0),
            roots(2),
        ];
        for question in questions {
            for (who, peer, other) in [(1, full, asker), (0, asker, full)] {
                let before = rig.count(1 - who, |event| matches!(event, NetworkEvent::Request { .. }));
                let request = rig.ask(who, peer, question.clone());
                let outcome = rig.outcome(who, request).await;
                check_eq("NW-6", "what is answered", &Outcome::Answered(answer(&question)), &outcome);
                let asked = rig.told.iter().filter_map(|(one, event)| match event {
                    NetworkEvent::Request { peer, request, .. } if *one == 1 - who => {
                        Some((*peer, request.clone()))
                    }
                    _ => None,
                });
                let asked: Vec<_> = asked.skip(before).collect();
                check_eq("NW-6", "what is asked, and by whom", &vec![(other, question.clone())], &asked);
            }
        }
        check_eq("NW-6", "what is left open", &0, &rig.net(1).look().requests);
        12
    })
}

/// Many requests at once come to one end each.
pub fn each_request_comes_to_one_end() -> u64 {
    run("outcomes", async {
        let mut rig = Rig::new();
        let (full, asker) = rig.pair(&Config { requests: 20, ..quick() }).await;
        let mut open = Vec::new();
        for number in 0..20 {
            open.push(rig.ask(1, full, range(1 + number % 3)));
            open.push(rig.ask(0, asker, roots(1 + number as usize % 2)));
        }
        let over = [rig.ask(1, full, Request::Ping(1)), rig.ask(0, asker, Request::Ping(1))];
        for (who, request) in [1, 0].into_iter().zip(over) {
            check_eq(
                "NW-7",
                "what comes of one too many",
                &Outcome::Unavailable,
                &rig.outcome(who, request).await,
            );
            check_eq("NW-7", "whether it is counted", &1, &rig.refused(who, Refusal::TooManyRequests));
        }
        for (place, request) in open.iter().enumerate() {
            let outcome = rig.outcome(1 - place % 2, *request).await;
            let Outcome::Answered(responses) = outcome else {
                violated("NW-6", format!("request {place} has come to {outcome:?}"))
            };
            let asked = place / 2;
            let expected = if place % 2 == 0 { 1 + asked % 3 } else { 1 + asked % 2 };
            check_eq("NW-6", "how many responses there are", &expected, &responses.len());
        }
        let told =
            rig.told.iter().filter(|(_, event)| matches!(event, NetworkEvent::Response { .. })).count();
        check_eq("NW-6", "how many ends there are", &42, &told);
        42
    })
}

/// Waits for the request that a network is silent about.
async fn held(rig: &mut Rig, who: usize) -> (PeerId, InboundId) {
    rig.until(|rig| rig.has_told(who, |event| matches!(event, NetworkEvent::Request { .. }))).await;
    let asked = rig.told.iter().rev().find_map(|(one, event)| match event {
        NetworkEvent::Request { peer, inbound, .. } if *one == who => Some((*peer, *inbound)),
        _ => None,
    });
    asked.unwrap_or_else(|| violated("NW-6", "nobody has asked"))
}

/// What is given up is not answered any more, and its stream is closed at both ends.
pub fn what_is_given_up_is_not_answered() -> u64 {
    run("a cancelled request", async {
        let mut rig = Rig::new();
        let (full, _) = rig.pair(&quick()).await;
        rig.silent = vec![0];
        let given_up = rig.ask(1, full, range(2));
        let (peer, inbound) = held(&mut rig, 0).await;
        // Of another peer nothing is given up.
        rig.net(1).command(NetworkCommand::Cancel { peer: PeerId(1), request: given_up });
        check_eq("NW-6", "whether it is open", &1, &rig.net(1).look().requests);
        rig.net(1).command(NetworkCommand::Cancel { peer: full, request: given_up });
        check_eq("NW-6", "whether it is still open", &0, &rig.net(1).look().requests);
        // What is not its own, nobody answers.
        rig.respond(0, PeerId(9), inbound, answer(&range(2)));
        rig.respond(0, peer, inbound, answer(&range(2)));
        rig.silent.clear();
        let later = rig.ask(1, full, Request::Ping(1));
        rig.outcome(1, later).await;
        rig.until_count(|rig| rig.net(0).look().streams == 0 && rig.net(1).look().streams == 0).await;
        check_eq("NW-6", "what comes of it", &0, &rig.count(1, |event| is_response(event, given_up)));
        2
    })
}

/// What was asked of a peer that leaves comes to no end, and nor does what it has asked.
pub fn who_leaves_is_not_answered() -> u64 {
    run("a peer that leaves", async {
        let mut rig = Rig::new();
        let (full, asker) = rig.pair(&quick()).await;
        rig.silent = vec![0];
        let open = rig.ask(1, full, range(2));
        held(&mut rig, 0).await;
        rig.silent.clear();
        rig.disconnect(1, full, GoodbyeReason::BadScore);
        rig.until(|rig| !rig.sees(1, full) && !rig.sees(0, asker)).await;
        let said = |event: &NetworkEvent| {
            matches!(event, NetworkEvent::Request { request: Request::Goodbye(GoodbyeReason::BadScore), .. })
        };
        check_eq("NW-6", "how often goodbye is said", &1, &rig.count(0, said));
        check_eq("NW-6", "what comes of the request", &0, &rig.count(1, |event| is_response(event, open)));
        let left = |event: &NetworkEvent| matches!(event, NetworkEvent::Disconnected { .. });
        check_eq("NW-6", "how often it has left", &[1, 1], &[rig.count(0, left), rig.count(1, left)]);
        let later = rig.ask(1, full, Request::Ping(1));
        check_eq(
            "NW-6",
            "what comes of a request to it",
            &Outcome::Unavailable,
            &rig.outcome(1, later).await,
        );
        rig.until_count(|rig| rig.net(0).look().streams == 0 && rig.net(1).look().streams == 0).await;
        check_eq("NW-6", "what is left open", &0, &rig.net(1).look().requests);
        3
    })
}

/// What the limits do not allow is not sent: a request is unavailable, an answer ends before it.
pub fn what_is_not_allowed_is_not_sent() -> u64 {
    run("limits", async {
        let mut rig = Rig::new();
        let (full, _) = rig.pair(&quick()).await;
        let nothing = rig.ask(1, full, roots(0));
        check_eq("NW-6", "a request below the limits", &Outcome::Unavailable, &rig.outcome(1, nothing).await);
        check_eq("NW-7", "whether it is counted", &1, &rig.refused(1, Refusal::OurOwn));
        rig.silent = vec![0];
        let mixed = rig.ask(1, full, range(3));
        let (peer, inbound) = held(&mut rig, 0).await;
        let pong = Response::Success(ResponseBody::Ping(1));
        let answers = [&answer(&range(1))[..], &[pong], &answer(&range(1))[..]].concat();
        rig.respond(0, peer, inbound, answers);
        let outcome = rig.outcome(1, mixed).await;
        check_eq("NW-6", "an answer of another protocol", &Outcome::Answered(answer(&range(1))), &outcome);
        rig.until_count(|rig| rig.net(0).look().streams == 0).await;
        check_eq("NW-7", "whether that is counted", &1, &rig.refused(0, Refusal::OurOwn));
        2
    })
}

/// A request over its quota is refused by the network, the node hears nothing of it, and later one is answered again.
pub fn quotas_hold_for_each_protocol() -> u64 {
    run("quotas", async {
        let mut rig = Rig::new();
        let (full, asker) = rig.pair(&quick()).await;
        let code = |outcome: &Outcome| match outcome {
            Outcome::Answered(responses) => match responses.as_slice() {
                [Response::Failure(failure)] => Some(failure.code),
                _ => None,
            },
            _ => violated("NW-7", format!("a request has come to {outcome:?}")),
        };
        // By the table: pings 2 in 10 s, metadata 2 in 5 s, a status 5 in 15 s, blocks 1024 in 10 s.
        let limited = Some(FailureCode::RateLimited);
        let too_much = Some(FailureCode::InvalidRequest);
        let status = || Request::Status(Status::default());
        let steps = [
            (0, Request::Ping(1), None),
            (0, Request::Ping(1), None),
            (0, Request::Ping(1), limited),
            (0, Request::MetaData, None),
            (0, Request::MetaData, None),
            (2_499, Request::MetaData, limited),
            (1, Request::MetaData, None),
            (2_499, Request::Ping(1), limited),
            (1, Request::Ping(1), None),
            (0, range(1_025), too_much),
            (0, range(1_000), None),
            (0, roots(24), None),
            (0, range(25), limited),
            (0, range(24), None),
            (0, status(), None),
            (0, status(), None),
            (0, status(), None),
            (0, status(), None),
            (0, status(), None),
            (0, status(), limited),
        ];
        let mut refused = 0;
        for (wait, question, expected) in steps {
            rig.clock.0.advance(wait);
            let told = rig.count(0, |event| matches!(event, NetworkEvent::Request { .. }));
            let request = rig.ask(1, full, question.clone());
            let outcome = rig.outcome(1, request).await;
            check_eq("NW-7", &format!("what is answered to {question:?}"), &expected, &code(&outcome));
            let told = rig.count(0, |event| matches!(event, NetworkEvent::Request { .. })) - told;
            check_eq("NW-7", "whether the node is asked", &usize::from(expected.is_none()), &told);
            refused += u64::from(expected.is_some());
            check_eq("NW-7", "how often a quota has refused", &refused, &rig.refused(0, Refusal::OverQuota));
        }
        let back = rig.ask(0, asker, Request::Ping(1));
        check_eq("NW-7", "whether quotas are each peer's own", &None, &code(&rig.outcome(0, back).await));
        21
    })
}
