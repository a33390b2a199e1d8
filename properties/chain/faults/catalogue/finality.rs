//! Planted faults of the tree, of finality, of votes, and of rollback and pruning.

use super::{Engine, Fault, by, expression, statement};

const ENGINE: &str = "engine.rs";
const FINALITY: &str = "finality.rs";
const NODE: &str = "node.rs";
const MAINTAIN: &str = "engine/maintain.rs";
const RESTORE: &str = "engine/restore.rs";
const SETTLE: &str = "engine/settle.rs";
const TREE: &str = "tree.rs";
const VOTER: &str = "voter.rs";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    expression(
        "ties_to_the_first: of two chains as long the one that was first stays the tip",
        &["CH-3"],
        SETTLE,
        "self.tree.better(entered, self.head.root)",
        "self.tree.get(&entered).map(|node| node.header.height) > Some(self.head.height)",
    ),
    expression(
        "tip_on_any_fork: the tip need not descend from the finalised block",
        &["CH-3", "CH-5"],
        SETTLE,
        "self.tree.descends(entered, finalised)",
        "true",
    ),
    expression(
        "tip_left_behind: the tip stays on a fork that finality has left",
        &["CH-3", "CH-5"],
        SETTLE,
        "!self.tree.descends(self.head.root, finalised)",
        "false",
    ),
    expression(
        "larger_roots_win: ties go to the larger root",
        &["CH-3"],
        TREE,
        "self.rank(one) > self.rank(other)",
        "(self.rank(one).0, self.rank(other).1) > (self.rank(other).0, self.rank(one).1)",
    ),
    expression(
        "path_upside_down: what is connected is told from the top down",
        &["CH-3"],
        TREE,
        "path.reverse()",
        "()",
    ),
    expression(
        "descends_by_height: the last of a chain above a height stands for its ancestors",
        &["CH-5"],
        TREE,
        "node.header.height > *height",
        "node.header.height > *height + 1",
    ),
    expression(
        "two_in_a_row: two blocks in consecutive slots are enough when the third is anywhere",
        &["CH-5"],
        FINALITY,
        "slots[0].checked_add(1) == Some(slots[1]) && slots[1].checked_add(1) == Some(slots[2])",
        "slots[1].checked_add(1) == Some(slots[2])",
    ),
    expression(
        "first_of_three: the last two of three decide",
        &["CH-5"],
        FINALITY,
        "slots[0].checked_add(1) == Some(slots[1]) && slots[1].checked_add(1) == Some(slots[2])",
        "slots[0].checked_add(1) == Some(slots[1])",
    ),
    expression(
        "finality_by_arrival: whatever becomes final last is what is final",
        &["CH-3", "CH-5"],
        FINALITY,
        "tree.descends(middle, finalised)",
        "true",
    ),
    expression(
        "checkpoints_one_late: a checkpoint is due one block late",
        &["CH-6"],
        FINALITY,
        "header.height.is_multiple_of(interval.get())",
        "(header.height - 1).is_multiple_of(interval.get())",
    ),
    expression(
        "only_the_last_checkpoint: of several checkpoints in one commit the first are left out",
        &["CH-6"],
        FINALITY,
        "due.collect()",
        "due.last().into_iter().collect()",
    ),
    expression(
        "conflict_of_one: the evidence of a violation has the finalised block twice",
        &["CH-3"],
        FINALITY,
        "certified(conflicting)?",
        "certified(finalised)?",
    ),
    statement(
        "thaws: the tip moves on after a violation",
        &["CH-3"],
        SETTLE,
        "if self.violation.is_none() {\n            commit.head = self.advance(root);\n        }",
        "commit.head = self.advance(root);",
    ),
    expression(
        "votes_on: a node votes on after a violation",
        &["CH-3", "CH-5"],
        SETTLE,
        "(&self.identity, self.slot_at(now), &self.violation)",
        "(&self.identity, self.slot_at(now), &None)",
    ),
    expression(
        "proposes_on: a node proposes on after a violation",
        &["CH-3"],
        "engine/propose.rs",
        "self.violation.is_some()",
        "false",
    ),
    statement(
        "vote_before_its_slot: a vote leaves before its slot is durable",
        &["CH-5"],
        SETTLE,
        "effects.push(Effect::PersistVote { slot });\n        effects.push(Effect::SendApproval(approval.clone()));",
        "effects.push(Effect::SendApproval(approval.clone())); effects.push(Effect::PersistVote { slot });",
    ),
    statement(
        "head_before_its_commit: the tip is made known before it is durable",
        &["CH-3", "CH-5"],
        SETTLE,
        "effects.push(Effect::Commit(Box::new(commit)));\n    effects.extend(finalised.map(Effect::Finalised));",
        "effects.extend(finalised.map(Effect::Finalised)); effects.push(Effect::Commit(Box::new(commit)));",
    ),
    expression(
        "votes_on_any_parent: a vote need not be on a longest chain",
        &["CH-5"],
        VOTER,
        "slot > self.last && slot == current && parent == longest",
        "slot > self.last && slot == current",
    ),
    expression(
        "two_votes_a_slot: a slot can be voted in again",
        &["CH-5"],
        VOTER,
        "slot > self.last && slot == current && parent == longest",
        "slot >= self.last && slot == current && parent == longest",
    ),
    by(
        Engine::Game,
        expression(
            "two_votes_in_the_game: a slot can be voted in again, and four authorities with one Byzantine fork",
            &["CH-5"],
            VOTER,
            "slot > self.last && slot == current && parent == longest",
            "slot >= self.last && slot == current && parent == longest",
        ),
    ),
    by(
        Engine::Game,
        expression(
            "late_vote: an older slot is voted in, and four authorities with one Byzantine fork",
            &["CH-5"],
            VOTER,
            "slot > self.last && slot == current && parent == longest",
            "slot != self.last && slot <= current && parent == longest",
        ),
    ),
    by(
        Engine::Game,
        expression(
            "vote_lost_in_a_crash: after a crash a slot can be voted in again, and four authorities fork",
            &["CH-5"],
            RESTORE,
            "Voter::recovered(saved.voted)",
            "Voter::recovered(0)",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "durable_tip_believed: whatever tip was durable is the tip",
            &["CH-8"],
            RESTORE,
            "saved.violation.is_none() && computed != head.root",
            "false",
        ),
    ),
    by(
        Engine::Law,
        expression(
            "durable_state_believed: whatever state was durable is the base's",
            &["CH-8"],
            RESTORE,
            "stated != computed",
            "false",
        ),
    ),
    by(
        Engine::Law,
        statement(
            "fails_on: a node goes on after something could not be made durable",
            &["CH-5"],
            NODE,
            "self.failed = done.is_err();",
            "self.failed = false;",
        ),
    ),
    by(
        Engine::Law,
        statement(
            "commits_and_forgets: a commit that failed is passed over",
            &["CH-5", "CH-6"],
            NODE,
            "self.keep(|durable| durable.commits(&commits))?;",
            "drop(self.durable.commits(&commits));",
        ),
    ),
    expression(
        "rolls_back_finality: a rollback may cross the finalised block",
        &["CH-5"],
        MAINTAIN,
        "!self.tree.descends(to, finalised)",
        "false",
    ),
    expression(
        "rolls_back_too_much: a rollback takes its target with it",
        &["CH-3"],
        MAINTAIN,
        "*root != to",
        "*root != self.finalised.root",
    ),
    expression(
        "prunes_the_unfinal: a checkpoint need not be final to prune up to it",
        &["CH-6"],
        MAINTAIN,
        "height > self.finalised.height",
        "height > self.finalised.height + 1",
    ),
    expression(
        "prunes_anywhere: what is pruned up to need be no checkpoint",
        &["CH-6"],
        MAINTAIN,
        "height == 0 || !height.is_multiple_of(interval)",
        "height == 0",
    ),
    expression(
        "prunes_again: a tree is pruned up to where it begins",
        &["CH-6"],
        MAINTAIN,
        "height <= base",
        "height < base",
    ),
    expression(
        "longest_forgets: what was pruned still counts as a longest chain",
        &["CH-5"],
        TREE,
        "self.longest = self.nodes.values().map(|node| node.header.height).max().unwrap_or_default()",
        "{}",
    ),
    by(
        Engine::Law,
        expression(
            "foreign_key: any admitted key is the node's own",
            &["CH-5"],
            ENGINE,
            "self.scheme.admit(&stated, &proof).as_ref() != Ok(known)",
            "self.scheme.admit(&stated, &proof).as_ref().is_err()",
        ),
    ),
];
