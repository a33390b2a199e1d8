//! Restart intensity: how many restarts a supervisor grants within its window, to the millisecond.

use std::time::Duration;

use alys_actor::supervision::SupervisorSpec;

use super::{
    super::{
        cast::{Deed, Line},
        troupe::{PLAIN, Reach, Role, Troupe},
    },
    restarts::{decided, restart},
};
use crate::{
    event::TestEventType::{ActorCreated, StateTransition},
    evidence::Evidence,
    judge::Judge,
    stage::{DriveError, Stage},
};

/// The supervisor: three restarts within a second, whoever fails.
const STRICT: SupervisorSpec = SupervisorSpec { max_restarts: 3, window: Duration::from_secs(1), ..PLAIN };

const NAMES: [&str; 2] = ["hot", "warm"];

/// When this begins, in milliseconds: the course before it takes an hour and ends by itself.
const BEGIN_MS: u64 = 3_600_000;

/// Who fails how many milliseconds after the beginning. At 1000 the first restart has just left the window; at 1399 three
/// are in it still.
const FAILURES: [(usize, u64); 5] = [(0, 0), (1, 400), (0, 800), (0, 1000), (0, 1399)];

/// How many restarts of whom must succeed: the last failure is one too many, and the root restarts all three.
pub(super) const RESTARTS: [(&str, usize); 3] = [("hot", 4), ("warm", 2), ("strict", 1)];

pub(super) fn engage(troupe: &mut Troupe) -> Result<[Reach; 2], DriveError> {
    troupe.supervisor("strict", "root", STRICT)?;
    let mut child = |name| troupe.engage(name, Role { parent: "strict", ..Role::default() });
    Ok([child(NAMES[0])?, child(NAMES[1])?])
}

pub(super) async fn drive(stage: &Stage, children: [Reach; 2]) {
    let mut now = 0;
    for (who, at) in FAILURES {
        stage.pass(Duration::from_millis(at - now)).await;
        now = at;
        children[who].ask(Line::new("driver", at).with(Deed::Fail)).await;
    }
    for child in &children {
        child.ask(Line::new("driver", 0)).await;
    }
}

pub(super) fn judge(seen: Evidence<'_>, judge: &mut Judge) {
    let at = |after: u64| BEGIN_MS + after;
    let of_hot = [restart(0, at(0)), restart(1, at(800)), restart(2, at(1000)), "Escalate".to_owned()];
    judge.same("SV-4", "decisions about `hot`", &of_hot, &decided(seen, "hot"));
    judge.same("SV-4", "decisions about `warm`", &[restart(0, at(400))], &decided(seen, "warm"));
    judge.same("SV-6", "decisions about `strict`", &[restart(0, at(1399))], &decided(seen, "strict"));
    let instants: [&[u64]; 2] = [&[0, 800, 1000, 1399], &[400, 1399]];
    for (name, instants) in NAMES.into_iter().zip(instants) {
        let expected: Vec<_> =
            [0.0].into_iter().chain(instants.iter().map(|after| at(*after) as f64)).collect();
        let created = seen.instants_ms(ActorCreated, name);
        judge.same("SV-4", &format!("when the incarnations of `{name}` began, in ms"), &expected, &created);
    }
    let went = ["Starting", "Running", "Failed", "Recovering", "Running", "Stopping", "Stopped"];
    judge.same("SV-6", "states of `strict`", &went, &seen.words(StateTransition, "strict", "to"));
}
