//! The planted faults of the ordering tracker.

use super::{Engine, Fault, by, expression, statement};

const ACTOR: &str = "tracker/actor.rs";
const EXPECTED: &str = "tracker/expected.rs";
const GAPS: &str = "tracker/gaps.rs";
const INDEX: &str = "tracker/index.rs";
const KEY: &str = "tracker/key.rs";
const ORDERING: &str = "tracker/ordering.rs";
const TRACK: &str = "tracker/track.rs";

/// Two faults each share these two anchors.
const NEW_KEY: &str = "Key::new(sender, state.senders.len(), state.expected.is_none())";
const SET_EXPECTED: &str = "self.frozen(|state| match state.recorded() {
            0 => {
                state.expected = Some(Expected::new(ordering));
                Ok(())
            }
            recorded => Err(ExpectedOrderingError::Late { actor: self.name.to_string(), recorded }),
        })";

/// What the sequential suite must find.
const fn alone(fault: Fault) -> Fault {
    by(Engine::Tracker, fault)
}

/// In the order of the rules they break first.
pub(super) const FAULTS: &[Fault] = &[
    alone(expression(
        "gap_ends_too_early: the last number of a gap does not fill it",
        &["OT-1", "OT-3"],
        GAPS,
        "last < sequence",
        "last <= sequence",
    )),
    alone(statement(
        "filled_number_stays_open: the number that splits a gap stays in its upper part",
        &["OT-1", "OT-3"],
        GAPS,
        "self.ranges.insert(sequence + 1, last);",
        "self.ranges.insert(sequence, last);",
    )),
    alone(expression(
        "largest_number_wraps: 0 is expected after u64::MAX",
        &["OT-1"],
        TRACK,
        "highest.checked_add(1)",
        "Some(highest.wrapping_add(1))",
    )),
    alone(expression(
        "word_loses_its_top_bit: an expected number too large for the word is put into it",
        &["OT-1"],
        KEY,
        "*expected <= EXPECTED_MAX",
        "*expected <= u64::MAX",
    )),
    alone(expression(
        "word_overflows: the last word of a key is advanced once more",
        &["OT-1"],
        KEY,
        "sequence < EXPECTED_MAX",
        "sequence <= EXPECTED_MAX",
    )),
    by(
        Engine::Loom,
        expression(
            "fast_path_in_two_steps: a record in order loads the word and then stores it",
            &["OT-1", "OT-2"],
            KEY,
            "self.word.compare_exchange(word, word + 2, Ordering::AcqRel, Ordering::Relaxed).is_ok()",
            "{ let met = self.word.load(Ordering::Acquire) == word; \
             if met { self.word.store(word + 2, Ordering::Release); } met }",
        ),
    ),
    by(
        Engine::Shuttle,
        expression(
            "fast_path_adds_blindly: a record in order compares the word and then adds to whatever it is",
            &["OT-1", "OT-2"],
            KEY,
            "self.word.compare_exchange(word, word + 2, Ordering::AcqRel, Ordering::Relaxed).is_ok()",
            "{ let met = self.word.load(Ordering::Acquire) == word; \
             if met { self.word.fetch_add(2, Ordering::AcqRel); } met }",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "names_made_outside_the_lock: two first records make the same name twice",
            &["OT-1", "OT-2"],
            INDEX,
            "self.shard(hash).lock().get_or_make(hash, is, make).clone()",
            "{ let found = self.shard(hash).lock().get(hash, &is).cloned(); \
             if let Some(found) = found { found } else { let made = make(); \
             let _ = self.shard(hash).lock().get_or_make(hash, is, || made.clone()); made } }",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "freeze_in_two_steps: a question loads the word and then stores the busy bit",
            &["OT-2", "OT-1"],
            KEY,
            "self.word.fetch_or(BUSY, Ordering::AcqRel)",
            "{ let word = self.word.load(Ordering::Acquire); \
             self.word.store(word | BUSY, Ordering::Release); word }",
        ),
    ),
    by(
        Engine::Shuttle,
        expression(
            "freeze_reads_first: a question reads the word before it sets the busy bit",
            &["OT-2", "OT-1"],
            KEY,
            "self.word.fetch_or(BUSY, Ordering::AcqRel)",
            "{ let word = self.word.load(Ordering::Acquire); self.word.fetch_or(BUSY, Ordering::AcqRel); word }",
        ),
    ),
    by(
        Engine::Loom,
        statement(
            "thawed_before_read: a question lets records pass while it reads",
            &["OT-2", "OT-1"],
            ACTOR,
            "state.senders.iter_mut().for_each(Sender::freeze);",
            "state.senders.iter_mut().for_each(Sender::freeze); \
             if state.expected.is_none() { state.senders.iter().for_each(Sender::thaw); }",
        ),
    ),
    alone(expression(
        "counted_without_a_freeze: a count does not bring in the records in order",
        &["OT-2"],
        ACTOR,
        "self.frozen(|state| state.recorded())",
        "self.state.lock().recorded()",
    )),
    by(
        Engine::Loom,
        expression(
            "lateness_judged_too_early: records are counted before the moment at which an expected order is set",
            &["OT-3", "OT-2", "OT-1"],
            ACTOR,
            SET_EXPECTED,
            "{ let before = self.message_count(); self.frozen(|state| match before { \
             0 => { state.expected = Some(Expected::new(ordering)); Ok(()) } \
             recorded => Err(ExpectedOrderingError::Late { actor: self.name.to_string(), recorded }) }) }",
        ),
    ),
    by(
        Engine::Shuttle,
        expression(
            "lateness_judged_by_verdict: an actor that is unknown before its keys are frozen counts as without records",
            &["OT-3", "OT-2", "OT-1"],
            ACTOR,
            SET_EXPECTED,
            "{ let known = self.frozen(|state| state.recorded()) > 0; self.frozen(|state| if known { \
             Err(ExpectedOrderingError::Late { actor: self.name.to_string(), recorded: state.recorded() }) } \
             else { state.expected = Some(Expected::new(ordering)); Ok(()) }) }",
        ),
    ),
    by(
        Engine::Loom,
        expression(
            "observed_in_a_second_step: the expected order is compared after the mutex was let go",
            &["OT-3"],
            ACTOR,
            "expected.observe(sequence)",
            "{ drop(state); if let Some(expected) = &mut self.state.lock().expected { \
             expected.observe(sequence); } }",
        ),
    ),
    alone(expression(
        "new_key_ignores_the_order: the key of a new sender is open although an order is expected",
        &["OT-3"],
        ACTOR,
        NEW_KEY,
        "Key::new(sender, state.senders.len(), true)",
    )),
    alone(statement(
        "question_opens_the_keys: a question under an expected order lets the next records pass it",
        &["OT-3"],
        ACTOR,
        "if state.expected.is_none() {\n            state.senders.iter().for_each(Sender::thaw);\n        }",
        "if state.expected.is_none() || state.recorded() > 0 { state.senders.iter().for_each(Sender::thaw); }",
    )),
    alone(statement(
        "last_number_not_compared: what differs from an expected order at its end or beyond is forgiven",
        &["OT-3"],
        EXPECTED,
        "self.diverged = true;",
        "self.diverged |= self.remaining.len() > 0;",
    )),
    alone(expression(
        "closed_gaps_forgiven: an actor is in order again when its gaps are closed",
        &["OT-3"],
        TRACK,
        "self.gaps_seen == 0",
        "self.gaps.iter().next().is_none()",
    )),
    alone(expression(
        "every_key_thawed: a record out of order puts the words of all senders back",
        &["OT-4", "OT-1", "OT-2"],
        ACTOR,
        "sender.thaw()",
        "senders.iter().for_each(Sender::thaw)",
    )),
    alone(expression(
        "neighbours_share_a_place: the second sender of an actor is taken for the first",
        &["OT-4", "OT-1", "OT-2"],
        ACTOR,
        NEW_KEY,
        "Key::new(sender, state.senders.len().saturating_sub(1), state.expected.is_none())",
    )),
    alone(expression(
        "list_one_too_long: a list of anomalies is longer than its cap",
        &["OT-5"],
        TRACK,
        "self.kept.len() < kept_max",
        "self.kept.len() <= kept_max",
    )),
    alone(expression(
        "caps_confused: reorderings are kept up to the cap of duplicates",
        &["OT-5"],
        TRACK,
        "config.reorderings_kept",
        "config.duplicates_kept",
    )),
    alone(expression(
        "order_one_too_long: an expected order may be one number longer than configured",
        &["OT-5"],
        ORDERING,
        "len > max",
        "len > max + 1",
    )),
];
