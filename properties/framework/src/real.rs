//! The laws, about `alys-test-framework` as it ships.

pub(crate) use alys_test_framework as alys;

#[path = "target/laws/mod.rs"]
pub mod laws;
#[path = "target/made.rs"]
pub mod made;
