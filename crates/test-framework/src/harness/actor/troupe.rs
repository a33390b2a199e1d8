//! A supervised system with its players, and handles to them that write down what is sent and what comes back.

use std::{sync::Arc, time::Duration};

use alys_actor::{
    lifecycle::{LifecycleMonitor, LifecycleState},
    mailbox::{AskError, Clock, DeadLetter, DeadLetters, MailboxConfig, Post, SendError, Sender},
    supervised::{Adopted, adopt, keep_time},
    supervision::{
        ChildSpec, Group, Notice, RestartStrategy, Supervision, SupervisionConfig, SupervisorSpec,
    },
    tracker::OrderingTracker,
};

use super::cast::{Line, Partners, Player};
use crate::{
    event::TestEventType::{
        MessageDropped, MessageRefused, MessageSent, Observed, RecoveryCompleted, ReplyReceived,
        StateTransition,
    },
    stage::{DriveError, Driven, Stage},
};

/// How long a system may take to stop, of its own and by force.
const STOP_WITHIN: Duration = Duration::from_secs(60);

/// [`SupervisorSpec::default`], for tables of constants.
pub(super) const PLAIN: SupervisorSpec = SupervisorSpec {
    restart: RestartStrategy::Always,
    jitter_permille: 0,
    group: Group::OneForOne,
    max_restarts: 3,
    window: Duration::from_secs(5),
};

/// How a player is engaged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Role<'a> {
    pub(super) parent: &'a str,
    pub(super) dependencies: &'a [&'a str],
    pub(super) spec: ChildSpec,
    pub(super) mailbox: MailboxConfig,
    pub(super) false_starts: u64,
    pub(super) next: Option<&'a Reach>,
    pub(super) tracker: Option<&'a Arc<OrderingTracker>>,
    pub(super) start_takes: Duration,
}

impl Default for Role<'_> {
    fn default() -> Self {
        Self {
            parent: "root",
            dependencies: &[],
            spec: ChildSpec::default(),
            mailbox: MailboxConfig::with_capacity(1024),
            false_starts: 0,
            next: None,
            tracker: None,
            start_takes: Duration::ZERO,
        }
    }
}

/// A supervised system on a stage.
pub(super) struct Troupe {
    stage: Stage,
    system: Supervision,
    names: Vec<String>,
}

impl Troupe {
    /// A system whose root supervises as told.
    pub(super) fn new(stage: &Stage, root: SupervisorSpec) -> Result<Self, DriveError> {
        Self::with_clock(stage, root, stage.clock())
    }

    /// The same, by another clock.
    pub(super) fn with_clock(
        stage: &Stage,
        root: SupervisorSpec,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, DriveError> {
        let config = SupervisionConfig { spec: root, seed: stage.seed(), ..SupervisionConfig::default() };
        let system = Supervision::new(&config, clock).map_err(|error| DriveError::new("root", error))?;
        actix::spawn(keep_time(system.clone()));
        Ok(Self { stage: stage.clone(), system, names: vec!["root".to_owned()] })
    }

    /// Adds a supervisor.
    pub(super) fn supervisor(&mut self, name: &str, parent: &str, spec: SupervisorSpec) -> Driven {
        self.system.add_supervisor(name, parent, &spec).map_err(|error| DriveError::new(name, error))?;
        self.names.push(name.to_owned());
        Ok(())
    }

    /// Adds a player; it starts with its parent, or by name.
    pub(super) fn engage(&mut self, name: &str, role: Role<'_>) -> Result<Reach, DriveError> {
        let Role { parent, dependencies, spec, mailbox, false_starts, start_takes, next, tracker } = role;
        let partners = Partners { next: next.cloned(), tracker: tracker.cloned() };
        let dead_letters = Some(dead_letters(&self.stage, name));
        let adopted = Adopted { name, parent, dependencies, spec, mailbox, dead_letters };
        let (owned, stage, mut incarnation) = (name.to_owned(), self.stage.clone(), 0);
        let factory = move || {
            incarnation += 1;
            let player = Player::new(&owned, &stage, incarnation - 1, false_starts);
            player.starting_in(start_takes).with(&partners)
        };
        let sender = adopt(&self.system, adopted, factory).map_err(|error| DriveError::new(name, error))?;
        // A name that was free again is the same name.
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
        Ok(Reach { name: name.into(), sender, stage: self.stage.clone() })
    }

    /// Starts a node and all below it.
    pub(super) fn start(&self, name: &str) -> Driven {
        self.system.start(name).map_err(|error| DriveError::new("start", error))
    }

    pub(super) fn system(&self) -> &Supervision {
        &self.system
    }

    pub(super) fn monitor(&self) -> &LifecycleMonitor {
        self.system.registry().monitor()
    }

    /// Writes down how many are in which state.
    pub(super) fn record_census(&self) {
        let census = self.monitor().census();
        let counted = LifecycleState::ALL.map(|state| (state, census.count(state)));
        let some = counted.into_iter().filter(|(_, count)| *count > 0);
        let words: Vec<_> = some.map(|(state, count)| format!("{state} {count}")).collect();
        self.stage.record(Observed, "system", [("census", words.join(", ").into())]);
    }

    /// Stops everything, waits for it, and writes down through which states each went and what was decided.
    pub(super) async fn end(self) -> Driven {
        self.system.shut_down(STOP_WITHIN, STOP_WITHIN);
        let ended = self.system.ended().await;
        let said = match &ended {
            Ok(unresponsive) if unresponsive.is_empty() => "down".to_owned(),
            Ok(unresponsive) => format!("unresponsive: {unresponsive:?}"),
            Err(fatal) => fatal.to_string(),
        };
        self.stage.record(Observed, "system", [("end", said.into())]);
        self.record_notices();
        for name in &self.names {
            self.record_history(name);
        }
        Ok(())
    }

    fn record_history(&self, name: &str) {
        let Some(history) = self.monitor().history(name) else { return };
        self.stage.record(Observed, name, [("transitions not kept", history.dropped.into())]);
        for transition in history.transitions {
            let (from, to) = (format!("{:?}", transition.from), format!("{:?}", transition.to));
            if to == "Running" && from == "Recovering" {
                self.stage.record(RecoveryCompleted, name, []);
            }
            let reason = transition.reason.unwrap_or_default();
            let told = [("from", from.into()), ("to", to.into()), ("reason", reason.into())];
            self.stage.record(StateTransition, name, told);
        }
    }

    fn record_notices(&self) {
        for notice in self.system.take_notices().kept {
            if let Notice::Decided { name, verdict } = notice {
                self.stage.record(Observed, &name, [("decided", format!("{verdict:?}").into())]);
            }
        }
    }
}

/// Writes dead letters of a mailbox down.
pub(super) fn dead_letters(stage: &Stage, name: &str) -> DeadLetters<Line> {
    let (stage, name) = (stage.clone(), name.to_owned());
    Arc::new(move |letter: DeadLetter<Line>| {
        let (reason, lane) = (letter.reason.to_string(), format!("{:?}", letter.lane));
        let Some(line) = letter.message else {
            return stage.record(MessageDropped, &name, [("reason", reason.into()), ("lane", lane.into())]);
        };
        let told = [
            ("reason", reason.into()),
            ("lane", lane.into()),
            ("from", (*line.from).into()),
            ("number", line.number.into()),
        ];
        stage.record(MessageDropped, &name, told);
    })
}

/// A handle to a player that writes down what is sent to it, and what comes back.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    pub(super) name: Arc<str>,
    pub(super) sender: Sender<Line, Line>,
    pub(super) stage: Stage,
}

