//! Planted faults of checkpoints.

use super::{Engine, Fault};

const CHECKPOINTS: &str = "store/checkpoints.rs";
const INTERVAL: &str = "checkpoint/interval.rs";
const RECORD: &str = "checkpoint/record.rs";

type Rules = &'static [&'static str];

const fn expression(
    engine: Engine,
    title: &'static str,
    rules: Rules,
    file: &'static str,
    original: &'static str,
    faulty: &'static str,
) -> Fault {
    Fault::expression(engine, title, rules, file, original, faulty)
}

pub(super) const FAULTS: &[Fault] = &[
    expression(
        Engine::Machine,
        "checkpoint_without_its_predecessor: each one follows the genesis",
        &["CH-6"],
        CHECKPOINTS,
        "self.make(chain, height, previous)?",
        "self.make(chain, height, CheckpointId::of_genesis(chain.genesis))?",
    ),
    expression(
        Engine::Machine,
        "mark_moves_unread: what lies behind the mark is taken as verified",
        &["CH-7"],
        CHECKPOINTS,
        "self.mend(chain, chain.verified_up_to)?",
        "self.mend(chain, chain.interval.last_due(chain.finalised.height))?",
    ),
    expression(
        Engine::Machine,
        "last_valid_too_high: a damaged checkpoint is told as the last good one",
        &["CH-7"],
        CHECKPOINTS,
        "height > 0 && self.single(chain, height)?.is_err()",
        "false",
    ),
    expression(
        Engine::Machine,
        "forged_checkpoint_served: a whole row is not compared with its block",
        &["CH-7"],
        CHECKPOINTS,
        "expected.and_then(|expected| expected.check(&found)).map(|()| found)",
        "expected.map(|_| found)",
    ),
    expression(
        Engine::Machine,
        "rebuilt_and_not_written: a damaged checkpoint stays",
        &["CH-7"],
        CHECKPOINTS,
        "self.make(chain, height, sweep.previous)?",
        "self.expected(chain, height, sweep.previous)?.map(|expected| expected.checkpoint().id())",
    ),
    expression(
        Engine::Machine,
        "genesis_has_a_checkpoint: height 0 is due",
        &["CH-6"],
        INTERVAL,
        "height > 0 && height.is_multiple_of(self.get())",
        "height.is_multiple_of(self.get())",
    )
    .found_by(Engine::Checkpoints),
    expression(
        Engine::Checkpoints,
        "last_height_not_due: a checkpoint at the end of a range is left out",
        &["CH-6"],
        INTERVAL,
        "*height <= to",
        "*height < to",
    ),
    expression(
        Engine::Checkpoints,
        "last_due_one_early: the last multiple is taken too low",
        &["CH-6"],
        INTERVAL,
        "height - height % self.0",
        "height - height % self.0 - self.get() * u64::from(height > 0 && height % self.0 == 0)",
    ),
    expression(
        Engine::Checkpoints,
        "height_not_compared: a checkpoint of another height passes",
        &["CH-7"],
        RECORD,
        "found.height != self.height",
        "false",
    ),
    expression(
        Engine::Checkpoints,
        "interval_not_compared: a checkpoint of another interval passes",
        &["CH-7"],
        RECORD,
        "found.interval != self.interval.get()",
        "false",
    ),
    expression(
        Engine::Checkpoints,
        "block_not_compared: a checkpoint of another block passes",
        &["CH-7"],
        RECORD,
        "found.block_root != self.block_root",
        "false",
    ),
    expression(
        Engine::Checkpoints,
        "state_not_compared: a checkpoint of another state passes",
        &["CH-7"],
        RECORD,
        "found.state_root != self.state_root",
        "false",
    ),
    expression(
        Engine::Checkpoints,
        "link_not_compared: a checkpoint of another chain passes",
        &["CH-7"],
        RECORD,
        "found.previous != self.previous",
        "false",
    ),
    expression(
        Engine::Checkpoints,
        "id_not_compared: a row with a flipped bit is read",
        &["CH-7"],
        RECORD,
        "id_of(bytes).0 != *id",
        "false",
    ),
    Fault::statement(
        Engine::Checkpoints,
        "interval_not_bound: the id leaves the interval out",
        &["CH-6"],
        RECORD,
        "engine.input(bytes);",
        "engine.input(&bytes[..104]);",
    ),
];
