//! The same adapters, against the twin of `alys-actor` in which faults can be planted.

/// The twin under the names that the crate itself gives out.
pub(crate) mod alys {
    pub(crate) use crate::twin::{lifecycle, mailbox, supervision};
}

#[path = "target/tree.rs"]
pub mod tree;
#[path = "target/words.rs"]
pub mod words;
