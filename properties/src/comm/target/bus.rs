//! The topic bus.

use std::{
    cell::RefCell,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    alys::{
        comm::{Account, Bus, SubscriptionId},
        mailbox::{Lane, MailboxConfig, Overflow, SendError},
    },
    receivers::{Break, Character, Parcel, pause},
    world::{World, roomy, run},
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of the bus.
pub const LAWS: &[Law] = &[
    ("CM-8", "a publication is accounted for", accounted),
    ("CM-9", "a publisher's order is kept", in_order),
    ("CM-9", "nothing comes after an unsubscribe", unsubscribed),
    ("CM-9", "nothing comes after an unsubscribe in the middle of a publication", in_the_middle),
];

const TOPICS: [&str; 2] = ["blocks", "peers"];

type Published = (u32, usize, Account<SubscriptionId, Parcel>);

/// Two publishers, two topics, five subscribers of little room, of which one breaks.
fn accounted(seed: u64) {
    run("CM-8", seed, async |world| {
        let characters = world.characters(5, 3, &[Break::Stops, Break::Fails]);
        let config = MailboxConfig::with_capacity(1 + world.dice.below(3));
        let ways = world.start(0, &characters, config);
        let bus = Rc::new(Bus::default());
        let topics: Vec<_> = ways.iter().map(|_| world.dice.below(2)).collect();
        let subscribe = |(way, topic): (&_, &usize)| bus.subscribe(TOPICS[*topic], Clone::clone(way));
        let ids: Vec<_> = ways.iter().zip(&topics).map(subscribe).collect();
        let published: Rc<RefCell<Vec<Published>>> = Rc::default();
        let publishers = (0..2).map(|publisher| {
            let (bus, published) = (Rc::clone(&bus), Rc::clone(&published));
            let plan: Vec<_> = (0..6).map(|_| (world.dice.below(2), world.dice.below(4))).collect();
            async move {
                for (number, (topic, pauses)) in (publisher * 100..).zip(plan) {
                    let account = bus.publish(TOPICS[topic], (Lane::Normal, Parcel::new(number)));
                    published.borrow_mut().push((number, topic, account));
                    pause(pauses).await;
                }
            }
        });
        world.spawn(publishers.collect()).await;
        world.idle().await;
        let published = published.take();
        judge_subscribers(&published, &ids, &topics);
        for (place, id) in ids.iter().enumerate() {
            judge_receiver(world, place, *id, &published);
            let offered = published.iter().filter(|(.., account)| of(account, *id).is_some()).count() as u64;
            check_eq(
                "CM-8",
                &format!("how often {place} was offered something"),
                &offered,
                &ways[place].stats().offered,
            );
        }
    });
}

fn of(
    account: &Account<SubscriptionId, Parcel>,
    id: SubscriptionId,
) -> Option<&Result<(), SendError<Parcel>>> {
    account.outcomes.iter().find(|(named, _)| *named == id).map(|(_, outcome)| outcome)
}

/// Every account names exactly those who are subscribed, who are those that were not yet found closed.
fn judge_subscribers(published: &[Published], ids: &[SubscriptionId], topics: &[usize]) {
    let mut gone = Vec::new();
    for (number, topic, account) in published {
        let subscribed = ids.iter().zip(topics).filter(|(id, of)| *of == topic && !gone.contains(*id));
        let expected: Vec<_> = subscribed.map(|(id, _)| *id).collect();
        let named: Vec<_> = account.outcomes.iter().map(|(id, _)| *id).collect();
        check_eq("CM-8", &format!("whom the account of {number} names"), &expected, &named);
        let sum = account.accepted() + account.refused().count();
        check_eq("CM-8", "the sum of an account", &account.offered(), &sum);
        for (id, refusal) in account.refused() {
            let (SendError::Full(message) | SendError::Closed(message)) = refusal;
            check_eq("CM-8", "what was refused", &Parcel::new(*number), message);
            if matches!(refusal, SendError::Closed(_)) {
                gone.push(*id);
            }
        }
    }
}

/// What the accounts say was accepted is what a receiver was handed, or became a dead letter.
fn judge_receiver(world: &World, place: usize, id: SubscriptionId, published: &[Published]) {
    let accepted = published.iter().filter(|(.., account)| matches!(of(account, id), Some(Ok(()))));
    let accepted: Vec<_> = accepted.map(|(number, ..)| *number).collect();
    let (handled, buried) = (world.log.numbers(place), world.log.buried(place));
    check_eq("CM-8", &format!("how many {place} took"), &(handled.len() + buried), &accepted.len());
    check_eq("CM-8", &format!("what {place} was handed"), &handled[..], &accepted[..handled.len()]);
}

/// Publishers use two lanes: what one of them published in a lane comes in its order.
fn in_order(seed: u64) {
    run("CM-9", seed, async |world| {
        let ways = world.start(0, &world.characters(3, 8, &[Break::Fails, Break::Stops]), roomy());
        let bus = Rc::new(Bus::default());
        for way in &ways {
            bus.subscribe("blocks", way.clone());
        }
        let publishers = (0..3).map(|publisher| {
            let bus = Rc::clone(&bus);
            let plan: Vec<_> = (0..6).map(|_| (world.dice.below(2), world.dice.below(4))).collect();
            async move {
                for (number, (lane, pauses)) in (0..).zip(plan) {
                    let parcel = Parcel::new(publisher * 100 + lane as u32 * 50 + number);
                    drop(bus.publish("blocks", ([Lane::Low, Lane::High][lane], parcel)));
                    pause(pauses).await;
                }
            }
        });
        world.spawn(publishers.collect()).await;
        world.idle().await;
        for (place, way) in ways.iter().enumerate() {
            let handled = world.log.numbers(place);
            for lane in (0..3).flat_map(|publisher| [publisher * 100, publisher * 100 + 50]) {
                let of_lane: Vec<_> =
                    handled.iter().filter(|number| (lane..lane + 50).contains(*number)).collect();
                check_eq(
                    "CM-9",
                    &format!("the order of {of_lane:?} at {place}"),
                    &true,
                    &of_lane.is_sorted(),
                );
            }
            if way.stats().failed == 0 {
                check_eq("CM-9", &format!("how many {place} was handed"), &18, &handled.len());
            }
        }
    });
}

/// Receivers subscribe to one of two topics and unsubscribe while a publisher publishes under both.
fn unsubscribed(seed: u64) {
    run("CM-9", seed, async |world| {
        let ways = world.start(0, &[Character::default(); 4], roomy());
        let bus = Bus::default();
        let mut subscribed = vec![None; ways.len()];
        let mut expected = vec![Vec::new(); ways.len()];
        for number in 0..16 {
            let place = world.dice.below(ways.len());
            match (world.dice.below(4), subscribed[place]) {
                (0, None) => subscribed[place] = Some(bus.subscribe(TOPICS[place % 2], ways[place].clone())),
                (0, Some(id)) => {
                    let ended = (bus.unsubscribe(id).is_some(), bus.unsubscribe(id).is_some());
                    check_eq("CM-9", "whether it was and still is subscribed", &(true, false), &ended);
                    subscribed[place] = None;
                }
                (topic, _) => {
                    let topic = topic % 2;
                    let account = bus.publish(TOPICS[topic], (Lane::Normal, Parcel::new(number)));
                    let there = |place: &usize| place % 2 == topic && subscribed[*place].is_some();
                    let there: Vec<_> = (0..ways.len()).filter(there).collect();
                    check_eq("CM-9", "how many were offered it", &there.len(), &account.offered());
                    there.into_iter().for_each(|place| expected[place].push(number));
                }
            }
            pause(world.dice.below(3)).await;
        }
        world.idle().await;
        for (place, numbers) in expected.iter().enumerate() {
            check_eq("CM-9", &format!("what {place} was handed"), numbers, &world.log.numbers(place));
        }
    });
}

/// The mailbox of the first subscriber evicts a message while it takes one in, and whoever hears of that unsubscribes the
/// last one, and publishes under another topic: the last one must not get the message that is under way.
fn in_the_middle(seed: u64) {
    run("CM-9", seed, async |world| {
        let bus: Arc<Bus<Parcel, Parcel>> = Arc::default();
        let last: Arc<Mutex<Option<SubscriptionId>>> = Arc::default();
        let (hearing, to_end) = (Arc::clone(&bus), Arc::clone(&last));
        let sink = Arc::new(move |_| {
            let id = to_end.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(id) = id {
                drop(hearing.unsubscribe(id));
            }
            drop(hearing.publish("dead letters", (Lane::High, Parcel::new(99))));
        });
        let evicting = MailboxConfig { overflow: Overflow::DropOldest, ..MailboxConfig::with_capacity(1) };
        let (first, receiver) = world.open(0, evicting, Some(sink));
        let ways = world.start(1, &[Character::default(); 3], roomy());
        bus.subscribe("blocks", first);
        let between = bus.subscribe("blocks", ways[0].clone());
        *last.lock().unwrap_or_else(PoisonError::into_inner) = Some(bus.subscribe("blocks", ways[1].clone()));
        bus.subscribe("dead letters", ways[2].clone());
        let offered = |number| bus.publish("blocks", (Lane::Normal, Parcel::new(number))).offered();
        let rounds = 2 + world.dice.below(3) as u32;
        let counts: Vec<_> = (0..rounds).map(offered).collect();
        let expected: Vec<_> = (0..rounds).map(|round| if round == 0 { 3 } else { 2 }).collect();
        check_eq("CM-9", "how many were offered each", &expected, &counts);
        if bus.unsubscribe(between).is_none() {
            violated("CM-9", "a subscriber was taken out that nobody unsubscribed");
        }
        world.settle_in(0, Character::default(), receiver);
        world.idle().await;
        check_eq("CM-9", "what the evicting one was handed", &vec![rounds - 1], &world.log.numbers(0));
        check_eq("CM-9", "what the one between was handed", &(0..rounds).collect(), &world.log.numbers(1));
        check_eq("CM-9", "what the unsubscribed one was handed", &vec![0], &world.log.numbers(2));
        check_eq("CM-9", "what went to the other topic", &(rounds as usize - 1), &world.log.numbers(3).len());
    });
}
