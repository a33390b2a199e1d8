//! Killing an arbiter: the thread of a child ends with everything on it, and no word to its supervisor.

use std::time::Duration;

use actix::{Arbiter, System};
use alys_actor::supervision::SupervisorSpec;
use tokio::sync::oneshot;

use super::{
    super::{
        cast::Line,
        troupe::{Reach, Role, Troupe},
    },
    apart, stage,
};
use crate::{
    chaos::{Seen, name},
    stage::{DriveError, Stage},
};

/// How long an answer may take, in real time; what is dead says so at once.
const WITHIN: Duration = Duration::from_secs(5);

/// How long the shutdown waits for what is gone, of its own and by force.
const STOP_WITHIN: Duration = Duration::from_millis(100);

/// How often each is asked.
const ASKS: u64 = 10;

/// Kills the arbiter of one child, and asks it and its sibling on another arbiter before and after.
pub(crate) fn kill_an_arbiter(seed: u64) -> Result<Seen, String> {
    apart(move || System::new().block_on(killed(stage(seed, false))))
}

async fn killed(stage: Stage) -> Result<Seen, DriveError> {
    let mut troupe = Troupe::new(&stage, SupervisorSpec::default())?;
    let sibling = troupe.engage("sibling", Role::default())?;
    let arbiter = Arbiter::new();
    let (troupe, victim) = on(&arbiter, troupe).await?;
    troupe.start("root")?;

    let mut seen = Seen { attempted: 1, worker: Some(victim.name.to_string()), ..Seen::default() };
    seen.count(name::BEFORE, answers(&victim).await);
    arbiter.stop();
    if arbiter.join().is_err() {
        seen.note = Some("the arbiter's thread panicked".to_owned());
    }
    seen.count(name::AFTER, answers(&victim).await);
    seen.count("answers of its sibling after", answers(&sibling).await);
    let granted = troupe.system().restart(&victim.name);
    seen.recovered = u64::from(answers(&victim).await > 0);
    if seen.recovered == 0 {
        let asked = granted
            .map_or_else(|refused| refused.to_string(), |()| "granted, and nobody is there".to_owned());
        seen.note = Some(format!("what ran on it is lost; a restart was {asked}"));
    }
    troupe.system().shut_down(STOP_WITHIN, STOP_WITHIN);
    let unresponsive = troupe.system().ended().await.unwrap_or_default();
    seen.count("children that the shutdown names as gone with their arbiter", unresponsive.len() as u64);
    Ok(seen)
}

/// Engages a player on an arbiter.
async fn on(arbiter: &Arbiter, mut troupe: Troupe) -> Result<(Troupe, Reach), DriveError> {
    let (give, take) = oneshot::channel();
    let sent = arbiter.spawn_fn(move || {
        let engaged = troupe.engage("victim", Role::default());
        // Nobody takes it only where the run has been given up.
        let _ = give.send(engaged.map(|reach| (troupe, reach)));
    });
    if !sent {
        return Err(DriveError::new("arbiter", "it takes nothing to do"));
    }
    take.await.map_err(|error| DriveError::new("arbiter", error))?
}

/// Counts the answers to a few questions.
async fn answers(reach: &Reach) -> u64 {
    let mut answers = 0;
    for number in 0..ASKS {
        answers += u64::from(reach.ask_within(Line::new("driver", number), WITHIN).await.is_some());
    }
    answers
}
