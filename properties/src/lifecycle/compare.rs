//! Where a real registry and the model are held against each other, and which rule a difference breaks.

use alys_models::lifecycle::{LifecycleModel, LifecycleOutcome, LifecycleTransition, ModelState};

use super::ACTORS;
use crate::{
    trace::note,
    violation::{check_eq, violated},
};

/// Everything that can be seen of one actor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorView {
    /// The state it is in, if anybody has the name.
    pub state: Option<ModelState>,
    /// What it declared.
    pub dependencies: Option<Vec<u8>>,
    /// What happened to it.
    pub history: LifecycleOutcome,
}

/// Everything that can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// The number of actors in each state.
    pub census: [usize; 7],
    /// Every actor that a case may use.
    pub actors: Vec<ActorView>,
    /// Who starts after whom.
    pub start_order: Vec<u8>,
    /// Who stops after whom.
    pub stop_order: Vec<u8>,
}

impl View {
    /// What the model says.
    #[must_use]
    pub fn of(model: &LifecycleModel) -> Self {
        let actor = |actor: u8| ActorView {
            state: model.state(actor),
            dependencies: model.dependencies(actor).map(<[u8]>::to_vec),
            history: model.history(actor),
        };
        View {
            census: model.census(),
            actors: (0..ACTORS as u8).map(actor).collect(),
            start_order: model.start_order(),
            stop_order: model.stop_order(),
        }
    }
}

/// The rule that another answer than the model's breaks.
#[must_use]
pub fn rule_of(transition: &LifecycleTransition) -> &'static str {
    use LifecycleTransition as T;
    match transition {
        T::Fire { .. } | T::Report { .. } | T::State { .. } => "LC-1",
        T::Census => "LC-2",
        T::Verify { .. } | T::History { .. } => "LC-3",
        T::Register { .. } => "LC-5",
        T::Remove { .. } | T::StartOrder | T::StopOrder => "LC-6",
    }
}

/// Compares answers.
///
/// # Panics
///
/// Raises a violation when they differ.
pub fn outcomes(transition: &LifecycleTransition, model: &LifecycleOutcome, real: &LifecycleOutcome) {
    use LifecycleOutcome as O;
    note("answer", model, real);
    if model == real {
        return;
    }
    let about_order = |outcome: &O| matches!(outcome, O::Cycle(_) | O::UnknownDependency(_) | O::Needed(_));
    let rule = if about_order(model) || about_order(real) { "LC-6" } else { rule_of(transition) };
    check_eq(rule, "the answer", model, real);
}

/// Compares everything that can be seen.
///
/// # Panics
///
/// Raises a violation when it differs.
pub fn views(model: &View, real: &View) {
    note("view", model, real);
    chained(real);
    if model == real {
        return;
    }
    for (actor, (one, other)) in model.actors.iter().zip(&real.actors).enumerate() {
        let of = |what: &str| format!("{what} of actor {actor}");
        check_eq("LC-1", &of("the state"), &one.state, &other.state);
        check_eq("LC-3", &of("the history"), &one.history, &other.history);
        check_eq("LC-5", &of("the declaration"), &one.dependencies, &other.dependencies);
    }
    check_eq("LC-2", "the census", &model.census, &real.census);
    check_eq("LC-6", "the start order", &model.start_order, &real.start_order);
    check_eq("LC-6", "the stop order", &model.stop_order, &real.stop_order);
}

/// Holds real histories to the rule itself: numbered without a hole, each entry begins where the one before it ended,
/// the last one in the state of the actor; and no census of other states than these.
fn chained(view: &View) {
    let mut census = [0; 7];
    for (name, actor) in view.actors.iter().enumerate() {
        let LifecycleOutcome::Lived { state, dropped, entries } = &actor.history else { continue };
        census[*state as usize] += 1;
        let numbered = entries.iter().map(|entry| entry.sequence).eq((*dropped..).take(entries.len()));
        let linked = entries.windows(2).all(|pair| pair[0].to == pair[1].from);
        let ends = entries.last().is_none_or(|entry| entry.to == *state);
        let begins =
            *dropped > 0 || entries.first().map_or(*state, |entry| entry.from) == ModelState::Uninitialized;
        if !(numbered && linked && ends && begins) {
            violated("LC-3", format!("the history of actor {name} is no chain: {:?}", actor.history));
        }
    }
    check_eq("LC-2", "the census by counting", &census, &view.census);
}
