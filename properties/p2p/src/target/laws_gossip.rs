//! Gossip over libp2p (NW-1, WR-5).

use std::collections::BTreeSet;

use alys_engines::violation::{check_eq, violated};
use alys_sync::network::{Network, NetworkCommand, NetworkEvent};
use alys_wire::codes::GoodbyeReason;
use alys_wire::containers::{Approval, PegoutSignatures};
use alys_wire::fault::{Channel, FaultCause};
use alys_wire::gossip::{GossipMessage, Topic, TopicKind};
use alys_wire::limits::Limits;
use alys_wire::protocol::Protocol;
use libp2p::futures::StreamExt as _;

use super::alys::config::Config;
use super::alys::core::Refusal;
use super::laws_limits::{settle, with};
use super::raw::Hostile;
use super::rig::{Rig, quick, run};
use super::script::message;

fn gossip(event: &NetworkEvent) -> bool {
    matches!(event, NetworkEvent::Gossip { .. })
}

fn heard(rig: &Rig, who: usize) -> Vec<u64> {
    let slots = rig.told.iter().filter_map(|(one, event)| match event {
        NetworkEvent::Gossip { message: GossipMessage::ApproveBlock(approval), .. } if *one == who => {
            Some(approval.slot)
        }
        _ => None,
    });
    slots.collect()
}

/// What somebody has heard of what is counted.
fn among(rig: &Rig, who: usize) -> Vec<u64> {
    heard(rig, who).into_iter().filter(|slot| *slot <= 6).collect()
}

/// Publishes until somebody has heard it: before the mesh is there, nobody would.
async fn warm(rig: &mut Rig, from: usize, to: &[usize], slot: u64) {
    for (round, hearer) in to.iter().enumerate() {
        for try_number in 0.. {
            if !heard(rig, *hearer).is_empty() {
                break;
            }
            let slot = slot + 1_000 * round as u64 + try_number;
            rig.net(from).command(NetworkCommand::Publish { message: message(slot) });
            rig.turn_or_beat().await;
        }
    }
}

/// Among four who have met one by one, what either end publishes is heard by everybody else once, and by nobody on another chain.
pub fn what_is_published_is_heard_once() -> u64 {
    run("gossip", async {
        let mut rig = Rig::new();
        let line = quick();
        rig.add(0, &line);
        for number in 1..4 {
            let bootstrap = vec![rig.address(number - 1).await];
            rig.add(number, &Config { bootstrap, ..line.clone() });
        }
        let bootstrap = vec![rig.address(0).await];
        rig.add(4, &Config { bootstrap, fork_digest: [9; 4], ..line.clone() });
        let stranger = rig.peer(4);
        rig.until(|rig| (0..4).any(|who| rig.sees(who, stranger))).await;
        warm(&mut rig, 0, &[1, 2, 3], 10_000).await;
        warm(&mut rig, 3, &[2, 1, 0], 20_000).await;
        let published: BTreeSet<u64> = (1..=6).collect();
        for slot in &published {
            let from = if slot % 2 == 0 { 0 } else { 3 };
            rig.net(from).command(NetworkCommand::Publish { message: message(*slot) });
            // The same words again are no other message.
            rig.net(from).command(NetworkCommand::Publish { message: message(*slot) });
        }
        for who in 0..4 {
            let own = |slot: &&u64| who == if slot.is_multiple_of(2) { 0 } else { 3 };
            let expected: BTreeSet<u64> =
                published.iter().filter(|slot| !own(slot) || ![0, 3].contains(&who)).copied().collect();
            rig.until(|rig| among(rig, who).len() >= expected.len()).await;
            let got = among(&rig, who).into_iter().collect();
            check_eq("NW-1", "what is heard", &expected, &got);
        }
        // Whoever hears something twice may hear it late.
        for _ in 0..4 {
            rig.turn_or_beat().await;
        }
        settle(&mut rig).await;
        for (who, often) in [(0, 3), (1, 6), (2, 6), (3, 3)] {
            check_eq("NW-1", &format!("how much {who} hears"), &often, &among(&rig, who).len());
        }
        check_eq("NW-1", "what is heard on another chain", &0, &rig.count(4, gossip));
        24
    })
}

