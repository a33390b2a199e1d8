//! Direct messages and broadcasts.

use super::{
    alys::{
        comm::{Account, broadcast, broadcast_waiting},
        mailbox::{AskError, Lane, MailboxConfig, SendError},
    },
    receivers::{Break, Parcel, Way, pause},
    world::{World, roomy, run},
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of direct messages and broadcasts.
pub const LAWS: &[Law] = &[
    (RULE, "direct messages arrive where they are sent", direct),
    (RULE, "a broadcast is accounted for", accounted),
    (RULE, "a full receiver holds up nobody", not_held_up),
];

const RULE: &str = "CM-1";

/// Ten messages by each way to send go to one of two receivers, one of which breaks.
fn direct(seed: u64) {
    run(RULE, seed, async |world| {
        let ways = world.start(0, &world.characters(2, 10, &[Break::Fails, Break::Stops]), roomy());
        let mut accepted = 0;
        for number in 0..10 {
            let post = (Lane::Normal, Parcel::new(number));
            accepted += match world.dice.below(3) {
                0 => usize::from(ways[0].try_send(post).is_ok()),
                1 => usize::from(ways[0].send(post).await.is_ok()),
                _ => asked(world, ways[0].ask(post).await, number),
            };
            pause(world.dice.below(3)).await;
        }
        world.idle().await;
        let (handled, buried) = (world.log.numbers(0), world.log.buried(0));
        check_eq(RULE, "the messages accepted", &(handled.len() + buried), &accepted);
        check_eq(RULE, "their order", &true, &handled.is_sorted());
        check_eq(RULE, "what the other one got", &Vec::<u32>::new(), &world.log.numbers(1));
    });
}

/// Judges an answer, and says whether the message was accepted.
fn asked(world: &World, answer: Result<Parcel, AskError<Parcel>>, number: u32) -> usize {
    check_eq(RULE, "whether an ask was answered", &world.log.answered(0, number), &answer.is_ok());
    match answer {
        Ok(parcel) => check_eq(RULE, "an answer", &Parcel::new(number).stamped(0), &parcel),
        Err(AskError::Closed(_) | AskError::Full(_)) => return 0,
        Err(_) => {}
    }
    1
}

/// Three rounds to five receivers of little room, one of which breaks and one of which may be closed from the start.
fn accounted(seed: u64) {
    run(RULE, seed, async |world| {
        let characters = world.characters(5, 3, &[Break::Fails, Break::Stops]);
        let config = MailboxConfig::with_capacity(1 + world.dice.below(3));
        let ways = world.start(0, &characters, config);
        if world.dice.once_in(3) {
            ways[world.dice.below(5)].close();
        }
        let mut accounts = Vec::new();
        for number in 0..3 {
            accounts.push(broadcast(&ways, (Lane::Normal, Parcel::new(number))));
            pause(world.dice.below(8)).await;
        }
        world.idle().await;
        judge(world, &ways, &accounts);
    });
}

/// Holds accounts, one a round, to what the receivers logged and their mailboxes counted.
fn judge(world: &World, ways: &[Way], accounts: &[Account<usize, Parcel>]) {
    for (round, account) in accounts.iter().enumerate() {
        let places: Vec<_> = account.outcomes.iter().map(|(place, _)| *place).collect();
        check_eq(RULE, "whom an account names", &(0..ways.len()).collect::<Vec<_>>(), &places);
        check_eq(RULE, "how many were asked", &ways.len(), &account.offered());
        check_eq(
            RULE,
            "the sum of an account",
            &ways.len(),
            &(account.accepted() + account.refused().count()),
        );
        for (place, refusal) in account.refused() {
            let (SendError::Full(message) | SendError::Closed(message)) = refusal;
            check_eq(RULE, &format!("what {place} refused"), &Parcel::new(round as u32), message);
        }
    }
    for (place, way) in ways.iter().enumerate() {
        let of_place = accounts.iter().enumerate().filter(|(_, one)| one.outcomes[place].1.is_ok());
        let accepted: Vec<_> = of_place.map(|(round, _)| round as u32).collect();
        let (handled, buried) = (world.log.numbers(place), world.log.buried(place));
        check_eq(RULE, &format!("how many {place} took"), &(handled.len() + buried), &accepted.len());
        check_eq(RULE, &format!("what {place} was handed"), &handled[..], &accepted[..handled.len()]);
        let stats = way.stats();
        let offered = (accounts.len() as u64, (accounts.len() - accepted.len()) as u64);
        check_eq(
            RULE,
            &format!("what {place} was offered and refused"),
            &(stats.offered, stats.rejected),
            &offered,
        );
    }
}

/// Rounds that wait: one receiver is slow and soon full, one stops, the others get each round when it begins.
fn not_held_up(seed: u64) {
    const ROUNDS: usize = 5;
    run(RULE, seed, async |world| {
        let mut characters = world.characters(5, ROUNDS, &[Break::Stops, Break::Fails]);
        let slow = world.dice.below(5);
        characters[slow] = super::receivers::Character { takes: 10, ..Default::default() };
        let ways = world.start(0, &characters, MailboxConfig::with_capacity(1));
        let (mut accounts, mut began) = (Vec::new(), Vec::new());
        for number in 0..ROUNDS {
            began.push(world.now());
            accounts.push(broadcast_waiting(&ways, (Lane::Normal, Parcel::new(number as u32))).await);
        }
        world.idle().await;
        judge_waiting(world, &ways, &accounts);
        for (place, at, parcel) in world.log.began().into_iter().filter(|(place, ..)| *place != slow) {
            let round = began[parcel.number as usize];
            if at != round {
                violated(
                    RULE,
                    format!("{place} got {parcel:?} at {at} ms, in a round that began at {round} ms"),
                );
            }
        }
        let slowest = world.log.numbers(slow).len();
        check_eq(RULE, "what the slow one was handed", &ROUNDS, &slowest);
    });
}

/// As [`judge`], where a refusal can only be a close.
fn judge_waiting(world: &World, ways: &[Way], accounts: &[Account<usize, Parcel>]) {
    for refusal in accounts.iter().flat_map(Account::refused) {
        if let (place, SendError::Full(_)) = refusal {
            violated(RULE, format!("{place} refused for want of room a message that should wait"));
        }
    }
    judge(world, ways, accounts);
}
