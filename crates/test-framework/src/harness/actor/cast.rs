//! The actors that the tests put on stage: each does what a message tells it, and writes down what it gets.

use std::{sync::Arc, time::Duration};

use actix::{Actor, ActorContext, fut::wrap_future};
use alys_actor::{
    Handled, HandlerFailed, MailboxActor,
    mailbox::Lane,
    supervised::{ChildContext, Hook, HookError, SupervisedActor},
    tracker::OrderingTracker,
};

use super::troupe::Reach;
use crate::{
    event::TestEventType::{ActorCreated, ActorStopped, FailureInjected, MessageReceived, Observed},
    stage::Stage,
};

/// What a player is told to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Deed {
    /// Answers with the number, doubled.
    Answer,
    /// The same after so much of the test's time; takes no other message meanwhile.
    AnswerAfter(Duration),
    /// Panics.
    Panic,
    /// Says that it cannot go on.
    Fail,
    /// Stops by itself.
    Stop,
    /// Fails where it comes to the player of this name; everybody else answers.
    FailAt(&'static str),
    /// Sends it on to the next player, waits until that has taken it in, and answers; the last in the row answers after
    /// so much of the test's time.
    PassOn(Duration),
    /// Asks the next player, and answers with what that answered; the last in the row answers itself.
    AskOn,
}

/// A message, and an answer: who sent it, which of that sender's it is, its lane, and what is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) from: Arc<str>,
    pub(super) number: u64,
    pub(super) lane: Lane,
    pub(super) deed: Deed,
}

impl Line {
    /// An ordinary message.
    pub(super) fn new(from: &str, number: u64) -> Self {
        Self { from: from.into(), number, lane: Lane::Normal, deed: Deed::Answer }
    }

    pub(super) fn in_lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    pub(super) fn with(self, deed: Deed) -> Self {
        Self { deed, ..self }
    }

    fn answered(self, by: &str) -> Self {
        Self { from: by.into(), number: self.number * 2, ..self }
    }
}

/// An actor that writes down each incarnation of it, each message that it gets, and its end.
pub(super) struct Player {
    name: Arc<str>,
    stage: Stage,
    incarnation: u64,
    /// How many messages this incarnation has got; begins at 0 in each (SV-8).
    got: u64,
    /// How many of the first incarnations cannot start.
    false_starts: u64,
    partners: Partners,
}

/// Whom a player works with.
#[derive(Clone, Default)]
pub(super) struct Partners {
    /// The next player in a row.
    pub(super) next: Option<Reach>,
    /// What judges the order of the messages that it gets.
    pub(super) tracker: Option<Arc<OrderingTracker>>,
}

impl Player {
    /// An incarnation of the player, counted from 0.
    pub(super) fn new(name: &str, stage: &Stage, incarnation: u64, false_starts: u64) -> Self {
        stage.record(ActorCreated, name, [("incarnation", incarnation.into())]);
        Self {
            name: name.into(),
            stage: stage.clone(),
            incarnation,
            got: 0,
            false_starts,
            partners: Partners::default(),
        }
    }

    /// The same player, with partners.
    pub(super) fn with(mut self, partners: &Partners) -> Self {
        self.partners = partners.clone();
        self
    }

    /// Has the tracker judge a message, and writes its verdict down.
    fn track(&self, line: &Line) {
        let Some(tracker) = &self.partners.tracker else { return };
        let verdict = tracker.record(&self.name, &line.from, line.number);
        let told = [("from", (*line.from).into()), ("verdict", format!("{verdict:?}").into())];
        self.stage.record(Observed, &self.name, told);
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.stage.record(ActorStopped, &self.name, [("incarnation", self.incarnation.into())]);
    }
}

impl Actor for Player {
    type Context = ChildContext<Self>;
}

impl MailboxActor<Line> for Player {
    type Reply = Line;

    fn handle(&mut self, line: Line, context: &mut Self::Context) -> Handled<Self, Line> {
        self.got += 1;
        self.stage.record(
            MessageReceived,
            &self.name,
            [
                ("from", (*line.from).into()),
                ("number", line.number.into()),
                ("lane", format!("{:?}", line.lane).into()),
                ("incarnation", self.incarnation.into()),
                ("got", self.got.into()),
            ],
        );
        self.track(&line);
        let deed = line.deed;
        let fails_here = matches!(deed, Deed::FailAt(name) if *name == *self.name);
        if fails_here || matches!(deed, Deed::Panic | Deed::Fail) {
            self.stage.record(FailureInjected, &self.name, [("what", format!("{deed:?}").into())]);
        }
        let (stage, name, next) = (self.stage.clone(), Arc::clone(&self.name), self.partners.next.clone());
        match deed {
            // Past the hook of the process: this one is meant.
            Deed::Panic => std::panic::resume_unwind(Box::new("an injected panic")),
            Deed::Fail => fail(context),
            Deed::FailAt(_) if fails_here => fail(context),
            Deed::Answer | Deed::FailAt(_) => Handled::Answer(line.answered(&self.name)),
            Deed::AnswerAfter(time) => alone(async move {
                stage.pass(time).await;
                Ok(line.answered(&name))
            }),
            Deed::Stop => {
                context.stop();
                Handled::Answer(line.answered(&self.name))
            }
            Deed::PassOn(time) => alone(pass_on(line, name, next, stage, time)),
            Deed::AskOn => alone(ask_on(line, name, next)),
        }
    }
}

/// A handler that takes no other message until it has answered.
fn alone(answering: impl Future<Output = Result<Line, HandlerFailed>> + 'static) -> Handled<Player, Line> {
    Handled::Exclusive(Box::pin(wrap_future(answering)))
}

fn fail(context: &mut ChildContext<Player>) -> Handled<Player, Line> {
    context.fail("an injected failure");
    Handled::Fail
}

async fn pass_on(
    line: Line,
    name: Arc<str>,
    next: Option<Reach>,
    stage: Stage,
    time: Duration,
) -> Result<Line, HandlerFailed> {
    match next {
        Some(next) if !next.send(Line { from: Arc::clone(&name), ..line.clone() }).await => {
            Err(HandlerFailed)
        }
        Some(_) => Ok(line.answered(&name)),
        None => {
            stage.pass(time).await;
            Ok(line.answered(&name))
        }
    }
}

async fn ask_on(line: Line, name: Arc<str>, next: Option<Reach>) -> Result<Line, HandlerFailed> {
    let Some(next) = next else { return Ok(line.answered(&name)) };
    let answer = next.ask(Line { from: Arc::clone(&name), ..line }).await.ok_or(HandlerFailed)?;
    Ok(Line { from: name, ..answer })
}

impl SupervisedActor<Line> for Player {
    fn start_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.stage.record(Observed, &self.name, [("hook", "start".into())]);
        if self.incarnation < self.false_starts {
            self.stage.record(FailureInjected, &self.name, [("what", "false start".into())]);
            return Hook::Failed(HookError::new("an injected false start"));
        }
        Hook::Done
    }

    fn stop_hook(&mut self, _: &mut ChildContext<Self>) -> Hook<Self> {
        self.stage.record(Observed, &self.name, [("hook", "stop".into())]);
        Hook::Done
    }
}
