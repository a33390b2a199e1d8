//! The search for linearizations, held to another one.

use alys_models::ring::{RingModel, RingOutcome, RingTransition};
use alys_properties::{
    linearizability::{History, check},
    ring::{RingSpec, Traffic},
    sequential::announce,
};
use proptest::test_runner::{RngAlgorithm, TestRng};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};

/// The model of the ring, as stateright wants it.
#[derive(Clone)]
struct Specimen(RingModel);

impl SequentialSpec for Specimen {
    type Op = RingTransition;
    type Ret = RingOutcome;

    fn invoke(&mut self, call: &RingTransition) -> RingOutcome {
        self.0.apply(call)
    }
}

/// Tells stateright's tester what happened, event by event, and asks for its verdict.
fn other_verdict(capacity: usize, history: &History<RingTransition, RingOutcome>) -> bool {
    let mut tester = LinearizabilityTester::new(Specimen(RingModel::new(capacity)));
    let mut events: Vec<_> = history.iter().map(|one| (one.invoked, one.thread, Err(one.call))).collect();
    events.extend(
        history.iter().filter_map(|one| one.returned.map(|(event, told)| (event, one.thread, Ok(told)))),
    );
    events.sort_by_key(|(event, ..)| *event);
    for (_, thread, what) in events {
        let told = match what {
            Ok(answer) => tester.on_return(thread, answer).map(drop),
            Err(call) => tester.on_invoke(thread, call).map(drop),
        };
        assert_eq!(told, Ok(()), "the history is one");
    }
    tester.is_consistent()
}

/// Both searches give the same verdict on 6,000 histories, of which many are explained and many are not.
#[test]
fn two_searches_for_linearizations_agree() {
    let mut rng = TestRng::from_seed(RngAlgorithm::XorShift, &[7; 16]);
    let mut verdicts = [0_u32; 2];
    let mut pending = 0;
    for round in 0..6_000_usize {
        let capacity = 1 + round % 3;
        let (threads, operations) = (2 + round % 3, 4 + round % 6);
        let traffic = Traffic { threads, operations, capacity, flaws: [0, 3, 6, 12][round % 4] };
        let history = traffic.history(&mut rng);
        let explained = check(RingSpec(RingModel::new(capacity)), &history).is_ok();
        assert_eq!(explained, other_verdict(capacity, &history), "left: ours, of {history:#?}");
        assert!(explained || traffic.flaws > 0, "a history without a flaw is refused: {history:#?}");
        verdicts[usize::from(explained)] += 1;
        pending += u32::from(history.iter().any(|one| one.returned.is_none()));
    }
    let [refused, explained] = verdicts;
    announce(&format!(
        "linearizability: both searches explain {explained} and refuse {refused}; {pending} pending"
    ));
    assert!(refused > 1_000 && explained > 1_000 && pending > 100, "{refused}, {explained}, {pending}");
}
