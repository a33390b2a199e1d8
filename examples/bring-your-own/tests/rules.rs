//! One test per clause; those of the six broken rules fail, each with its shortest case, and one that is masked by them.

use bring_your_own::{self as wrong, Mailbox};

#[allow(dead_code, reason = "the adapter that supports nothing is for the examples")]
#[path = "../adapters/mod.rs"]
mod adapters;

alys_conformance::mailbox_tests!(adapters::Wrong);
