//! The same programs on threads that the operating system schedules.

use std::{
    cell::{Cell, RefCell},
    sync::{Arc, Barrier},
    thread::{self, JoinHandle},
};

use super::{Explored, Found, ProgramOf, Racing, Switches, Unexplained};
use crate::{planted, sequential::quietly};

thread_local! {
    /// Where the threads that this one starts wait for each other, so that they run side by side.
    static GATE: RefCell<Option<Arc<Barrier>>> = const { RefCell::new(None) };

    /// Whether this thread steps aside in the next call that it has begun; none of its calls, if it is no thread of a program.
    static ASIDE: Cell<Option<bool>> = const { Cell::new(None) };
}

/// Starts a thread of a program, on which the same fault is planted; it begins when all of them are there.
pub fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    let gate = GATE.with_borrow(Clone::clone);
    planted::spawn(move || {
        if let Some(gate) = gate {
            ASIDE.set(Some(true));
            gate.wait();
        }
        work()
    })
}

/// Lets the other threads of a program run while this one is in the middle of a call, in every other call.
///
/// A call is so short that on one core a thread makes all of its calls before the next thread runs, and nothing overlaps. The
/// calls between are made without a pause: with more cores than one they meet more closely.
pub(crate) fn step_aside() {
    let Some(now) = ASIDE.get() else { return };
    ASIDE.set(Some(!now));
    if now {
        thread::yield_now();
    }
}

/// How many rounds are made at most until two calls have overlapped: the system may let a thread go on that steps aside.
const ROUNDS_MAX: u32 = 20;

/// Runs each program so many times; what is found has no schedule, and may not come again.
///
/// # Errors
///
/// The first history that no sequential order explains.
pub fn on_threads<R: Racing>(seed: u64, programs: u32, times: u32) -> Result<Explored, Box<Found<R>>> {
    let mut explored = Explored::default();
    for _ in 0..ROUNDS_MAX {
        round::<R>(seed, programs, times, &mut explored)?;
        if explored.overlaps > 0 {
            break;
        }
    }
    Ok(explored)
}

fn round<R: Racing>(
    seed: u64,
    programs: u32,
    times: u32,
    explored: &mut Explored,
) -> Result<(), Box<Found<R>>> {
    for number in 0..u64::from(programs) {
        let program = Arc::new(R::program(seed.wrapping_add(number)));
        explored.programs += 1;
        for _ in 0..times {
            explored.schedules += 1;
            // The first branch is the thread that starts the others.
            GATE.set(Some(Arc::new(Barrier::new(program.branches.len().saturating_sub(1)))));
            let outcome = quietly(|| R::run(&program))
                .unwrap_or_else(|message| Err(Unexplained { message, ..Unexplained::default() }));
            // What this thread starts later waits for nobody.
            GATE.set(None);
            match outcome {
                Ok(ran) => explored.overlaps += ran.overlaps,
                Err(unexplained) => {
                    let program = ProgramOf::<R>::clone(&program);
                    let switches = Switches::default();
                    return Err(Box::new(Found {
                        program,
                        switches,
                        unexplained,
                        tried: explored.schedules,
                    }));
                }
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::concurrent::{Program, Ran};

    /// Three branches, of which two are threads of their own.
    struct Meeting;

    impl Racing for Meeting {
        type Parameters = ();
        type Action = ();

        const SUITE: &'static str = "toy_meeting";
        const TEST_PATH: &'static str = "properties::toy";

        fn program(_: u64) -> Program<(), ()> {
            Program { parameters: (), prefix: Vec::new(), branches: vec![Vec::new(); 3] }
        }

        fn run(_: &Arc<Program<(), ()>>) -> Result<Ran, Unexplained> {
            let others = [spawn(|| ()), spawn(|| ())];
            others.into_iter().for_each(|other| other.join().unwrap());
            Ok(Ran { digest: 0, overlaps: 1 })
        }
    }

    #[test]
    fn a_thread_of_a_program_steps_aside_in_every_other_call() {
        let steps = || {
            step_aside();
            ASIDE.get()
        };
        GATE.set(Some(Arc::new(Barrier::new(1))));
        assert_eq!(spawn(move || [steps(), steps()]).join().unwrap(), [Some(false), Some(true)]);
        GATE.set(None);
        assert_eq!(spawn(steps).join().unwrap(), None, "a thread of no program does not");
    }

    #[test]
    fn a_thread_that_is_started_afterwards_waits_for_nobody() {
        let explored = on_threads::<Meeting>(0, 2, 3).map_err(|_| ()).unwrap();
        assert_eq!((explored.programs, explored.schedules), (2, 6));
        assert_eq!(GATE.with_borrow(Option::is_none).then(|| spawn(|| 7).join().unwrap()), Some(7));
    }
}
