//! Whose turn it is.

use super::{
    alys::{comm::Balance, mailbox::Lane},
    discovery::{Known, Listed, name},
    receivers::{Break, Character, Parcel, pause},
    world::run,
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of balance.
pub const LAWS: &[Law] = &[
    (RULE, "round robin serves everybody in turn", round_robin),
    (RULE, "round robin divides questions evenly", evenly),
    (RULE, "the least loaded is next", least_loaded),
];

const RULE: &str = "CM-7";

/// Picks while instances come, go, get ill and stop: the next one in the order of registration, round and round.
fn round_robin(seed: u64) {
    run(RULE, seed, async |world| {
        let (mut listed, mut last) = (Listed::default(), 0);
        (0..3).for_each(|number| listed.register(world, 0, number, Character::default()));
        for _ in 0..12 {
            let number = world.dice.below(4);
            match world.dice.below(6) {
                0 => listed.report(number, world.dice.once_in(2)),
                1 => {
                    let breaks = Some((world.dice.below(2), Break::Stops));
                    listed.register(world, 0, number, Character { breaks, ..Character::default() });
                }
                _ => {}
            }
            let healthy = listed.healthy(0);
            let next = healthy.iter().find(|known| known.number > last).or(healthy.first()).copied();
            match (next, listed.directory.pick("validator", Balance::RoundRobin)) {
                (Some(known), Ok(instance)) => {
                    last = known.number;
                    listed.ask(world, RULE, known, instance).await;
                }
                (None, Err(_)) => {}
                (expected, found) => violated(RULE, format!("picked {found:?}, should be {expected:?}")),
            }
        }
    });
}

/// Consumers that run side by side share the turn: of `n` rounds every instance gets `n` questions.
fn evenly(seed: u64) {
    const ROUNDS: usize = 4;
    run(RULE, seed, async |world| {
        let mut listed = Listed::default();
        let count = 2 + world.dice.below(3);
        (0..count).for_each(|number| listed.register(world, 0, number, Character::default()));
        let consumers = (0..ROUNDS).map(|consumer| {
            let (directory, pauses) = (listed.directory.clone(), world.dice.below(3));
            async move {
                for question in 0..count {
                    pause(pauses).await;
                    let picked = directory.pick("validator", Balance::RoundRobin);
                    let parcel = Parcel::new((consumer * count + question) as u32);
                    if let Ok(instance) = picked {
                        drop(instance.sender.ask((Lane::Normal, parcel)).await);
                    }
                }
            }
        });
        world.spawn(consumers.collect()).await;
        for place in 0..count {
            check_eq(RULE, &format!("what {place} was handed"), &ROUNDS, &world.log.handled(place).len());
        }
    });
}

/// Messages pile up where they are sent; now and then the receivers work, and one of them is closed on the way.
fn least_loaded(seed: u64) {
    run(RULE, seed, async |world| {
        let mut listed = Listed::default();
        let count = 2 + world.dice.below(3);
        (0..count).for_each(|number| listed.register(world, 0, number, Character::default()));
        world.idle().await;
        let (mut queued, mut sent) = (vec![0; count], vec![Vec::new(); count]);
        for number in 0..12 {
            match world.dice.below(8) {
                0 => {
                    world.idle().await;
                    queued.fill(0);
                }
                1 => listed.ways[world.dice.below(count)].close(),
                2 => {
                    // Somebody else adds to the load.
                    let place = world.dice.below(count);
                    let extra = Parcel::new(100 + number);
                    if listed.ways[place].try_send((Lane::Emergency, extra)).is_ok() {
                        queued[place] += 1;
                    }
                }
                _ => {}
            }
            let healthy = listed.healthy(0);
            let least: Option<&Known> = healthy.iter().min_by_key(|known| queued[known.place]);
            match (least, listed.directory.pick("validator", Balance::LeastLoaded)) {
                (Some(known), Ok(instance)) => {
                    check_eq(RULE, "who is least loaded", &name(known.name), &instance.name);
                    drop(instance.sender.try_send((Lane::Normal, Parcel::new(number))));
                    queued[known.place] += 1;
                    sent[known.place].push(number);
                }
                (None, Err(_)) => {}
                (expected, found) => violated(RULE, format!("picked {found:?}, should be {expected:?}")),
            }
        }
        world.idle().await;
        for (place, sent) in sent.into_iter().enumerate() {
            let mut handled = world.log.numbers(place);
            handled.retain(|number| *number < 100);
            check_eq(RULE, &format!("what {place} was handed"), &sent, &handled);
        }
    });
}
