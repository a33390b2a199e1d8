//! Planted faults of what is served, and within which quotas.

use super::{Engine::Serving, Fault};

const CANONICAL: &str = "node/canonical.rs";
const NODE: &str = "node.rs";
const SERVE: &str = "serve.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Serving,
        "failure_unsaid: a request that is refused is answered as if it were not",
        &["SY-10"],
        SERVE,
        "self.limited(peer, request, now)",
        "None::<Response>",
    ),
    Fault::expression(
        Serving,
        "range_unbounded: more blocks than may be sent are",
        &["SY-10"],
        SERVE,
        "count > BLOCKS_MAX",
        "false",
    ),
    Fault::expression(
        Serving,
        "range_one_short: the most that may be asked for is refused",
        &["SY-1"],
        SERVE,
        "count > BLOCKS_MAX",
        "count >= BLOCKS_MAX",
    ),
    Fault::expression(
        Serving,
        "range_of_nothing: a range of no blocks is answered",
        &["SY-10"],
        SERVE,
        "count == 0",
        "false",
    ),
    Fault::expression(
        Serving,
        "step_of_nothing: the same block is sent again and again",
        &["SY-10"],
        SERVE,
        "step == 0",
        "false",
    ),
    Fault::expression(
        Serving,
        "step_ignored: blocks are sent that lie side by side",
        &["SY-1"],
        SERVE,
        "place.checked_mul(step)?",
        "place",
    ),
    Fault::expression(
        Serving,
        "holes_skipped: what comes behind a block that is not there is sent",
        &["SY-3"],
        SERVE,
        "sent(heights.map_while(|height| view.by_height(height)))",
        "sent(heights.filter_map(|height| view.by_height(height)))",
    ),
    Fault::expression(
        Serving,
        "roots_end_early: what follows an unknown root is not sent",
        &["SY-1"],
        SERVE,
        "sent(roots.iter().filter_map(|root| view.by_root(root)))",
        "sent(roots.iter().map_while(|root| view.by_root(root)))",
    ),
    Fault::expression(
        Serving,
        "too_much_is_too_often: what may never be asked for is to be asked for later",
        &["SY-10"],
        SERVE,
        "Some(failure(FailureCode::InvalidRequest, \"too much at once\"))",
        "Some(failure(FailureCode::RateLimited, \"too many requests\"))",
    ),
    Fault::expression(
        Serving,
        "one_forgotten_early: one peer fewer than configured is remembered",
        &["SY-10"],
        SERVE,
        "self.limiters.len() > self.remembered",
        "self.limiters.len() >= self.remembered",
    ),
    Fault::expression(
        Serving,
        "nobody_forgotten: everybody who ever asked is remembered",
        &["SY-10"],
        SERVE,
        "self.limiters.len() > self.remembered",
        "false",
    ),
    Fault::expression(
        Serving,
        "last_forgotten: who has just asked is forgotten",
        &["SY-10"],
        SERVE,
        "self.limiters.iter().map(|(peer, (asked, _))| (*asked, *peer)).min()",
        "self.limiters.iter().map(|(peer, (asked, _))| (*asked, *peer)).max()",
    ),
    Fault::statement(
        Serving,
        "first_request_counts: who asks again is taken for one who does not",
        &["SY-10"],
        SERVE,
        "*asked = now;",
        "",
    ),
    Fault::statement(
        Serving,
        "time_of_requests_stands: a quota is never filled again",
        &["SY-10"],
        SERVE,
        "self.time.observe(now);",
        "",
    ),
    Fault::expression(
        Serving,
        "time_of_the_wall: a clock that is set back empties quotas",
        &["SY-10"],
        SERVE,
        "self.time.now()",
        "self.time.wall()",
    ),
    Fault::expression(
        Serving,
        "cost_of_one: a request costs the same whatever it asks for",
        &["SY-10"],
        SERVE,
        "request.cost()",
        "1",
    ),
    Fault::expression(
        Serving,
        "one_quota_for_all: all requests are taken from one quota",
        &["SY-10"],
        SERVE,
        "request.protocol()",
        "alys_wire::protocol::Protocol::Ping",
    ),
    Fault::statement(
        Serving,
        "tip_dropped: the tip itself is not canonical",
        &["SY-3"],
        CANONICAL,
        "self.roots.split_off(&(height + 1));",
        "self.roots.split_off(&height);",
    ),
    Fault::statement(
        Serving,
        "tip_alone: of what a new tip connects the tip alone is served",
        &["SY-3"],
        CANONICAL,
        "for (below, root) in (0..).zip(change.connected.iter().rev()) {
            self.roots.insert(height - below, *root);
        }",
        "for (below, root) in (0..).zip(change.connected.iter().rev().take(1)) {
            self.roots.insert(height - below, *root);
        }",
    ),
    Fault::statement(
        Serving,
        "order_of_the_connected: what a new tip connects is served upside down",
        &["SY-3"],
        CANONICAL,
        "for (below, root) in (0..).zip(change.connected.iter().rev()) {
            self.roots.insert(height - below, *root);
        }",
        "for (below, root) in (0..).zip(change.connected.iter()) {
            self.roots.insert(height - below, *root);
        }",
    ),
    Fault::expression(
        Serving,
        "base_forgotten: the block that is pruned to is not served",
        &["SY-3"],
        CANONICAL,
        "*lowest.key() < base",
        "*lowest.key() <= base",
    ),
    Fault::expression(
        Serving,
        "restart_serves_nothing: a restarted node serves only what is new",
        &["SY-9"],
        CANONICAL,
        "Canonical { roots: chain.map(|(root, node)| (node.header.height, root)).collect() }",
        "Canonical { roots: chain.take(1).map(|(root, node)| (node.header.height, root)).collect() }",
    ),
    Fault::expression(
        Serving,
        "restart_serves_the_final: a restarted node serves what is final",
        &["SY-9"],
        CANONICAL,
        "engine.head().root",
        "engine.finalised().root",
    ),
    Fault::expression(
        Serving,
        "failed_serves_on: a node that has failed serves on",
        &["SY-9"],
        NODE,
        "self.failure.is_some()",
        "false",
    ),
];
