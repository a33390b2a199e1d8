//! Rates: the limiter takes exactly what an evenly leaking bucket has room for.

use alys_engines::draw::SplitMix;
use alys_engines::violation::check_eq;
use alys_models::wire::quota::{Answer, Bucket};
use alys_models::wire::ssz::Value;

use crate::sut::{Content, PROTOCOLS, Sut};

/// The quotas: tokens in seconds.
const QUOTAS: [(u32, u64); 6] = [(5, 15), (1, 10), (1_024, 10), (1_024, 10), (2, 10), (2, 5)];

/// Random traffic on every protocol, with the quotas as they are and with others.
///
/// # Panics
///
/// When the model says otherwise.
pub fn all<S: Sut>(cases: u64) {
    for seed in 0..cases {
        let mut mix = SplitMix(seed);
        let own = mix.coin().then(|| {
            let tokens = [1, 2, 3, 7, 1_000, u32::MAX][mix.next() as usize % 6];
            let period = [1, 2, 10, 999, 1_000_000_007, u64::MAX][mix.next() as usize % 6];
            (tokens, period)
        });
        let Some(mut limiter) = S::limiter(own) else { panic!("WR-3: the quota {own:?} was refused") };
        let mut buckets = QUOTAS.map(|(tokens, seconds)| {
            let (tokens, period) = own.unwrap_or((tokens, seconds * 1_000_000_000));
            (Bucket::new(tokens, period), tokens, period)
        });
        let mut now = mix.next() % 5;
        for _ in 0..40 {
            let protocol = mix.next() as usize % PROTOCOLS.len();
            let (bucket, quota, period) = &mut buckets[protocol];
            let tokens = match mix.next() % 8 {
                0 => u64::from(*quota),
                1 => u64::from(*quota) + 1,
                2 => u64::from(*quota / 2),
                3 => 0,
                _ => 1 + mix.next() % 3,
            };
            let model = bucket.take(tokens, now);
            check_eq("WR-3", "what a rate allows", &model, &S::take(&mut limiter, protocol, tokens, now));
            now = match (model, mix.next() % 6) {
                // Exactly when it may come, and just before.
                (Answer::Wait(wait), 0) => now.saturating_add(wait as u64),
                (Answer::Wait(wait), 1) => now.saturating_add((wait - 1) as u64),
                (_, 2) => now.saturating_sub(*period / 3),
                (_, 3) => now,
                _ => now.saturating_add(mix.next() % period.saturating_mul(2)),
            };
        }
    }
    for refused in [(0, 1), (1, 0)] {
        check_eq("WR-3", "a quota that is none", &true, &S::limiter(Some(refused)).is_none());
    }
    costs::<S>();
}

fn costs<S: Sut>() {
    let numbers = |all: [u64; 3]| Value::Parts(all.map(Value::Number).to_vec());
    let roots = |count| Value::Parts(vec![Value::Bytes(vec![1; 32]); count]);
    let asked = [
        (2, Some(numbers([5, 7, 1])), (7, 7)),
        (2, Some(numbers([5, 0, 1])), (1, 0)),
        (2, Some(numbers([0, u64::MAX, 0])), (u64::MAX, u64::MAX)),
        (3, Some(roots(3)), (3, 3)),
        (4, Some(Value::Number(9)), (1, 1)),
        (1, Some(Value::Number(3)), (1, 1)),
        (5, None, (1, 1)),
    ];
    for (protocol, value, expected) in asked {
        let request = Content { code: None, value };
        check_eq("WR-3", "what a request costs and may bring", &expected, &S::cost(protocol, &request));
    }
}
