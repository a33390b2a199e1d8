//! The directory of services and its bindings, held to a list.

use super::{
    alys::{
        comm::{Balance, Directory, DirectoryError, Instance, NoInstance},
        mailbox::Lane,
    },
    receivers::{Break, Character, Parcel, Way},
    world::{World, roomy, run},
};
use crate::{
    comm::Law,
    violation::{check_eq, violated},
};

/// The laws of discovery.
pub const LAWS: &[Law] = &[
    (RULE, "only what is healthy is handed out", lookups),
    (RULE, "a binding stays while it can", bindings),
    (RULE, "a binding holds nobody open", holds_nobody),
];

const RULE: &str = "CM-6";

const SERVICES: [&str; 2] = ["validator", "signer"];

/// An instance as the test knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// Which registration.
    pub number: usize,
    /// Its service, by its place in a list.
    pub service: usize,
    /// Its name, by a number.
    pub name: usize,
    /// Its receiver.
    pub place: usize,
    /// What was reported of it last.
    pub good: bool,
}

/// A directory beside the list of what it should know.
#[derive(Debug, Default)]
pub struct Listed {
    /// The real one.
    pub directory: Directory<Parcel, Parcel>,
    /// In the order of registration.
    pub known: Vec<Known>,
    /// The way to each receiver, by its place.
    pub ways: Vec<Way>,
    registered: usize,
    asked: u32,
}

/// The name of an instance.
#[must_use]
pub fn name(number: usize) -> String {
    format!("instance {number}")
}

impl Listed {
    /// Starts a receiver and registers it; a refusal must be due to the name.
    pub fn register(&mut self, world: &World, service: usize, number: usize, character: Character) {
        let place = self.ways.len();
        let way = world.start(place, &[character], roomy()).remove(0);
        self.ways.push(way.clone());
        let taken = self.known.iter().find(|known| known.name == number);
        let expected = taken.map_or(Ok(()), |holder| {
            let service = SERVICES[holder.service].to_owned();
            Err(DirectoryError::Taken { name: name(number), service })
        });
        let verdict = self.directory.register(SERVICES[service], &name(number), way);
        check_eq(RULE, "the verdict on a registration", &expected, &verdict);
        if verdict.is_ok() {
            self.registered += 1;
            self.known.push(Known { number: self.registered, service, name: number, place, good: true });
        }
    }

    fn deregister(&mut self, number: usize) {
        let found = self.known.iter().position(|known| known.name == number);
        let expected =
            if found.is_some() { Ok(()) } else { Err(DirectoryError::Unknown { name: name(number) }) };
        let verdict = self.directory.deregister(&name(number)).map(drop);
        check_eq(RULE, "the verdict on a deregistration", &expected, &verdict);
        found.map(|place| self.known.remove(place));
    }

    /// Reports on an instance.
    pub fn report(&mut self, number: usize, good: bool) {
        let found = self.known.iter_mut().find(|known| known.name == number);
        let expected =
            if found.is_some() { Ok(()) } else { Err(DirectoryError::Unknown { name: name(number) }) };
        found.into_iter().for_each(|known| known.good = good);
        let verdict = self.directory.report_health(&name(number), good);
        check_eq(RULE, "the verdict on a report", &expected, &verdict);
    }

    /// Those that may be handed out for a service, in the order of registration.
    #[must_use]
    pub fn healthy(&self, service: usize) -> Vec<Known> {
        let healthy = |known: &&Known| known.service == service && known.good && !self.is_closed(known.place);
        self.known.iter().filter(healthy).copied().collect()
    }

    fn is_closed(&self, place: usize) -> bool {
        self.ways[place].stats().closed
    }

    /// Asks an instance that was handed out, and finds in the log that it is the one of this name.
    pub async fn ask(
        &mut self,
        world: &World,
        rule: &'static str,
        expected: Known,
        instance: Instance<Parcel, Parcel>,
    ) {
        self.asked += 1;
        let parcel = Parcel::new(self.asked);
        check_eq(rule, "the name handed out", &name(expected.name), &instance.name);
        let answer = instance.sender.ask((Lane::Normal, parcel.clone())).await;
        // One that stops with this message is gone before anybody looks again.
        world.idle().await;
        let handled = world.log.visits().into_iter().filter(|(_, handled)| handled.number == self.asked);
        check_eq(rule, "who was handed the question", &vec![(expected.place, parcel)], &handled.collect());
        let answered = world.log.answered(expected.place, self.asked);
        check_eq(rule, "whether it was answered", &answered, &answer.is_ok());
    }
}

