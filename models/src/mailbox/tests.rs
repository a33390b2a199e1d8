use super::*;

fn post(lane: Rank) -> Post {
    Post { lane, ttl: None, handling: Handling::Answer }
}

fn model(capacity: usize, policy: Policy, aging: Option<u64>) -> Mailbox {
    Mailbox::new(Parameters {
        capacity,
        policy,
        aging,
        warning: 500,
        critical: 900,
        consumer: Consumer::Hand,
    })
}

#[test]
fn two_lanes_due_at_once_are_served_lowest_first() {
    let mut model = model(8, Policy::Reject, Some(1));
    for lane in [5, 5, 1, 0] {
        model.apply(&Transition::TrySend(post(lane)));
    }
    let order: Vec<_> = (0..4).map(|_| model.apply(&Transition::TryRecv)).collect();
    let expected = [(0, 5), (3, 0), (2, 1), (1, 5)]
        .map(|(id, lane)| Outcome::Received(vec![Received::Message(id, lane, false)]));
    assert_eq!(order, expected);
}

#[test]
fn room_goes_to_the_highest_waiting_lane_first() {
    let mut model = model(1, Policy::Backpressure, None);
    model.apply(&Transition::TrySend(post(0)));
    model.apply(&Transition::Send { slot: 0, post: post(1), unpolled: false });
    model.apply(&Transition::Send { slot: 1, post: post(4), unpolled: false });
    model.apply(&Transition::TryRecv);
    assert_eq!(model.apply(&Transition::Poll { slot: 0, fresh: false }), Outcome::Pending);
    assert_eq!(model.apply(&Transition::Poll { slot: 1, fresh: false }), Outcome::Sent(Answer::Accepted));
}
