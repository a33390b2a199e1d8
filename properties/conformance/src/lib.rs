//! Holds anybody's mailbox, supervisor, ordering tracker, chain store or sync engine to the rules of docs/rules.md.
//!
//! An adapter of about fifty lines says what an implementation can do and does it; the kit generates cases within these
//! capabilities, polls every future by hand, and judges each clause of each rule by itself. The guide is
//! `docs/conformance-kit.md`, and `docs/conformance.md` is what the kit says of published implementations.

#[cfg(feature = "adapters")]
pub mod adapters;
pub mod capabilities;
pub mod chain;
pub mod clause;
pub mod court;
mod macros;
pub mod mailbox;
pub mod report;
pub mod supervisor;
pub mod sync;

#[cfg(feature = "adapters")]
pub mod promises;
#[cfg(feature = "adapters")]
pub mod table;
pub mod tracker;

pub use mailbox::{expect_clause, expect_some_rule_applies};
