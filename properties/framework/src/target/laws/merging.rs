//! Shards: each test is in exactly one, and together they are the whole run.

use std::time::Duration;

use super::super::{
    alys::{
        Baseline, MergeError, MigrationPhase::Foundation, Outcome, Recorded, Selection, Shard, TestMetrics,
        merge, replay,
    },
    made::recorded,
};

pub(super) fn all() {
    shares();
    refused_shares();
    let whole = recorded("merging");
    whole_again(&whole);
    what_is_merged(&whole);
    strangers(&whole);
}

fn shard(text: &str) -> Shard {
    text.parse().expect("a shard")
}

/// However many shards there are, each test is in exactly one; a filter leaves out what is not called like it.
fn shares() {
    let name = |number: u64| format!("test {number}");
    for of in [1, 2, 3, 7] {
        let shards: Vec<_> = (1..=of).map(|number| shard(&format!("{number}/{of}"))).collect();
        let has = |shard, test: &str| Selection { filter: None, shard: Some(shard) }.has(test);
        let mut sizes = vec![0; shards.len()];
        for test in (0..50).map(name) {
            let holding: Vec<_> = (0..shards.len()).filter(|at| has(shards[*at], &test)).collect();
            assert_eq!(holding.len(), 1, "{test} of {of}");
            sizes[holding[0]] += 1;
        }
        assert!(sizes.iter().all(|size| *size > 0), "{sizes:?}");
        let first = |shard| Selection { filter: None, shard: Some(shard) }.is_first();
        assert_eq!(shards.iter().filter(|shard| first(**shard)).count(), 1);
        assert!(first(shards[0]) && shards[0].to_string() == format!("1/{of}"));
    }
    let (all, some) =
        (Selection::default(), Selection { filter: Some("4".to_owned()), shard: Some(shard("1/1")) });
    assert!(all.is_whole() && all.is_first() && all.has("test 1"));
    assert!(!some.is_whole() && some.has("test 41") && !some.has("test 1"));
    assert!(!Selection { shard: None, ..some.clone() }.is_whole());
    assert!(!Selection { filter: None, ..some }.is_whole());
}

fn refused_shares() {
    for text in ["", "1", "0/2", "3/2", "1/0", "0/0", "a/b", "-1/2", "1/2/3"] {
        let refused = text.parse::<Shard>().expect_err(text).to_string();
        assert_eq!(refused, format!("shard `{text}`; allowed is K/N with 1 <= K <= N"));
    }
}

/// The record of a run as two shards would have left it.
fn halves(whole: &Recorded) -> [Recorded; 2] {
    [0, 1].map(|at| {
        let mut half = whole.clone();
        half.tests.retain(|test| test.name == whole.tests[at].name);
        half.identity.shard = Some(format!("{}/2", at + 1));
        // What a shard has counted is of its own tests.
        half.metrics = Some(replay(&half).metrics);
        half
    })
}

/// Two shards merged, in either order, are the whole: the same tests in the same order, and the same counts.
fn whole_again(whole: &Recorded) {
    let [one, two] = halves(whole);
    for shards in [[one.clone(), two.clone()], [two, one]] {
        let merged = merge(shards.into()).expect("two shards of one run");
        assert_eq!((&merged.identity.shard, &merged.tests), (&None, &whole.tests));
        assert_eq!(replay(&merged).differences, []);
        let (counted, expected) = (merged.metrics.expect("both have ended"), whole.metrics.as_ref());
        let expected = expected.expect("it has ended");
        assert_eq!((counted.total_tests, &counted.outcomes), (2, &expected.outcomes));
        assert_eq!(counted.execution.tests, expected.execution.tests);
        let both = |metrics: &TestMetrics| metrics.phases[&Foundation].duration;
        assert_eq!(both(&counted), both(expected) * 2, "each shard took the time of the phase");
    }
    let alone = merge(vec![whole.clone()]).expect("one run");
    assert_eq!(&alone, whole);
}

/// The phase comes to the worse of the two; a run without an end leaves none; what only one has is kept.
fn what_is_merged(whole: &Recorded) {
    let worst_first = [Outcome::Failed, Outcome::TimedOut, Outcome::Passed, Outcome::Skipped];
    for (at, worse) in worst_first.iter().enumerate() {
        for other in &worst_first[at..] {
            for (one, two) in [(worse, other), (other, worse)] {
                let mut shards = halves(whole);
                for (shard, outcome) in shards.iter_mut().zip([one, two]) {
                    shard.phases = [(Foundation, (*outcome, Duration::from_secs(1)))].into();
                }
                let merged = merge(shards.into()).expect("two shards of one run");
                assert_eq!(merged.phases, [(Foundation, (*worse, Duration::from_secs(2)))].into());
            }
        }
    }
    for at in [0, 1] {
        let mut shards = halves(whole);
        shards[at].metrics = None;
        shards[at].resources.clear();
        shards[1 - at].baseline = Some(Baseline::default());
        let merged = merge(shards.into()).expect("two shards of one run");
        assert_eq!((merged.metrics, &merged.resources), (None, &whole.resources));
        assert!(merged.baseline.is_some());
    }
    let merged = merge(halves(whole).into()).expect("two shards of one run");
    let (samples, of_one) = (merged.resources[&Foundation].samples, whole.resources[&Foundation].samples);
    assert_eq!(samples, 2 * of_one);
}

/// Runs of different kinds are refused by what differs and by the number of the run.
fn strangers(whole: &Recorded) {
    type Change = fn(&mut Recorded);
    let changes: [(&str, Change); 5] = [
        ("schema", |run| run.identity.schema += 1),
        ("version", |run| run.identity.version.push('x')),
        ("seed", |run| run.identity.config.seed += 1),
        ("filter", |run| run.identity.filter = None),
        ("configuration", |run| run.identity.config.sync.blocks += 1),
    ];
    for (expected, change) in changes {
        let [one, mut two] = halves(whole);
        change(&mut two);
        let refused = merge(vec![one, two]).expect_err(expected);
        assert!(matches!(refused, MergeError::Different { what, number: 2, .. } if what == expected));
    }
    let [one, mut two] = halves(whole);
    two.identity.config.test_data_dir.push("elsewhere");
    merge(vec![one.clone(), two]).expect("where the data lies says nothing of the run");
    let twice = merge(vec![one.clone(), one]).expect_err("the same shard");
    assert!(matches!(twice, MergeError::Twice { test } if test == whole.tests[0].name));
    assert_eq!(merge(Vec::new()), Err(MergeError::Nothing));
}
