//! Stops at players, and reports of chains and workflows: written down, and compared.

use alys_actor::{
    comm::{Outcome, Report, Stop},
    supervision::SupervisorSpec,
};

use super::{
    cast::Line,
    troupe::{Reach, Role, Troupe},
};
use crate::{
    event::TestEventType::Observed,
    evidence::Evidence,
    judge::Judge,
    stage::{DriveError, Stage},
};

/// Engages players that stops and steps are named after, and starts them.
pub(super) fn engage(stage: &Stage, names: &[&str]) -> Result<(Troupe, Vec<Reach>), DriveError> {
    // Enough restarts for all that fail on purpose.
    let root = SupervisorSpec { max_restarts: 100, ..SupervisorSpec::default() };
    let mut troupe = Troupe::new(stage, root)?;
    let players: Result<Vec<_>, _> = names.iter().map(|name| troupe.engage(name, Role::default())).collect();
    let players = players?;
    troupe.start("root")?;
    Ok((troupe, players))
}

pub(super) fn stop(player: &Reach) -> Stop<Line> {
    Stop::new(&*player.name, player.sender.clone())
}

/// Writes a report down: each step with what became of it, and the result, under the number that went in.
pub(super) fn write_report(stage: &Stage, number: u64, report: Report<Line>) {
    for step in report.steps {
        let said = match step.outcome {
            Outcome::Answered(answer) => answer.number.to_string(),
            Outcome::Failed(cause) => cause.to_string(),
            Outcome::NotRun => "not run".to_owned(),
        };
        stage.record(
            Observed,
            "report",
            [("of", number.into()), ("step", format!("{}: {said}", step.name).into())],
        );
    }
    let result = report.result.map_or_else(|error| error.to_string(), |line| line.number.to_string());
    stage.record(Observed, "report", [("of", number.into()), ("result", result.into())]);
}

/// Compares the steps and the result of what went in under this number.
pub(super) fn judge_report(
    seen: Evidence<'_>,
    judge: &mut Judge,
    rule: &str,
    number: u64,
    steps: &[impl AsRef<str>],
    result: &str,
) {
    let of_it = || seen.from(Observed, "report").filter(|event| event.count("of") == Some(number));
    let words = |key: &str| {
        let having = of_it().filter(|event| event.get(key).is_some());
        having.map(|event| (event.event_id, event.words(key).to_owned())).collect::<Vec<_>>()
    };
    let steps: Vec<_> = steps.iter().map(|step| step.as_ref().to_owned()).collect();
    judge.same(rule, &format!("steps of {number}"), &steps, &words("step"));
    judge.same(rule, &format!("result of {number}"), &[result.to_owned()], &words("result"));
}
