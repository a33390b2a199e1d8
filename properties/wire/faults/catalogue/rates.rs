//! The planted faults of quotas and of containers.

use super::{Fault, Law};

const BLOCKS: &str = "containers/blocks.rs";
const QUOTA: &str = "quota.rs";

/// Every one of them.
pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Law::Quota,
        "quota_off_by_one: a bucket holds a token more",
        &["WR-3"],
        QUOTA,
        "full_at > now + capacity",
        "full_at > now + capacity + u128::from(quota.period_ns)",
    ),
    Fault::expression(
        Law::Quota,
        "quota_excluded: a bucket never holds all its tokens",
        &["WR-3"],
        QUOTA,
        "full_at > now + capacity",
        "full_at >= now + capacity",
    ),
    Fault::statement(
        Law::Quota,
        "refused_costs: a refused request takes its tokens",
        &["WR-3"],
        QUOTA,
        "return Err(RateLimited::TooSoon { wait: Duration::from_nanos_u128(wait) });",
        "{ self.full_at[protocol as usize] = full_at; return Err(RateLimited::TooSoon { wait: Duration::from_nanos_u128(wait) }); }",
    ),
    Fault::expression(
        Law::Quota,
        "wait_rounded_down: the wait is a nanosecond short",
        &["WR-3"],
        QUOTA,
        "(full_at - now - capacity).div_ceil(scale)",
        "(full_at - now - capacity) / scale",
    ),
    Fault::expression(
        Law::Quota,
        "tokens_saved_up: tokens of a quiet time are saved",
        &["WR-3"],
        QUOTA,
        "self.full_at[protocol as usize].max(now) + cost",
        "self.full_at[protocol as usize].max(now.saturating_sub(capacity)) + cost",
    ),
    Fault::expression(
        Law::Quota,
        "one_bucket: protocols share a bucket",
        &["WR-3"],
        QUOTA,
        "self.full_at[protocol as usize] = full_at;\n        Ok(())",
        "self.full_at = [full_at; Protocol::ALL.len()];\n        Ok(())",
    ),
    Fault::expression(
        Law::Quota,
        "too_much_waits: what never fits is told to wait",
        &["WR-3"],
        QUOTA,
        "tokens > u64::from(quota.tokens)",
        "tokens > u64::from(quota.tokens) + 1",
    ),
    Fault::expression(
        Law::Quota,
        "status_too_rare: the quota of a protocol is another",
        &["WR-3"],
        QUOTA,
        "Quota::seconds(5, 15)",
        "Quota::seconds(4, 15)",
    ),
    Fault::expression(
        Law::Quota,
        "goodbye_too_often: the period of a quota is another",
        &["WR-3"],
        QUOTA,
        "Quota::seconds(1, 10)",
        "Quota::seconds(1, 9)",
    ),
    Fault::expression(
        Law::Quota,
        "empty_quota: a quota of no tokens is one",
        &["WR-3"],
        QUOTA,
        "period_ns > 0 && tokens > 0",
        "period_ns > 0",
    ),
    Fault::expression(
        Law::Roots,
        "root_of_the_container: the root of a block is that of its container",
        &["CL-3"],
        BLOCKS,
        "self.header.root()",
        "self.tree_hash_root()",
    ),
];
