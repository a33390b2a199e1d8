//! The same programs on threads that the operating system schedules.

use std::sync::Arc;

use super::{Explored, Found, ProgramOf, Racing, Switches, Unexplained};
use crate::sequential::quietly;

/// Runs each program so many times; what is found has no schedule, and may not come again.
///
/// # Errors
///
/// The first history that no sequential order explains.
pub fn on_threads<R: Racing>(seed: u64, programs: u32, times: u32) -> Result<Explored, Box<Found<R>>> {
    let mut explored = Explored::default();
    for number in 0..u64::from(programs) {
        let program = Arc::new(R::program(seed.wrapping_add(number)));
        explored.programs += 1;
        for _ in 0..times {
            explored.schedules += 1;
            let outcome = quietly(|| R::run(&program))
                .unwrap_or_else(|message| Err(Unexplained { message, ..Unexplained::default() }));
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
    Ok(explored)
}
