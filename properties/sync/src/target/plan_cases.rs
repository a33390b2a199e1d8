//! Plans that have failed, as files: read, and played before anything is drawn.

use std::path::Path;

use alys_engines::cases::{self, Case, CaseError, Expected, FORM, Verdict, Witness};
use alys_engines::counterexample::{Counterexample, Origin};
use alys_engines::sequential::{Failure, Persistence, Settings, Suite, told as found};
use alys_engines::violation::rule_of;
use serde::{Deserialize, Serialize};

use super::alys::simulated::{FaultStep, PeerPlan, Plan};
use super::plan_simpler::is_fair;
use super::plan_story;
use super::plans::{self, Told};

/// A part of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Part {
    /// Some peers that are alike.
    Peers(PeerPlan),
    /// Something that goes wrong.
    Fault(FaultStep),
}

/// A plan as a case: its settings, and its parts.
pub type PlanCase = Case<Plan, Part>;

/// A stored plan that was played again.
#[derive(Clone, Debug)]
pub struct Replayed {
    /// Its file.
    pub path: std::path::PathBuf,
    /// What it must come to.
    pub expected: Expected,
    /// The rule that it broke.
    pub rule: Option<String>,
    /// What it came to.
    pub verdict: Verdict,
}

/// The case of a plan that fails.
#[must_use]
pub fn case_of(suite: &str, plan: &Plan, told: &Told) -> PlanCase {
    let message = told.failure.clone().unwrap_or_default();
    let base = Plan { peers: Vec::new(), faults: Vec::new(), ..plan.clone() };
    let peers = plan.peers.iter().cloned().map(Part::Peers);
    let transitions: Vec<_> = peers.chain(plan.faults.iter().cloned().map(Part::Fault)).collect();
    let differs = told.compared.iter().rev().find(|one| one.model != one.real);
    let witness = differs.map(|one| Witness {
        step: transitions.len(),
        what: one.what.clone(),
        model: one.model.clone(),
    });
    Case {
        form: FORM,
        versions: cases::versions(),
        suite: suite.to_owned(),
        rule: rule_of(&message).map(str::to_owned),
        message,
        expected: Expected::Holds,
        witness,
        parameters: base,
        transitions,
        branches: Vec::new(),
        schedule: None,
    }
}

/// The plan that a case says.
#[must_use]
pub fn plan_of(case: &PlanCase) -> Plan {
    let mut plan = case.parameters.clone();
    for part in case.transitions.iter().cloned() {
        match part {
            Part::Peers(peers) => plan.peers.push(peers),
            Part::Fault(step) => plan.faults.push(step),
        }
    }
    plan
}

/// Plays all stored plans of a directory, by name.
///
/// # Errors
///
/// The first file that is no case of this suite.
pub fn replay_all(suite: &Suite, directory: &Path) -> Result<Vec<Replayed>, CaseError> {
    let stored: Vec<cases::Filed<Plan, Part>> = cases::read_all(directory, suite.name)?;
    let replayed = stored.into_iter().map(|(path, case)| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let verdict = verdict(suite, &name, &case);
        Replayed { path, expected: case.expected, rule: case.rule, verdict }
    });
    Ok(replayed.collect())
}

fn verdict(suite: &Suite, name: &str, case: &PlanCase) -> Verdict {
    let (plan, made_with) = (plan_of(case), case.made_with());
    if !is_fair(&plan) {
        return Verdict::Stale(format!("the rules promise nothing of this plan; {made_with}"));
    }
    let told = plans::told(&plan);
    if told.failure.is_some() {
        let origin = Origin::StoredCase(format!("{name}, {made_with},"));
        return Verdict::Broken(Box::new(counterexample(suite, origin, &plan, &told)));
    }
    let is_met = |witness: &Witness| {
        told.compared.iter().any(|one| one.what == witness.what && one.model == witness.model)
    };
    match &case.witness {
        Some(witness) if !is_met(witness) => {
            let Witness { what, model, .. } = witness;
            Verdict::Stale(format!("nobody compares {what} with the model's {model}; {made_with}"))
        }
        _ => Verdict::Holds,
    }
}

/// What is told of a plan that fails, wherever it came from.
#[must_use]
pub fn counterexample(suite: &Suite, origin: Origin, plan: &Plan, told: &Told) -> Counterexample {
    let message = told.failure.clone().unwrap_or_default();
    let failure: Failure<()> =
        Failure { message, value: None, generated: 0, from_stored_seed: true, stored: None };
    // Nothing was drawn, so the line that shows it again needs no seed.
    let settings = Settings { persistence: Persistence::None, ..Settings::new(suite.name, 0, 0) };
    Counterexample { origin, ..shown(found(suite, &settings, &failure), plan, told) }
}

/// Shows a plan in a counterexample.
#[must_use]
pub fn shown(found: Counterexample, plan: &Plan, told: &Told) -> Counterexample {
    let initial_state = Some(format!("the plan\n{}", plan_story::toml(plan)));
    let message = told.failure.clone().unwrap_or_else(|| found.message.clone());
    Counterexample { message, initial_state, steps: plan_story::steps(plan, told), ..found }
}
