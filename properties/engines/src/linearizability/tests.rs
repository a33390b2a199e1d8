//! The checker, held to histories whose verdicts are known.

use super::*;
use crate::measure::Stopwatch;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Register(u8);

#[derive(Clone, Debug, PartialEq)]
enum Call {
    Write(u8),
    Read,
}

impl SequentialSpec for Register {
    type Call = Call;
    type Return = Option<u8>;

    fn apply(&mut self, call: &Call) -> Option<u8> {
        match call {
            Call::Write(value) => {
                self.0 = *value;
                None
            }
            Call::Read => Some(self.0),
        }
    }

    fn changes_nothing(call: &Call, _: &Option<u8>) -> bool {
        matches!(call, Call::Read)
    }
}

fn operation(thread: usize, call: Call, from: u64, to: u64, told: Option<u8>) -> Operation<Call, Option<u8>> {
    Operation { thread, call, invoked: from, returned: Some((to, told)) }
}

fn pending(thread: usize, call: Call, from: u64) -> Operation<Call, Option<u8>> {
    Operation { thread, call, invoked: from, returned: None }
}

#[test]
fn overlapping_reads_may_see_either_value() {
    let history = [
        operation(0, Call::Write(1), 1, 6, None),
        operation(1, Call::Read, 2, 3, Some(0)),
        operation(2, Call::Read, 4, 5, Some(1)),
    ];
    assert_eq!(check(Register(0), &history), Ok(vec![1, 0, 2]));
}

#[test]
fn a_stale_read_is_rejected_with_both_sides() {
    let history = [operation(0, Call::Write(1), 1, 2, None), operation(1, Call::Read, 3, 4, Some(0))];
    let error = check(Register(0), &history).unwrap_err();
    assert_eq!(error.longest, [0]);
    assert_eq!(error.refused, ["1: Read of thread 1 was told Some(0), the specification answers Some(1)"]);
}

#[test]
fn a_write_that_changes_nothing_here_may_change_something_elsewhere() {
    let history = [
        operation(0, Call::Write(0), 1, 6, None),
        operation(1, Call::Write(1), 2, 5, None),
        operation(2, Call::Read, 7, 8, Some(0)),
    ];
    assert_eq!(check(Register(0), &history), Ok(vec![1, 0, 2]));
}

#[test]
fn two_readers_must_agree_on_the_order() {
    let history = [
        operation(0, Call::Write(1), 1, 8, None),
        operation(1, Call::Read, 2, 3, Some(1)),
        operation(2, Call::Read, 4, 5, Some(0)),
    ];
    assert!(check(Register(0), &history).is_err());
}

#[test]
fn a_pending_operation_may_have_taken_effect_or_not() {
    let write = pending(0, Call::Write(1), 1);
    let seen = [write.clone(), operation(1, Call::Read, 2, 3, Some(1))];
    assert_eq!(check(Register(0), &seen), Ok(vec![0, 1]));
    let unseen = [write.clone(), operation(1, Call::Read, 2, 3, Some(0))];
    assert_eq!(check(Register(0), &unseen), Ok(vec![1]));
    let vanished = [write, operation(1, Call::Read, 2, 3, Some(1)), operation(1, Call::Read, 4, 5, Some(0))];
    assert!(check(Register(0), &vanished).is_err());
}

#[test]
fn the_end_state_can_be_required() {
    let history = [operation(0, Call::Write(1), 1, 4, None), operation(1, Call::Write(2), 2, 3, None)];
    assert_eq!(check_with(Register(0), &history, |end| end.0 == 1), Ok(vec![1, 0]));
    assert_eq!(check_with(Register(0), &history, |end| end.0 == 2), Ok(vec![0, 1]));
    assert!(check_with(Register(0), &history, |end| end.0 == 3).is_err());
    let late = [pending(0, Call::Write(3), 1)];
    assert_eq!(check_with(Register(0), &late, |end| end.0 == 3), Ok(vec![0]));
}

#[test]
fn a_recorded_history_keeps_the_order_of_events() {
    let recorder = Recorder::new();
    let write = recorder.invoke(0, Call::Write(1));
    let read = recorder.call(1, Call::Read, || 0, |told| Some(*told));
    recorder.returned(write, None);
    drop(recorder.invoke(2, Call::Write(9)));
    let history = recorder.take();
    assert_eq!(read, 0);
    let events: Vec<_> =
        history.iter().map(|one| (one.invoked, one.returned.as_ref().map(|end| end.0))).collect();
    assert_eq!(events, [(1, Some(4)), (2, Some(3)), (5, None)]);
    assert_eq!(check(Register(0), &history), Ok(vec![1, 0]));
}

/// Thirty writes and reads of eight threads, each overlapping seven others; `flaw` breaks the last read.
fn crowded(flaw: u8) -> Vec<Operation<Call, Option<u8>>> {
    let mut register = Register(0);
    let mut random = 0x9E37_79B9_u32;
    let mut step = move || {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        random
    };
    let mut history = Vec::new();
    for index in 0..30_u64 {
        let call = if step() % 2 == 0 { Call::Write((step() % 4) as u8) } else { Call::Read };
        let told = register.apply(&call);
        history.push(operation(index as usize % 8, call, index * 2, index * 2 + 14, told));
    }
    history.push(operation(0, Call::Read, 90, 91, Some(register.0 + flaw)));
    history
}

#[test]
fn thirty_operations_of_eight_threads_take_milliseconds() {
    assert!(check(Register(0), &crowded(0)).is_ok());
    let watch = Stopwatch::start();
    let rejected = check(Register(0), &crowded(7)).unwrap_err();
    assert_eq!(rejected.longest.len(), 30);
    // A hundred times the usual figure: a factorial search would take minutes.
    assert!(watch.elapsed().as_millis() < 1_000, "{:?}", watch.elapsed());
}