impl Reach {
    /// Sends without waiting.
    pub(super) fn try_send(&self, line: Line) -> bool {
        let (from, number, lane) = (Arc::clone(&line.from), line.number, line.lane);
        let sent = self.sender.try_send((lane, line));
        self.sent(&from, number, &format!("{lane:?}"), sent)
    }

    /// Sends, and waits for room where the mailbox has such a policy.
    pub(super) async fn send(&self, line: Line) -> bool {
        let (from, number, lane) = (Arc::clone(&line.from), line.number, line.lane);
        let sent = self.sender.send((lane, line)).await;
        self.sent(&from, number, &format!("{lane:?}"), sent)
    }

    /// Writes down that a message was taken in, or refused.
    fn sent(&self, from: &str, number: u64, lane: &str, sent: Result<(), SendError<Line>>) -> bool {
        let told = [("to", (*self.name).into()), ("number", number.into()), ("lane", lane.into())];
        let Err(error) = sent else {
            self.stage.record(MessageSent, from, told);
            return true;
        };
        let [to, number, lane] = told;
        let reason = if matches!(error, SendError::Full(_)) { "full" } else { "closed" };
        let back = error.into_message();
        let back = ("returned", format!("{}/{}", back.from, back.number).into());
        self.stage.record(MessageRefused, from, [to, number, lane, ("reason", reason.into()), back]);
        false
    }

    /// Asks, waits for the answer, and writes both down.
    pub(super) async fn ask(&self, line: Line) -> Option<Line> {
        self.asked(line, None).await
    }

    /// The same, for so long at most.
    pub(super) async fn ask_within(&self, line: Line, timeout: Duration) -> Option<Line> {
        self.asked(line, Some(timeout)).await
    }

    async fn asked(&self, line: Line, timeout: Option<Duration>) -> Option<Line> {
        let (from, number, lane) = (Arc::clone(&line.from), line.number, line.lane);
        let told = [
            ("to", (*self.name).into()),
            ("number", number.into()),
            ("lane", format!("{lane:?}").into()),
            ("ask", "yes".into()),
        ];
        self.stage.record(MessageSent, &from, told);
        let post = Post::new(lane, line);
        let answer = match timeout {
            Some(timeout) => self.sender.ask_within(post, timeout).await,
            None => self.sender.ask(post).await,
        };
        let said = match &answer {
            Ok(answer) => ("answer", answer.number.into()),
            Err(error) => ("error", why(error).into()),
        };
        self.stage.record(
            ReplyReceived,
            &from,
            [("of", (*self.name).into()), ("number", number.into()), said],
        );
        answer.ok()
    }
}

pub(super) fn why(error: &AskError<Line>) -> String {
    // Without the message that it gives back.
    let shown = format!("{error:?}");
    shown.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}
