//! Ways that go in circles, and so never come to what is awaited.

use std::collections::HashMap;

use rustc_hash::FxHashMap;
use stateright::Model;

use super::Checked;
use crate::small::Keyed;

/// A state on the way, and the steps from it that are left.
type Step<R> = (<R as Keyed>::Key, Transitions<R>);

type Transitions<R> = Vec<<R as proptest_state_machine::ReferenceStateMachine>::Transition>;

/// The states on a way, the beginning first, and the transitions between them.
type Circle<R> = (Vec<<R as Keyed>::Key>, Transitions<R>);

impl<R: Keyed> Checked<R> {
    /// A way that comes to a state for the second time, if there is one.
    ///
    /// Depth first, with every state either on the way or done with; the space is finite where ways end.
    pub(super) fn circle(&self) -> Option<Circle<R>> {
        let mut on_the_way: FxHashMap<R::Key, bool> = HashMap::default();
        self.init_states().into_iter().find_map(|start| self.circle_from(start, &mut on_the_way))
    }

    fn circle_from(&self, start: R::Key, on_the_way: &mut FxHashMap<R::Key, bool>) -> Option<Circle<R>> {
        let mut way = Vec::new();
        let mut made = Vec::new();
        if on_the_way.insert(start.clone(), true).is_none() {
            way.push(self.step(start));
        }
        while let Some((key, left)) = way.last_mut() {
            let Some(transition) = left.pop() else {
                on_the_way.insert(key.clone(), false);
                way.pop();
                made.pop();
                continue;
            };
            let Some(next) = self.next_state(key, transition.clone()) else { continue };
            match on_the_way.get(&next) {
                Some(true) => {
                    made.push(transition);
                    let states = way.into_iter().map(|(key, _)| key).chain([next]);
                    return Some((states.collect(), made));
                }
                Some(false) => {}
                None => {
                    on_the_way.insert(next.clone(), true);
                    made.push(transition);
                    way.push(self.step(next));
                }
            }
        }
        None
    }

    fn step(&self, key: R::Key) -> Step<R> {
        let mut left = Vec::new();
        self.actions(&key, &mut left);
        (key, left)
    }
}
