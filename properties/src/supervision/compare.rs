//! Where a real tree and the model are held against each other, and which rule a difference breaks.

use alys_models::supervision::{
    ModelVerdict, NodeView, SupervisionModel, SupervisionOutcome, SupervisionTransition, Ticks,
};

use crate::{trace::note, violation::check_eq};

/// Everything that can be seen of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<'a> {
    /// Every node.
    pub nodes: Vec<NodeView<'a>>,
    /// When the next timer is due.
    pub next_timer: Option<Ticks>,
}

impl<'a> View<'a> {
    /// What the model says.
    #[must_use]
    pub fn of(model: &'a SupervisionModel) -> Self {
        View {
            nodes: (0..model.len()).map(|node| model.view(node)).collect(),
            next_timer: model.next_timer(),
        }
    }
}

/// Compares answers.
///
/// # Panics
///
/// Raises a violation when they differ.
pub fn outcomes(transition: &SupervisionTransition, model: &SupervisionOutcome, real: &SupervisionOutcome) {
    note("answer", model, real);
    if model == real {
        return;
    }
    let refused = match transition {
        SupervisionTransition::Add { .. } => "LC-5",
        _ => "SV-9",
    };
    check_eq(refused, "the refusal", &model.refused, &real.refused);
    for ((node, one), (other_node, other)) in model.verdicts.iter().zip(&real.verdicts) {
        check_eq("SV-6", "whose failure is judged", node, other_node);
        check_eq(rule_of(*one, *other), &format!("the verdict about {node}"), one, other);
    }
    check_eq("SV-1", "the verdicts", &model.verdicts, &real.verdicts);
    check_eq("SV-5", "the stop hooks that failed", &model.stop_hooks_failed, &real.stop_hooks_failed);
    check_eq("SV-6", "the path of the failure that stops the system", &model.fatal, &real.fatal);
    check_eq("LC-7", "the end of the shutdown", &model.down, &real.down);
}

/// The rule that another verdict than the model's breaks.
fn rule_of(model: ModelVerdict, real: ModelVerdict) -> &'static str {
    use ModelVerdict as V;
    match (model, real) {
        (V::Restart(one, _), V::Restart(other, _)) if one == other => "SV-3",
        (V::Restart(..) | V::Escalate, V::Restart(..) | V::Escalate) => "SV-4",
        (V::Join, _) | (_, V::Join) => "SV-5",
        _ => "SV-1",
    }
}

/// Compares everything that can be seen.
///
/// # Panics
///
/// Raises a violation when it differs.
pub fn views(model: &View<'_>, real: &View<'_>) {
    note("view", model, real);
    if model == real {
        return;
    }
    for (node, (one, other)) in model.nodes.iter().zip(&real.nodes).enumerate() {
        let of = |what: &str| format!("{what} of {node}");
        check_eq("SV-5", &of("the state"), &one.state, &other.state);
        check_eq("LC-3", &of("the history"), &one.went, &other.went);
        check_eq("SV-9", &of("the order"), &one.order, &other.order);
    }
    check_eq("SV-10", "the next timer", &model.next_timer, &real.next_timer);
    check_eq("SV-5", "the tree", model, real);
}
