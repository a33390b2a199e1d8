//! The part of the kit that is about supervisors: capabilities, what an adapter implements, and the reference model of
//! supervised actors beside it, step by step.

mod bench;
mod blame;
mod capabilities;
pub mod clauses;
mod generate;
mod judge;
mod life;
mod machine;
mod meet;
mod past;
mod steps;
mod subject;
mod world;

pub use self::{
    capabilities::{RestartKind, SupervisorCapabilities},
    clauses::{SupervisorClause, SupervisorMissing, supervisor_clauses},
    judge::{
        SupervisorSubject, expect_some_supervisor_rule_applies, expect_supervisor_clause, judge_supervisor,
        judge_supervisor_subject, replay_supervisor,
    },
    life::{Alarm, Done, Life, Reply, Task, Then, Watch, Work},
    steps::{Act, Ending, SupervisorStep},
    subject::{Answered, SupervisorParameters, SupervisorUnderTest, Told},
};
pub use crate::mailbox::Pending;
pub use alys_models::supervision::{ModelGroup, ModelStrategy};

/// The places in the mailbox of each child.
pub const PLACES: usize = 8;

/// How many restarts the supervisor above grants, and within how many ticks.
pub const ABOVE: (usize, u64) = (2, 20);
