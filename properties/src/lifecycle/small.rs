//! The small world of the lifecycle: what is simpler than a call. All its states are searched by a suite of their own.

use alys_models::lifecycle::LifecycleTransition;

use super::{
    generate::simpler,
    reference::{LifecycleReference, State},
};
use crate::small::{Small, all, fingerprint};

impl Small for LifecycleReference {
    fn simpler(transition: &LifecycleTransition) -> Vec<LifecycleTransition> {
        all(|n| simpler(transition, n))
    }

    fn fingerprint(state: &State) -> Option<u64> {
        Some(fingerprint(&*state.model))
    }
}
