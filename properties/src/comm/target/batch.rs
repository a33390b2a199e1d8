//! Batches of requests.

use std::num::NonZeroUsize;

use super::{
    alys::{
        comm::{BatchError, BatchLimits, ask_all},
        mailbox::{AskError, Lane, Post},
    },
    receivers::{Break, Character, Event, Parcel},
    world::{World, ms, roomy, run},
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of batches.
pub const LAWS: &[Law] = &[
    (RULE, "a batch is answered in the order of its requests", in_order),
    (RULE, "a batch has one deadline and a bound in flight", bounded),
];

const RULE: &str = "CM-2";

type Answer = Result<Parcel, BatchError<Parcel>>;

fn at_once(limit: usize) -> NonZeroUsize {
    NonZeroUsize::new(limit).unwrap_or(NonZeroUsize::MIN)
}

fn post(number: usize) -> Post<Parcel> {
    Post::new(Lane::Normal, Parcel::new(number as u32))
}

/// Twelve requests to receivers that differ in speed, one of which breaks.
fn in_order(seed: u64) {
    run(RULE, seed, async |world| {
        let mut characters = world.characters(1 + world.dice.below(5), 3, &[Break::Fails, Break::Stops]);
        for character in &mut characters {
            character.takes = world.dice.below(20) as u64;
            character.side_by_side = world.dice.once_in(2);
        }
        let ways = world.start(0, &characters, roomy());
        let places: Vec<_> = (0..12).map(|_| world.dice.below(ways.len())).collect();
        let requests: Vec<_> =
            places.iter().enumerate().map(|(number, place)| (&ways[*place], post(number))).collect();
        let limits = BatchLimits { within: ms(10_000), in_flight: at_once(1 + world.dice.below(6)) };
        let answers = ask_all(requests, limits, &world.clock).await;
        check_eq(RULE, "the number of answers", &places.len(), &answers.len());
        for (number, (place, answer)) in places.into_iter().zip(&answers).enumerate() {
            judge(world, number as u32, place, answer);
        }
        check_eq(RULE, "whether the bound was kept", &true, &(most_at_once(world) <= limits.in_flight.get()));
    });
}

/// Holds an answer to what the receiver logged.
fn judge(world: &World, number: u32, place: usize, answer: &Answer) {
    let sent = Parcel::new(number);
    let handed = world.log.visits().into_iter().filter(|(_, parcel)| parcel.number == number);
    let handed: Vec<_> = handed.collect();
    let agrees = match answer {
        Ok(parcel) => world.log.answered(place, number) && *parcel == sent.clone().stamped(place),
        Err(BatchError::Asked(AskError::Failed)) => handed.len() == 1 && !world.log.answered(place, number),
        Err(BatchError::Asked(AskError::Closed(message))) => handed.is_empty() && *message == sent,
        Err(BatchError::Asked(AskError::Dropped(_))) => handed.is_empty(),
        Err(_) => false,
    };
    let elsewhere = handed.iter().any(|(at, parcel)| (*at, parcel) != (place, &sent));
    if !agrees || elsewhere || handed.len() > 1 {
        violated(
            RULE,
            format!("request {number} to {place} is answered with {answer:?}, but went to {handed:?}"),
        );
    }
}

/// The most messages that receivers had in their hands at once.
fn most_at_once(world: &World) -> usize {
    let (mut open, mut most) = (Vec::new(), 0);
    for (place, _, event) in world.log.entries() {
        match event {
            Event::Began(parcel) => open.push((place, parcel.number)),
            Event::Answered(number) | Event::Failed(number) => open.retain(|one| *one != (place, number)),
            Event::Stopped => open.retain(|(at, _)| *at != place),
            Event::Buried => {}
        }
        most = most.max(open.len());
    }
    most
}

/// Requests that take some milliseconds each, some of them beyond the deadline: each begins when there is room.
fn bounded(seed: u64) {
    run(RULE, seed, async |world| {
        // Odd, and what a request takes is even: what happens in one millisecond has no order there.
        let within = 1 + 2 * world.dice.below(30) as u64;
        let takes: Vec<_> =
            (0..1 + world.dice.below(4)).map(|_| 2 + 2 * world.dice.below(8) as u64).collect();
        let like = |takes: &u64| Character { takes: *takes, side_by_side: true, ..Character::default() };
        let ways = world.start(0, &takes.iter().map(like).collect::<Vec<_>>(), roomy());
        let places: Vec<_> = (0..1 + world.dice.below(12)).map(|_| world.dice.below(ways.len())).collect();
        let requests: Vec<_> =
            places.iter().enumerate().map(|(number, place)| (&ways[*place], post(number))).collect();
        let limits = BatchLimits { within: ms(within), in_flight: at_once(1 + world.dice.below(5)) };
        let answers = ask_all(requests, limits, &world.clock).await;
        let took = world.now();
        world.idle().await;
        // When each place in flight is free.
        let mut free = vec![0; limits.in_flight.get()];
        for (number, place) in places.into_iter().enumerate() {
            free.sort_unstable();
            let (begins, sent) = (free[0], Parcel::new(number as u32));
            let ends = begins + takes[place];
            let (answer, handed) = match () {
                () if begins >= within => (Err(BatchError::NotOffered(sent)), vec![]),
                () if ends > within => (Err(BatchError::Asked(AskError::Timeout)), vec![(place, begins)]),
                () => (Ok(sent.stamped(place)), vec![(place, begins)]),
            };
            if begins < within {
                free[0] = ends.min(within);
            }
            let visits = world.log.began().into_iter().filter(|(.., parcel)| parcel.number == number as u32);
            let visits = visits.map(|(place, at, _)| (place, at)).collect();
            check_eq(RULE, &format!("where and when request {number} was handed over"), &handed, &visits);
            check_eq(RULE, &format!("the answer to request {number}"), &Some(&answer), &answers.get(number));
        }
        check_eq(RULE, "the milliseconds that the batch took", &free.into_iter().max(), &Some(took));
    });
}
