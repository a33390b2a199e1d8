//! The receivers: supervised Actix actors behind mailboxes, which log what they handle. What is sent to any of them in a
//! scenario goes to one of these, so there is one place to put other actors behind the mailboxes.

use std::{
    cell::Cell,
    panic::resume_unwind,
    rc::Rc,
    sync::{Arc, Mutex, PoisonError},
};

use actix::{Actor, ActorContext, ActorFutureExt, fut::wrap_future};

use super::alys::{
    Handled, MailboxActor, TokioClock,
    mailbox::{Clock, Receiver, Sender, Time},
    supervised::{Adopted, ChildContext, SupervisedActor, adopt_receiver},
    supervision::{Supervision, SupervisionConfig},
};
use crate::violation::violated;

/// A message: its number, and the places that have handled it so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Tells it from others.
    pub number: u32,
    /// The places, in that order.
    pub stamps: Vec<usize>,
}

impl Parcel {
    /// A message that nobody has handled.
    #[must_use]
    pub fn new(number: u32) -> Self {
        Parcel { number, stamps: Vec::new() }
    }

    /// The same message, as it leaves a place.
    #[must_use]
    pub fn stamped(mut self, place: usize) -> Self {
        self.stamps.push(place);
        self
    }
}

/// The way to a receiver.
pub type Way = Sender<Parcel, Parcel>;

/// How a receiver breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    /// Its handler panics, and its supervisor restarts it; with other messages in its hands it fails that one alone.
    Fails,
    /// Its handler fails, and it stops, which closes its mailbox.
    Stops,
    /// Its handler takes an hour.
    Dawdles,
}

/// What a receiver is like.
#[derive(Clone, Copy, Debug, Default)]
pub struct Character {
    /// How often the other tasks get their turn while it handles a message.
    pub pauses: usize,
    /// How many milliseconds it takes to handle a message.
    pub takes: u64,
    /// Whether it handles several messages side by side.
    pub side_by_side: bool,
    /// The message with which it breaks, counted from 0, and how.
    pub breaks: Option<(usize, Break)>,
}

/// What a receiver logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was handed a message.
    Began(Parcel),
    /// It answered the message of this number.
    Answered(u32),
    /// It failed with it.
    Failed(u32),
    /// It stopped, with everything in its hands.
    Stopped,
    /// A message to it became a dead letter.
    Buried,
}

/// What happened, where and when, in order.
#[derive(Clone, Debug, Default)]
pub struct Log(Arc<Mutex<Vec<(usize, Time, Event)>>>);

impl Log {
    /// Takes down what happened at a place.
    pub fn note(&self, place: usize, at: Time, event: Event) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((place, at, event));
    }

    /// Everything so far.
    #[must_use]
    pub fn entries(&self) -> Vec<(usize, Time, Event)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The messages that a place was handed.
    #[must_use]
    pub fn handled(&self, place: usize) -> Vec<Parcel> {
        self.visits().into_iter().filter(|(at, _)| *at == place).map(|(_, parcel)| parcel).collect()
    }

    /// The numbers of these messages.
    #[must_use]
    pub fn numbers(&self, place: usize) -> Vec<u32> {
        self.handled(place).into_iter().map(|parcel| parcel.number).collect()
    }

    /// Every message that was handed to somebody, and to whom.
    #[must_use]
    pub fn visits(&self) -> Vec<(usize, Parcel)> {
        self.began().into_iter().map(|(place, _, parcel)| (place, parcel)).collect()
    }

    /// The same, with the millisecond.
    #[must_use]
    pub fn began(&self) -> Vec<(usize, u64, Parcel)> {
        let began = |(place, at, event): (_, Time, _)| match event {
            Event::Began(parcel) => Some((place, at.as_nanos() / 1_000_000, parcel)),
            _ => None,
        };
        self.entries().into_iter().filter_map(began).collect()
    }

    /// Whether a place answered a message.
    #[must_use]
    pub fn answered(&self, place: usize, number: u32) -> bool {
        self.entries().iter().any(|(at, _, event)| (*at, event) == (place, &Event::Answered(number)))
    }

    /// How many messages to a place became dead letters.
    #[must_use]
    pub fn buried(&self, place: usize) -> usize {
        self.entries().iter().filter(|(at, _, event)| (*at, event) == (place, &Event::Buried)).count()
    }
}

/// Lets all other tasks have their turn, so many times.
pub async fn pause(times: usize) {
    for _ in 0..times {
        tokio::task::yield_now().await;
    }
}

fn refused(error: &dyn std::fmt::Display) -> ! {
    violated("LC-5", format!("a receiver is refused: {error}"))
}

/// An actor behind a mailbox.
#[derive(Debug)]
pub struct Logger {
    place: usize,
    character: Character,
    /// Counted over all incarnations.
    handled: Rc<Cell<usize>>,
    log: Log,
    clock: TokioClock,
}

impl Logger {
    /// Starts the actor of a place.
    pub fn run(
        place: usize,
        character: Character,
        receiver: Receiver<Parcel, Parcel>,
        log: Log,
        clock: TokioClock,
    ) {
        let supervision = Supervision::new(&SupervisionConfig::default(), Arc::new(clock))
            .unwrap_or_else(|error| refused(&error));
        let handled = Rc::<Cell<usize>>::default();
        let factory =
            move || Logger { place, character, handled: Rc::clone(&handled), log: log.clone(), clock };
        adopt_receiver(&supervision, Adopted::new("receiver", "root"), receiver, factory)
            .unwrap_or_else(|error| refused(&error));
        supervision.start("root").unwrap_or_else(|error| refused(&error));
    }

    fn note(&self, event: Event) {
        self.log.note(self.place, self.clock.now(), event);
    }

    /// How the message at hand breaks it.
    fn breaks(&mut self) -> Option<Break> {
        let number = self.handled.get();
        self.handled.set(number + 1);
        self.character.breaks.filter(|(at, _)| *at == number).map(|(_, how)| how)
    }
}

impl Actor for Logger {
    type Context = ChildContext<Self>;
}

impl SupervisedActor<Parcel> for Logger {}

impl MailboxActor<Parcel> for Logger {
    type Reply = Parcel;

    fn handle(&mut self, parcel: Parcel, context: &mut Self::Context) -> Handled<Self, Parcel> {
        self.note(Event::Began(parcel.clone()));
        let Character { pauses, takes, side_by_side, .. } = self.character;
        let takes = match self.breaks() {
            None => takes,
            Some(Break::Dawdles) => 3_600_000,
            Some(Break::Fails) => {
                self.note(Event::Failed(parcel.number));
                if side_by_side {
                    return Handled::Fail;
                }
                resume_unwind(Box::new("on purpose"));
            }
            Some(Break::Stops) => {
                self.note(Event::Stopped);
                context.stop();
                return Handled::Fail;
            }
        };
        let (clock, end) = (self.clock, self.clock.now().saturating_add(super::world::ms(takes)));
        let work = wrap_future(async move {
            pause(pauses).await;
            if takes > 0 {
                clock.sleep_until(end).await;
            }
        });
        let answer = work.map(move |(), actor: &mut Self, _| {
            actor.note(Event::Answered(parcel.number));
            Ok(parcel.stamped(actor.place))
        });
        if side_by_side { Handled::Later(Box::pin(answer)) } else { Handled::Exclusive(Box::pin(answer)) }
    }
}
