//! A beacon node with a head, and a line to it that breaks: what a follower of it may believe.

use std::collections::VecDeque;

/// The node, and what is on its way from it. Heads are numbers; each is used once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// The head, 0 at first.
    pub head: u32,
    /// The events on the line, if there is one, the oldest first.
    line: Option<VecDeque<u32>>,
    /// A question under way: `Some(None)` while it has not reached the node, else with what the node has answered.
    question: Option<Option<u32>>,
    /// The last event that has reached the follower on this line, 0 for none.
    seen: u32,
    /// What the follower has told last.
    pub told: Option<u32>,
}

impl Node {
    /// Whether there is a line.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.line.is_some()
    }

    /// Whether a question is under way.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.question.is_some()
    }

    /// How many events are on the line.
    #[must_use]
    pub fn events(&self) -> usize {
        self.line.as_ref().map_or(0, VecDeque::len)
    }

    /// The head is another one.
    pub fn moves(&mut self) {
        self.head += 1;
        if let Some(line) = &mut self.line {
            line.push_back(self.head);
        }
    }

    /// A line is opened: nothing from before is on it.
    pub fn opens(&mut self) {
        (self.line, self.seen) = (Some(VecDeque::new()), 0);
    }

    /// The line breaks, and takes along what was on it, and the question.
    pub fn breaks(&mut self) {
        (self.line, self.question) = (None, None);
    }

    /// The follower asks; an earlier question is forgotten.
    pub fn asked(&mut self) {
        self.question = Some(None);
    }

    /// The node answers the question, with the head that it has now; the answer is on its way.
    pub fn answers(&mut self) {
        let head = self.head;
        if let Some(answer) = &mut self.question {
            answer.get_or_insert(head);
        }
    }

    /// The next event reaches the follower.
    pub fn delivers(&mut self) -> Option<u32> {
        self.seen = self.line.as_mut()?.pop_front()?;
        Some(self.seen)
    }

    /// The next event reaches the follower in pieces that nobody can read.
    pub fn garbles(&mut self) -> bool {
        self.line.as_mut().is_some_and(|line| line.pop_front().is_some())
    }

    /// The answer reaches the follower, if the node has given it.
    pub fn answered(&mut self) -> Option<u32> {
        let answer = self.question.flatten()?;
        self.question = None;
        Some(answer)
    }

    /// Whether the follower must have told the head: the line is there, and nothing is on its way.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.is_open() && self.events() == 0 && !self.is_asked()
    }

    /// The follower tells a head.
    ///
    /// # Errors
    ///
    /// What is wrong with that, as a sentence: it has just told this head, or it knows of a later one by an event.
    pub fn tells(&mut self, head: u32) -> Result<(), String> {
        if head < self.seen {
            return Err(format!("head {head} is told after the event of head {}", self.seen));
        }
        match self.told.replace(head) {
            Some(told) if told == head => Err(format!("head {head} is told twice")),
            _ => Ok(()),
        }
    }
}
