//! Where real supervised actors and their model are held against each other, and which rule a difference breaks.

use alys_models::{
    lifecycle::ModelState,
    supervision::{ModelKind, ModelVerdict, NodeNumber, WorldModel, WorldOutcome},
};

use crate::{trace::note, violation::check_eq};

/// Everything that can be seen of a child from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildView {
    /// Its state.
    pub state: ModelState,
    /// How many actors of it exist.
    pub living: usize,
    /// How many handlers wait to be told how to end.
    pub waiting_handlers: usize,
    /// How many messages are queued.
    pub queued: usize,
    /// How many messages are in handlers.
    pub in_handler: usize,
    /// Whether its mailbox is closed.
    pub closed: bool,
}

impl ChildView {
    /// What the model says.
    #[must_use]
    pub fn of(model: &WorldModel, node: NodeNumber) -> Self {
        let view = model.tree.view(node);
        let is_child = matches!(model.tree.kind(node), ModelKind::Child { .. });
        ChildView {
            state: view.state,
            living: usize::from(model.lives(node)),
            waiting_handlers: model.waiting_handlers(node),
            queued: model.queued(node),
            in_handler: model.waiting_handlers(node),
            closed: is_child && view.state == ModelState::Stopped,
        }
    }
}

/// Compares what happened.
///
/// # Panics
///
/// Raises a violation when it differs.
pub fn outcomes(model: &WorldOutcome, real: &WorldOutcome) {
    note("outcome", model, real);
    if model == real {
        return;
    }
    check_eq("SV-9", "whether it is refused", &model.refused, &real.refused);
    check_eq("LC-4", "the hooks that ran", &model.hooks, &real.hooks);
    check_eq("LC-4", "the incarnations that were dropped", &model.gone, &real.gone);
    check_eq("SV-8", "the timers that were due", &model.timers, &real.timers);
    check_eq("SV-7", "the messages that were begun", &model.handled, &real.handled);
    check_eq("SV-7", "the dead letters", &model.dead, &real.dead);
    check_eq("MB-12", "how posts ended", &model.posts, &real.posts);
    for ((node, one), (other_node, other)) in model.verdicts.iter().zip(&real.verdicts) {
        check_eq("SV-6", "whose failure is judged", node, other_node);
        let delays = matches!((one, other), (ModelVerdict::Restart(..), ModelVerdict::Restart(..)));
        check_eq(if delays { "SV-3" } else { "SV-4" }, &format!("the verdict about {node}"), one, other);
    }
    check_eq("SV-1", "the verdicts", &model.verdicts, &real.verdicts);
    check_eq("SV-5", "the stop hooks that failed", &model.stop_hooks_failed, &real.stop_hooks_failed);
    check_eq("SV-6", "what happened", model, real);
}

/// Compares a child.
///
/// # Panics
///
/// Raises a violation when something differs.
pub fn children(node: NodeNumber, model: &ChildView, real: &ChildView) {
    note(format_args!("child {node}"), model, real);
    if model == real {
        return;
    }
    let of = |what: &str| format!("{what} of {node}");
    check_eq("SV-2", &of("the state"), &model.state, &real.state);
    check_eq("LC-4", &of("the number of actors"), &model.living, &real.living);
    check_eq("SV-7", &of("the number of messages queued"), &model.queued, &real.queued);
    check_eq("MB-5", &of("the number of messages in handlers"), &model.in_handler, &real.in_handler);
    check_eq("SV-8", &of("the child"), model, real);
}

/// Compares a history.
///
/// # Panics
///
/// Raises a violation when it differs.
pub fn histories(node: NodeNumber, model: &[ModelState], real: &[ModelState]) {
    check_eq("LC-3", &format!("the history of {node}"), model, real);
}
