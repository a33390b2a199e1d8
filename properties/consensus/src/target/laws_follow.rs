//! Following a head: every short course of a node and a line to it that breaks.

use std::time::Duration;

use alys_engines::violation::{check_eq, violated};
use alys_models::consensus::node::Node;

use super::alys::beacon::follow::{Action, Follower, Head, Input};
use super::alys::octets::{Fixed, Hash};
use super::alys::retry::Policy;
use super::support::policy;

/// How many things happen in a course.
const DEPTH: u32 = 6;

fn root(head: u32) -> Hash {
    let mut octets = [0; 32];
    octets[28..].copy_from_slice(&head.to_be_bytes());
    Fixed(octets)
}

/// Two heads have each slot: what is a head is its root.
fn head(number: u32) -> Head {
    Head { slot: u64::from(number / 2), root: root(number) }
}

fn number(head: &Head) -> u32 {
    let [.., a, b, c, d] = head.root.0;
    u32::from_be_bytes([a, b, c, d])
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Moves,
    Delivers,
    Garbles,
    Answers,
    Answered,
    Unanswered,
    Breaks,
    Waited,
    /// The wait is over, and no stream can be opened.
    Refused,
}

const DEEDS: [Deed; 9] = [
    Deed::Moves,
    Deed::Delivers,
    Deed::Garbles,
    Deed::Answers,
    Deed::Answered,
    Deed::Unanswered,
    Deed::Breaks,
    Deed::Waited,
    Deed::Refused,
];

/// A follower and its node, with a clock that goes on by what is waited.
#[derive(Clone)]
struct Course {
    node: Node,
    follower: Follower,
    now: Duration,
    waits: Option<Duration>,
    /// Whether no stream can be opened.
    refuses: bool,
    /// How many streams in a row have failed, counted here as well.
    failures: u32,
}

impl Course {
    fn new() -> Self {
        let mut course = Course {
            node: Node::default(),
            follower: Follower::new(policy()),
            now: Duration::from_secs(100),
            waits: None,
            refuses: false,
            failures: 0,
        };
        course.act(Some(Action::Open));
        course
    }

    /// Does what the follower wants.
    fn act(&mut self, action: Option<Action>) {
        match action {
            Some(Action::Open) if std::mem::take(&mut self.refuses) => self.tell_follower(Input::Lost),
            Some(Action::Open) => {
                self.node.opens();
                self.tell_follower(Input::Opened);
            }
            Some(Action::Ask) => self.node.asked(),
            Some(Action::Wait(until)) => {
                self.failures += 1;
                let model = self.now + policy().wait(self.failures);
                check_eq("CL-1", "until when is waited", &model, &until);
                self.node.breaks();
                self.waits = Some(until);
            }
            Some(Action::Tell(told)) => {
                let number = number(&told);
                check_eq("CL-1", "what is told", &head(number), &told);
                self.node.tells(number).unwrap_or_else(|wrong| violated("CL-1", wrong));
                check_eq("CL-1", "what was told last", &Some(told), &self.follower.head());
            }
            None => {}
        }
    }

    fn tell_follower(&mut self, input: Input) {
        let action = self.follower.handle(input, self.now);
        self.act(action);
    }

    /// Lets something happen; false when it cannot.
    fn deed(&mut self, deed: Deed) -> bool {
        let input = match deed {
            Deed::Moves => {
                self.node.moves();
                return true;
            }
            Deed::Answers => {
                let before = self.node.clone();
                self.node.answers();
                return before != self.node;
            }
            Deed::Delivers => self.node.delivers().map(|number| Input::Told(head(number))),
            Deed::Garbles => self.node.garbles().then_some(Input::Garbled),
            Deed::Answered => {
                let answer = self.node.answered();
                self.failures = if answer.is_some() { 0 } else { self.failures };
                answer.map(|number| Input::Answered(head(number)))
            }
            Deed::Unanswered => self.node.is_asked().then_some(Input::Unanswered),
            Deed::Breaks => self.node.is_open().then_some(Input::Lost),
            Deed::Waited | Deed::Refused => self.waits.take().map(|until| {
                (self.now, self.refuses) = (until, deed == Deed::Refused);
                Input::Waited
            }),
        };
        let Some(input) = input else { return false };
        self.tell_follower(input);
        true
    }

    /// Lets everything that is on its way arrive; then the head must have been told.
    fn settle(mut self) {
        for _ in 0..40 {
            let done = [Deed::Waited, Deed::Delivers, Deed::Answers, Deed::Answered];
            if !done.into_iter().any(|deed| self.deed(deed)) {
                break;
            }
        }
        check_eq("CL-1", "that all has arrived", &true, &self.node.is_quiet());
        check_eq("CL-1", "the head, told in the end", &Some(self.node.head), &self.node.told);
    }
}

/// After every course of so many deeds, whatever broke: once all has arrived, the head was told, none twice in a row, and none
/// that is older than an event of the same line.
pub fn no_head_is_lost() -> u64 {
    let mut tried = 0;
    let mut open = vec![(Course::new(), DEPTH)];
    while let Some((course, left)) = open.pop() {
        course.clone().settle();
        tried += 1;
        if left > 0 {
            for deed in DEEDS {
                let mut next = course.clone();
                if next.deed(deed) {
                    open.push((next, left - 1));
                }
            }
        }
    }
    tried
}

/// What comes while there is no stream means nothing, and the wait is not cut short by it.
pub fn nothing_is_heard_without_a_stream() -> u64 {
    let now = Duration::from_secs(1);
    let mut follower = Follower::new(policy());
    for input in [Input::Told(head(1)), Input::Garbled, Input::Answered(head(1)), Input::Unanswered] {
        check_eq("CL-1", &format!("{input:?} without a stream"), &None, &follower.handle(input, now));
    }
    check_eq("CL-1", "the head", &None, &follower.head());
    check_eq("CL-1", "a stream", &Some(Action::Ask), &follower.handle(Input::Opened, now));
    check_eq("CL-1", "a wait that is over while there is one", &None, &follower.handle(Input::Waited, now));
    6
}

/// A wait between two streams may have no end.
pub fn a_wait_without_an_end_is_one() -> u64 {
    let policy = Policy { backoff: Duration::MAX, backoff_max: Duration::MAX, ..policy() };
    let waits = Follower::new(policy).handle(Input::Lost, Duration::from_secs(1));
    check_eq("CL-1", "a wait without an end", &Some(Action::Wait(Duration::MAX)), &waits);
    1
}
