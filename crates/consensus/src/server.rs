//! The project's own beacon node: the Beacon API over a chain of [`alys_chain`].
//!
//! [`mod@view`] is what is shown of the chain, [`answer()`] what a question about it is answered with, [`mod@router`] the thin
//! shell that serves it.

pub mod answer;
pub mod query;
pub mod router;
pub mod view;

pub use answer::{Reply, answer};
pub use router::{Published, router};
pub use view::{ChainView, NodeView, SyncView};
