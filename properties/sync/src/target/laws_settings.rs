//! What may be configured (SY-10), and which state follows which.

use alys_engines::violation::{check_eq, violated};

use super::alys::config::{Settings, SyncConfigError};
use super::alys::state::SyncState;
use super::states::FOLLOWS;

/// A field: its name, how it is set, and from where to where it may be.
type Field = (&'static str, fn(&mut Settings, u64), u64, u64);

/// Every number of the settings, with its bounds beside the defaults.
const FIELDS: [Field; 20] = [
    ("workers", |it, value| it.workers = value, 1, 256),
    ("batch_min", |it, value| it.batch_min = value, 1, 64),
    ("batch_max", |it, value| it.batch_max = value, 8, 1023),
    ("blocks_in_flight", |it, value| it.blocks_in_flight = value, 65, 65_536),
    ("request_timeout", |it, value| it.request_timeout = value, 1, 600_000),
    ("status_interval", |it, value| it.status_interval = value, 1, 600_000),
    ("tries", |it, value| it.tries = value, 1, 16),
    ("rest", |it, value| it.rest = value, 1, 600_000),
    ("backoff_min", |it, value| it.backoff_min = value, 1, 30_000),
    ("backoff_max", |it, value| it.backoff_max = value, 1_000, 600_000),
    ("breaker_failures", |it, value| it.breaker_failures = value, 1, 1024),
    ("breaker_window", |it, value| it.breaker_window = value, 1, 3_600_000),
    ("breaker_open", |it, value| it.breaker_open = value, 1, 3_600_000),
    ("ban_after", |it, value| it.ban_after = value, 1, 1024),
    ("ban_time", |it, value| it.ban_time = value, 1, 2_592_000_000),
    ("remembered", |it, value| it.remembered = value, 1, 65_536),
    ("freshness_slots", |it, value| it.freshness_slots = value, 0, 1_000_000),
    ("sample", |it, value| it.sample = value, 1, 1024),
    ("max_lag_blocks", |it, value| it.max_lag_blocks = value, 0, 1_000_000),
    ("threads", |it, value| it.threads = value, 1, 64),
];

/// Every field is accepted at its bounds and refused behind them, by name, with the value and what is allowed.
pub fn every_setting_is_bounded() -> u64 {
    let mut tried = 0;
    for (field, set, min, max) in FIELDS {
        let at = |value: u64| {
            let mut settings = Settings::default();
            set(&mut settings, value);
            settings
        };
        for value in [min, max] {
            let checked = at(value).check().map(|config| *config.settings());
            check_eq("SY-10", &format!("`{field}` of {value}"), &Ok(at(value)), &checked);
        }
        let behind = min.checked_sub(1).into_iter().chain([max + 1, u64::MAX]);
        for value in behind {
            let refused = at(value).check().err();
            let (name, least, most) = match refused {
                Some(SyncConfigError::OutOfRange { field: name, value: told, min, max })
                    if (name, told) == (field, value) =>
                {
                    (name, min, max)
                }
                // What bounds another field is told as that one's bound.
                Some(SyncConfigError::OutOfRange { field: other, .. }) if bounds(field, other) => continue,
                other => violated("SY-10", format!("`{field}` of {value} gives {other:?}")),
            };
            check_eq(
                "SY-10",
                "what is refused",
                &(field, shown_min(field, min), shown_max(field, max)),
                &(name, least, most),
            );
            tried += 1;
        }
    }
    tried + u64::try_from(FIELDS.len()).unwrap_or(0) * 2
}

/// Whether a setting bounds another one.
fn bounds(field: &str, other: &str) -> bool {
    matches!(
        (field, other),
        ("batch_min", "batch_max") | ("batch_max", "blocks_in_flight") | ("backoff_max", "backoff_min")
    )
}

/// What is told as the least of a field, which others may bound further.
fn shown_min(field: &str, min: u64) -> u64 {
    if field == "backoff_max" { 1 } else { min }
}

/// What is told as the most.
fn shown_max(field: &str, max: u64) -> u64 {
    match field {
        "batch_min" | "batch_max" => 1024,
        _ => max,
    }
}

/// The defaults are those that the rules name.
pub fn the_defaults_are_the_rules() -> u64 {
    let it = Settings::default();
    check_eq("SY-7", "tries a request", &3, &it.tries);
    check_eq("SY-7", "the backoff", &(1_000, 30_000), &(it.backoff_min, it.backoff_max));
    let breaker = (it.breaker_failures, it.breaker_window, it.breaker_open);
    check_eq("SY-7", "the breaker", &(3, 60_000, 60_000), &breaker);
    check_eq("SY-7", "a ban", &(3, 600_000), &(it.ban_after, it.ban_time));
    check_eq("SY-4", "freshness and sample", &(4, 3), &(it.freshness_slots, it.sample));
    check_eq(
        "SY-5",
        "the longest lag, and who bootstraps",
        &(100, false),
        &(it.max_lag_blocks, it.bootstrap),
    );
    check_eq(
        "SY-10",
        "blocks in flight and the deadline",
        &(1024, 10_000),
        &(it.blocks_in_flight, it.request_timeout),
    );
    check_eq("SY-8", "workers and batches", &(6, 8, 64), &(it.workers, it.batch_min, it.batch_max));
    let others = (it.status_interval, it.rest, it.remembered, it.threads, it.keep);
    check_eq("SY-10", "the others", &(5_000, 2_000, 1024, 1, None), &others);
    1
}

/// The table of states is the one that is written down here.
pub fn states_follow_by_the_table() -> u64 {
    let mut tried = 0;
    for from in SyncState::ALL {
        for to in SyncState::ALL {
            let allowed = FOLLOWS.contains(&(from, to));
            check_eq(
                "SY-1",
                &format!("whether {to:?} follows {from:?}"),
                &allowed,
                &from.next().contains(&to),
            );
            tried += 1;
        }
        let mut next = from.next().to_vec();
        next.dedup();
        check_eq("SY-1", "how many states follow", &from.next().len(), &next.len());
    }
    tried
}