fn character(world: &World) -> Character {
    let breaks = world.dice.once_in(3).then(|| (world.dice.below(3), Break::Stops));
    Character { breaks, ..Character::default() }
}

/// Instances come, go, get ill and stop; after each change every service is looked up.
fn lookups(seed: u64) {
    run(RULE, seed, async |world| {
        let mut listed = Listed::default();
        for _ in 0..8 {
            let (number, service) = (world.dice.below(4), world.dice.below(2));
            match world.dice.below(6) {
                0..=2 => listed.register(world, service, number, character(world)),
                3 => listed.deregister(number),
                _ => listed.report(number, world.dice.once_in(2)),
            }
            for (service, called) in SERVICES.iter().enumerate() {
                let (expected, found) = (listed.healthy(service), listed.directory.lookup(called));
                let names: Vec<_> = expected.iter().map(|known| name(known.name)).collect();
                let found_names: Vec<_> = found.iter().map(|instance| instance.name.clone()).collect();
                check_eq(RULE, "who is handed out", &names, &found_names);
                if let (Some(known), Some(instance)) = (expected.last(), found.into_iter().last()) {
                    listed.ask(world, RULE, *known, instance).await;
                }
            }
        }
    });
}

/// A binding is asked again and again, while its instance and others come, go, get ill and well and stop.
fn bindings(seed: u64) {
    run(RULE, seed, async |world| {
        let mut listed = Listed::default();
        let balance = [Balance::LeastLoaded, Balance::RoundRobin][world.dice.below(2)];
        let binding = listed.directory.bind(SERVICES[0], balance);
        let (mut bound, mut last): (Option<Known>, usize) = (None, 0);
        for _ in 0..16 {
            let number =
                bound.filter(|_| world.dice.once_in(2)).map_or(world.dice.below(3), |known| known.name);
            match world.dice.below(6) {
                0 => listed.deregister(number),
                1..=3 => listed.report(number, world.dice.once_in(2)),
                _ => listed.register(world, 0, number, character(world)),
            }
            let healthy = listed.healthy(0);
            let stays = bound.and_then(|known| healthy.iter().find(|one| one.number == known.number));
            // Nobody has anything queued: of equal ones it is the first.
            let after = if balance == Balance::RoundRobin { last } else { 0 };
            let next = healthy.iter().find(|known| known.number > after).or(healthy.first());
            let picked = stays.or(next);
            match (picked.copied(), binding.instance()) {
                (Some(known), Ok(instance)) => {
                    (bound, last) = (Some(known), known.number);
                    listed.ask(world, RULE, known, instance).await;
                }
                (None, Err(NoInstance { service, registered })) => {
                    let expected = (SERVICES[0].to_owned(), listed.known.len());
                    check_eq(RULE, "who has nobody", &expected, &(service, registered));
                }
                (expected, found) => violated(RULE, format!("bound to {found:?}, should be to {expected:?}")),
            }
        }
    });
}

/// An instance that is taken out ends when nobody else has its sender, whoever was bound to it.
fn holds_nobody(seed: u64) {
    run(RULE, seed, async |world| {
        let mut listed = Listed::default();
        let binding = listed.directory.bind(SERVICES[0], Balance::RoundRobin);
        let (way, mut receiver) = world.open(0, roomy(), None);
        let registered = listed.directory.register(SERVICES[0], &name(0), way);
        check_eq(RULE, "a registration", &Ok(()), &registered);
        check_eq(RULE, "whether it is bound", &true, &binding.instance().is_ok());
        listed.ways.clear();
        drop(listed.directory.deregister(&name(0)));
        let ended = receiver.try_recv().map(drop);
        check_eq(
            RULE,
            "what the receiver is told",
            "the mailbox is closed and empty",
            &match ended {
                Ok(()) => "a message".to_owned(),
                Err(error) => error.to_string(),
            }[..],
        );
        check_eq(RULE, "whether anybody is left", &true, &binding.instance().is_err());
    });
}
