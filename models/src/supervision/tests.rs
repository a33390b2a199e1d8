//! What the model itself must get right, by hand.

use super::{
    ModelGroup, ModelKind, ModelOrder, ModelStrategy, ModelVerdict, SupervisionModel,
    SupervisionTransition as T,
};
use crate::lifecycle::ModelState;

const CHILD: ModelKind = ModelKind::Child { start_within: 50, stop_within: 50 };

fn tree(group: ModelGroup, max_restarts: usize, restart: ModelStrategy) -> SupervisionModel {
    let mut model = SupervisionModel::new(ModelKind::Supervisor { group, max_restarts, window: 10 });
    for _ in 0..3 {
        model.apply(&T::Add { parent: 0, kind: CHILD, restart });
    }
    model.apply(&T::Start(0));
    (1..4).for_each(|child| {
        model.apply(&T::Started(child));
    });
    model
}

#[test]
fn children_start_one_after_the_other() {
    let mut model = SupervisionModel::new(ModelKind::Supervisor {
        group: ModelGroup::OneForOne,
        max_restarts: 0,
        window: 1,
    });
    for _ in 0..2 {
        model.apply(&T::Add { parent: 0, kind: CHILD, restart: ModelStrategy::Always });
    }
    model.apply(&T::Start(0));
    assert_eq!((model.state(1), model.state(2)), (ModelState::Starting, ModelState::Uninitialized));
    model.apply(&T::Started(1));
    assert_eq!((model.state(1), model.state(2)), (ModelState::Running, ModelState::Starting));
}

#[test]
fn a_group_goes_down_in_reverse_and_comes_up_in_order() {
    let mut model = tree(ModelGroup::RestForOne, 1, ModelStrategy::Always);
    model.apply(&T::Ended(2, true));
    assert_eq!(model.view(3).order, Some((1, ModelOrder::Stop)));
    assert_eq!(model.state(1), ModelState::Running);
    model.apply(&T::Ended(3, false));
    assert_eq!(model.view(2).order, Some((2, ModelOrder::Restart)));
    model.apply(&T::Started(2));
    assert_eq!(model.view(3).order, Some((2, ModelOrder::Restart)));
}

#[test]
fn one_grant_too_many_is_fatal_at_the_root() {
    let mut model = tree(ModelGroup::OneForOne, 1, ModelStrategy::Fixed(3));
    let granted = model.apply(&T::Ended(1, true));
    assert_eq!(granted.verdicts, [(1, ModelVerdict::Restart(0, 3))]);
    let fatal = model.apply(&T::Ended(2, true));
    assert_eq!(fatal.verdicts, [(2, ModelVerdict::Escalate), (0, ModelVerdict::Stop)]);
    assert_eq!(fatal.fatal, Some(vec![0, 2]));
    assert_eq!((model.state(3), model.state(1)), (ModelState::Stopping, ModelState::Failed));
}

#[test]
fn a_shutdown_names_who_is_not_gone() {
    let mut model = tree(ModelGroup::OneForOne, 1, ModelStrategy::Always);
    model.apply(&T::Shutdown(5, 5));
    assert_eq!(model.apply(&T::Advance(5)).down, None);
    model.apply(&T::Ended(3, false));
    model.apply(&T::Ended(1, false));
    assert_eq!(model.apply(&T::Advance(5)).down, Some(vec![2]));
}
