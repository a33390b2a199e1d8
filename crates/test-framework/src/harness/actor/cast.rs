//! The actors that the tests put on stage: each does what a message tells it, and writes down what it gets.

use std::{sync::Arc, time::Duration};

use actix::{Actor, ActorContext, fut::wrap_future};
use alys_actor::{
    Answering, Handled, MailboxActor,
    lifecycle::LifecycleState,
    mailbox::Lane,
    supervised::{ChildContext, Hook, HookError, SupervisedActor},
};

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
    /// The same; takes further messages meanwhile.
    AnswerLater(Duration),
    /// Panics.
    Panic,
    /// Says that it cannot go on.
    Fail,
    /// Stops by itself.
    Stop,
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
    /// How long its start and restart hooks take.
    start_takes: Duration,
}

impl Player {
    /// An incarnation of the player, counted from 0.
    pub(super) fn new(name: &str, stage: &Stage, incarnation: u64, false_starts: u64) -> Self {
        stage.record(ActorCreated, name, [("incarnation", incarnation.into())]);
        let (name, stage, start_takes) = (name.into(), stage.clone(), Duration::ZERO);
        Self { name, stage, incarnation, got: 0, false_starts, start_takes }
    }

    /// The same, with hooks that take so much of the test's time to start it.
    pub(super) fn starting_in(mut self, start_takes: Duration) -> Self {
        self.start_takes = start_takes;
        self
    }

    /// Writes a hook down, with how many run at this moment: whoever starts or stops does not.
    fn hooked(&self, hook: &str, context: &ChildContext<Self>) {
        let census = context.supervision().registry().monitor().census();
        let running = census.count(LifecycleState::Running);
        self.stage.record(Observed, &self.name, [("hook", hook.into()), ("running", running.into())]);
    }

    fn answer_after(&self, time: Duration, line: Line) -> Answering<Self, Line> {
        let (stage, name) = (self.stage.clone(), Arc::clone(&self.name));
        Box::pin(wrap_future(async move {
            stage.pass(time).await;
            Ok(line.answered(&name))
        }))
    }

    fn begin(&self) -> Hook<Self> {
        if self.incarnation < self.false_starts {
            self.stage.record(FailureInjected, &self.name, [("what", "false start".into())]);
            return Hook::Failed(HookError::new("an injected false start"));
        }
        if self.start_takes.is_zero() {
            return Hook::Done;
        }
        let (stage, start_takes) = (self.stage.clone(), self.start_takes);
        Hook::Later(Box::pin(wrap_future(async move {
            stage.pass(start_takes).await;
            Ok(())
        })))
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
        let deed = line.deed;
        if matches!(deed, Deed::Panic | Deed::Fail) {
            self.stage.record(FailureInjected, &self.name, [("what", format!("{deed:?}").into())]);
        }
        match deed {
            Deed::Answer => Handled::Answer(line.answered(&self.name)),
            Deed::AnswerAfter(time) => Handled::Exclusive(self.answer_after(time, line)),
            Deed::AnswerLater(time) => Handled::Later(self.answer_after(time, line)),
            // Past the hook of the process: this one is meant.
            Deed::Panic => std::panic::resume_unwind(Box::new("an injected panic")),
            Deed::Fail => {
                context.fail("an injected failure");
                Handled::Fail
            }
            Deed::Stop => {
                context.stop();
                Handled::Answer(line.answered(&self.name))
            }
        }
    }
}

impl SupervisedActor<Line> for Player {
    fn start_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        self.hooked("start", context);
        self.begin()
    }

    fn restart_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        self.hooked("restart", context);
        self.begin()
    }

    fn stop_hook(&mut self, context: &mut ChildContext<Self>) -> Hook<Self> {
        self.hooked("stop", context);
        Hook::Done
    }
}
