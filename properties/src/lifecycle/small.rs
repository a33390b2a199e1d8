//! The small world of the lifecycle: what is simpler than a call. All its states are searched by a suite of their own.

use alys_models::lifecycle::LifecycleTransition;

use super::{generate::simpler, reference::LifecycleReference};
use crate::small::{Small, all};

impl Small for LifecycleReference {
    fn simpler(transition: &LifecycleTransition) -> Vec<LifecycleTransition> {
        all(|n| simpler(transition, n))
    }
}
