//! Where real governance and the model are held against each other, and which rule a difference breaks.

use alys_engines::violation::check_eq;
use alys_models::governance::{GovernanceModel, GovernanceOutcome as O, ModelChoice, ModelState, ModelTally};

/// What members have signed: each with its choices.
pub type Sides = Vec<(u64, Vec<ModelChoice>)>;

/// Everything that can be seen of a proposal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProposalView {
    /// Where it stands.
    pub state: ModelState,
    /// The least weight that passes it.
    pub passing: u64,
    /// The weight of each choice.
    pub tally: ModelTally,
    /// What was signed in time.
    pub in_time: Sides,
    /// What was signed late.
    pub late: Sides,
    /// Who may vote, and with what weight.
    pub members: Vec<(u64, u64)>,
}

/// Everything that can be seen of governance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The latest time seen.
    pub now: u64,
    /// What becomes due next.
    pub next_due: Option<u64>,
    /// The weight of all members.
    pub total: u64,
    /// The members: number and weight.
    pub members: Vec<(u64, u64)>,
    /// The proposals, by number.
    pub proposals: Vec<ProposalView>,
}

impl View {
    /// What the model says.
    #[must_use]
    pub fn of(model: &GovernanceModel) -> Self {
        let proposals = model.proposals.iter().map(|proposal| ProposalView {
            state: proposal.state(model.now),
            passing: proposal.passing(),
            tally: proposal.tally(),
            in_time: sides(&proposal.votes),
            late: sides(&proposal.late),
            members: weights(&proposal.members),
        });
        View {
            now: model.now,
            next_due: model.next_due(),
            total: model.total(),
            members: weights(&model.members),
            proposals: proposals.collect(),
        }
    }
}

fn weights(members: &[(u64, u64, u64)]) -> Vec<(u64, u64)> {
    members.iter().map(|(number, _, weight)| (*number, *weight)).collect()
}

fn sides(votes: &[(u64, ModelChoice)]) -> Sides {
    let mut sorted = votes.to_vec();
    sorted.sort_unstable();
    let mut sides = Sides::new();
    for (member, choice) in sorted {
        match sides.last_mut() {
            Some((last, choices)) if *last == member => choices.push(choice),
            _ => sides.push((member, vec![choice])),
        }
    }
    sides
}

/// Compares everything that can be seen.
///
/// # Panics
///
/// Raises a violation at the first difference.
pub fn views(model: &View, real: &View) {
    if model == real {
        return;
    }
    check_eq("GV-2", "the members", &model.members, &real.members);
    check_eq("GV-2", "the weight of all members", &model.total, &real.total);
    check_eq("GV-5", "the time", &model.now, &real.now);
    check_eq("GV-5", "how many proposals there are", &model.proposals.len(), &real.proposals.len());
    for (model, real) in model.proposals.iter().zip(&real.proposals) {
        check_eq("GV-2", "who may vote", &model.members, &real.members);
        check_eq("GV-6", "what passes", &model.passing, &real.passing);
        check_eq("GV-3", "what was signed in time", &model.in_time, &real.in_time);
        check_eq("GV-5", "what was signed late", &model.late, &real.late);
        check_eq("GV-4", "the tally", &model.tally, &real.tally);
        check_eq("GV-5", "where a proposal stands", &model.state, &real.state);
    }
    check_eq("GV-5", "what becomes due next", &model.next_due, &real.next_due);
}

/// The rule that something else than this breaks.
#[must_use]
pub fn rule_of(outcome: Option<&O>) -> &'static str {
    match outcome {
        Some(O::Counted(..) | O::Known(..) | O::TooMany(_)) => "GV-4",
        Some(O::NotCounted(..)) => "GV-1",
        Some(O::Equivocated(..)) => "GV-3",
        Some(O::Admitted(_) | O::NotAdmitted(_) | O::Removed(_) | O::NotRemoved(_)) => "GV-2",
        _ => "GV-5",
    }
}