/// A message has its own topic: the same bytes on another one are another message, or none.
pub fn topics_are_told_apart() -> u64 {
    let limits = Limits::default();
    let all = [
        (GossipMessage::ApproveBlock(Approval::default()), TopicKind::ApproveBlock),
        (GossipMessage::PegoutSignatures(PegoutSignatures::default()), TopicKind::PegoutSignatures),
    ];
    run("topics", async {
        let mut rig = Rig::new();
        let (one, _) = rig.pair(&quick()).await;
        warm(&mut rig, 0, &[1], 10_000).await;
        let before = rig.count(1, gossip);
        for (message, kind) in &all {
            check_eq("NW-1", "the topic of a message", kind, &message.kind());
            check_eq("NW-1", "whether it may be sent", &true, &message.encode(&limits).is_ok());
            rig.net(0).command(NetworkCommand::Publish { message: message.clone() });
        }
        rig.until(|rig| rig.count(1, gossip) >= before + 2).await;
        let told = rig.told.iter().filter_map(|(who, event)| match event {
            NetworkEvent::Gossip { peer, message } if *who == 1 => Some((*peer, message.clone())),
            _ => None,
        });
        let mut told: Vec<_> = told.skip(before).collect();
        told.sort_by_key(|(_, message)| message.kind());
        check_eq(
            "NW-1",
            "what is heard, and from whom",
            &all.map(|(message, _)| (one, message)).to_vec(),
            &told,
        );
        2
    })
}

/// Bytes that are no message are told as a fault of whoever sent them, and go no further; whoever is honest is heard all the same.
pub fn malformed_messages_go_no_further() -> u64 {
    run("malformed gossip", async {
        let mut rig = Rig::new();
        let (_, _) = rig.pair(&quick()).await;
        let address = rig.address(0).await;
        let topic = Topic { fork_digest: [0; 4], kind: TopicKind::ApproveBlock }.to_string();
        let hostile = Hostile::connect(&address, std::slice::from_ref(&topic));
        let number = super::alys::identity::number_of(&hostile.id);
        warm(&mut rig, 0, &[1], 10_000).await;
        for bytes in [vec![1, 2, 3], vec![0; 40]] {
            hostile.publish(&topic, bytes);
        }
        let malformed = |event: &NetworkEvent| matches!(event, NetworkEvent::Malformed { .. });
        rig.until(|rig| rig.count(0, malformed) >= 2).await;
        for (_, event) in rig.told.iter().filter(|(_, event)| malformed(event)) {
            let NetworkEvent::Malformed { peer, fault } = event else { violated("WR-5", "no fault") };
            check_eq("WR-5", "whose fault it is", &number, peer);
            check_eq("WR-5", "where it came from", &Channel::Gossip(TopicKind::ApproveBlock), &fault.channel);
            check_eq("WR-5", "what it is", &true, &matches!(fault.cause, FaultCause::Gossip(_)));
        }
        check_eq("NW-7", "whether it is counted", &2, &rig.refused(0, Refusal::MalformedGossip));
        rig.net(0).command(NetworkCommand::Publish { message: message(5) });
        rig.until(|rig| heard(rig, 1).contains(&5)).await;
        check_eq("WR-5", "how far it has come", &0, &rig.count(1, malformed));
        2
    })
}

/// What a peer says that is being left is nobody's news: it holds nothing up that others say, and when it is back it is heard.
pub fn who_is_being_left_hides_nothing() -> u64 {
    run("gossip of who is being left", async {
        let mut rig = Rig::new();
        let (one, other) = rig.pair(&Config { retry_ms: 100, ..quick() }).await;
        warm(&mut rig, 1, &[0], 10_000).await;
        let address = rig.address(0).await;
        let topic = Topic { fork_digest: [0; 4], kind: TopicKind::ApproveBlock }.to_string();
        let mut hostile = Hostile::connect(&address, std::slice::from_ref(&topic));
        let number = super::alys::identity::number_of(&hostile.id);
        let mut said = hostile.takes(Protocol::Goodbye);
        let bytes = |slot| message(slot).encode(&Limits::default()).unwrap_or_default();
        hostile.publish(&topic, bytes(1));
        rig.until(|rig| heard(rig, 0).contains(&1)).await;
        rig.disconnect(0, number, GoodbyeReason::BadScore);
        let goodbye = with(&mut rig, said.next()).await;
        check_eq("NW-3", "whether goodbye is said", &true, &goodbye.is_some());
        hostile.publish(&topic, bytes(2));
        for _ in 0..8 {
            rig.turn_or_beat().await;
        }
        check_eq("NW-1", "whether it is heard", &false, &heard(&rig, 0).contains(&2));
        rig.net(1).command(NetworkCommand::Publish { message: message(2) });
        rig.until(|rig| heard(rig, 0).contains(&2)).await;
        rig.disconnect(0, other, GoodbyeReason::BadScore);
        rig.until(|rig| !rig.sees(1, one)).await;
        rig.clock.0.advance(100);
        rig.until(|rig| rig.sees(0, other) && rig.sees(1, one)).await;
        let mut slot = 3;
        while !heard(&rig, 0).iter().any(|heard| (3..1_000).contains(heard)) {
            rig.net(1).command(NetworkCommand::Publish { message: message(slot) });
            slot += 1;
            rig.turn_or_beat().await;
        }
        2
    })
}
