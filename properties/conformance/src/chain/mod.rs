//! The part of the kit that is about chain stores: capabilities, what an adapter implements, and the reference model of the
//! store beside it, step by step.
//!
//! A store takes in blocks, has a tip and a final block, and makes checkpoints; some of that it is told, some it decides. The
//! kit offers blocks that fit and others, closes the store, takes the power away in the middle of a step, and damages
//! checkpoints, as far as the [`ChainCapabilities`] say that there is a way to do so.

mod bench;
mod capabilities;
pub mod clauses;
mod compare;
mod foretell;
mod generate;
mod judge;
mod machine;
mod macros;
mod power;
mod steps;
mod subject;
mod words;

pub use self::{
    capabilities::{ChainCapabilities, FinalityRule, TipRule},
    clauses::{ChainClause, ChainMissing, chain_clauses},
    judge::{
        ChainSubject, expect_chain_clause, expect_some_chain_rule_applies, judge_chain_store,
        judge_chain_subject, replay_chain_store,
    },
    steps::{Act, ChainStep, Harm, NOBODY, Offer},
    subject::{ChainParameters, ChainStoreUnderTest},
    words::{ChainAnswer, ChainBlock, ChainTip, ReadCheckpoint, Root, SeenCheckpoint, root_of},
};
pub use alys_properties::crash::{Disk, File};
