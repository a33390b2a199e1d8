//! One run: a fresh paused runtime and `LocalSet`, receivers that start in an order of the dice, and their log.

use std::{future::Future, panic::resume_unwind, sync::Arc, time::Duration};

use tokio::{
    runtime::Builder,
    task::{LocalSet, spawn_local},
};

use super::{
    alys::{
        TokioClock,
        mailbox::{Clock, DeadLetters, DeadReason, Environment, MailboxConfig, Receiver, mailbox},
    },
    receivers::{Break, Character, Event, Log, Logger, Parcel, Way},
};
use crate::{comm::Dice, violation::violated};

/// So many milliseconds.
#[must_use]
pub fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// What a scenario sees.
#[derive(Debug)]
pub struct World {
    /// What the schedule depends on.
    pub dice: Dice,
    /// What the receivers logged.
    pub log: Log,
    /// Virtual time, from 0.
    pub clock: TokioClock,
}

/// Runs a scenario under the schedule of a seed.
///
/// # Panics
///
/// Raises a violation of `rule` when it never ends, and what it raises itself.
pub fn run<T>(rule: &'static str, seed: u64, scenario: impl AsyncFnOnce(&World) -> T) -> T {
    let runtime = match Builder::new_current_thread().enable_time().start_paused(true).build() {
        Ok(runtime) => runtime,
        Err(error) => panic!("no runtime: {error}"),
    };
    // Dropped before the runtime, with every actor in it.
    let local = LocalSet::new();
    let ended = local.block_on(&runtime, async {
        let world = World { dice: Dice::new(seed), log: Log::default(), clock: TokioClock::new() };
        // Time advances by itself when nothing else can happen, so a hang comes to this end at once.
        tokio::time::timeout(Duration::from_secs(10_000_000), scenario(&world)).await
    });
    ended.unwrap_or_else(|_| violated(rule, "it never ends: somebody waits for what will not come"))
}

impl World {
    /// Milliseconds since the start.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.clock.now().as_nanos() / 1_000_000
    }

    /// Starts a receiver for each character, at the places from `from` on, in an order of the dice.
    pub fn start(&self, from: usize, characters: &[Character], config: MailboxConfig) -> Vec<Way> {
        let (ways, mut receivers): (Vec<_>, Vec<_>) = (0..characters.len())
            .map(|index| self.open(from + index, config, None))
            .map(|(way, receiver)| (way, Some(receiver)))
            .unzip();
        for index in self.dice.order(characters.len()) {
            if let Some(receiver) = receivers[index].take() {
                self.settle_in(from + index, characters[index], receiver);
            }
        }
        ways
    }

    /// Opens the mailbox of a place, whose dead letters are logged and go to the sink, too.
    pub fn open(
        &self,
        place: usize,
        config: MailboxConfig,
        sink: Option<DeadLetters<Parcel>>,
    ) -> (Way, Receiver<Parcel, Parcel>) {
        let (log, clock) = (self.log.clone(), self.clock);
        let environment = Environment::new(Arc::new(clock)).with_dead_letters(Arc::new(move |letter| {
            // What was in a handler is in the log already.
            if letter.reason != DeadReason::Interrupted {
                log.note(place, clock.now(), Event::Buried);
            }
            if let Some(sink) = &sink {
                sink(letter);
            }
        }));
        mailbox(config, environment)
            .unwrap_or_else(|error| violated("MB-1", format!("a valid configuration is refused: {error}")))
    }

    /// Starts the receiver of a place.
    pub fn settle_in(&self, place: usize, character: Character, receiver: Receiver<Parcel, Parcel>) {
        Logger::run(place, character, receiver, self.log.clone(), self.clock);
    }

    /// Characters that differ in how soon they answer, one of which breaks: with which of its first `messages`, and how,
    /// is thrown.
    #[must_use]
    pub fn characters(&self, count: usize, messages: usize, ways: &[Break]) -> Vec<Character> {
        let paused = |_| Character { pauses: self.dice.below(4), ..Character::default() };
        let mut characters: Vec<_> = (0..count).map(paused).collect();
        let how = ways[self.dice.below(ways.len())];
        characters[self.dice.below(count)].breaks = Some((self.dice.below(messages), how));
        characters
    }

    /// Spawns tasks in an order of the dice and gives what they return in the order of the list.
    ///
    /// # Panics
    ///
    /// With what one of them raises.
    pub async fn spawn<T: 'static>(&self, tasks: Vec<impl Future<Output = T> + 'static>) -> Vec<T> {
        let count = tasks.len();
        let mut tasks: Vec<_> = tasks.into_iter().map(Some).collect();
        let spawn = |place: usize| Some((place, spawn_local(tasks[place].take()?)));
        let mut spawned: Vec<_> = self.dice.order(count).into_iter().filter_map(spawn).collect();
        spawned.sort_by_key(|(place, _)| *place);
        let mut ended = Vec::new();
        for (_, task) in spawned {
            ended.push(task.await.unwrap_or_else(|error| resume_unwind(error.into_panic())));
        }
        ended
    }

    /// Waits until nothing more happens, the hour of one who dawdles included.
    pub async fn idle(&self) {
        self.clock.sleep_until(self.clock.now().saturating_add(ms(100_000_000))).await;
    }
}

/// A mailbox with room for all messages of a scenario.
#[must_use]
pub fn roomy() -> MailboxConfig {
    MailboxConfig::with_capacity(1000)
}
