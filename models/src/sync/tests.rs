//! What the model says at its edges.

use super::*;

const PEERS: PeerSetting = PeerSetting {
    backoff_ms_min: 1_000,
    backoff_ms_max: 30_000,
    breaker_failures: 3,
    breaker_window_ms: 60_000,
    breaker_open_ms: 60_000,
    lies_to_ban: 2,
    ban_ms: 600_000,
};

const TRUTH: TruthSetting =
    TruthSetting { freshness_slots: 2, sample_min: 3, max_lag_blocks: 10, bootstrap: false };

fn tip(height: u64) -> ProvedTip {
    ProvedTip { height, slot: height, root: [height.to_le_bytes()[0]; 32] }
}

#[test]
fn a_peer_rests_longer_each_time_up_to_a_limit() {
    let mut peer = ModelPeer::default();
    for (failures, delay) in [1, 2, 4, 8, 16, 30, 30, 30].into_iter().enumerate() {
        let at = failures as u64 * 100_000;
        peer.failed(&PEERS, at);
        assert_eq!(peer.rests_until(&PEERS), Some(at + delay * 1_000));
    }
    peer.succeeded();
    assert_eq!(peer.rests_until(&PEERS), None);
}

#[test]
fn a_breaker_opens_and_lets_one_probe_through() {
    let mut peer = ModelPeer::default();
    for at in [0, 30_000, 60_000] {
        peer.failed(&PEERS, at);
        peer.succeeded();
    }
    // The first is a whole window old: two count.
    assert!(peer.may_be_asked(&PEERS, 60_000));
    peer.failed(&PEERS, 89_999);
    assert!(!peer.may_be_asked(&PEERS, 149_998) && peer.may_be_asked(&PEERS, 149_999));
    peer.asked();
    assert!(!peer.may_be_asked(&PEERS, 149_999), "one probe");
    peer.failed(&PEERS, 150_000);
    assert!(!peer.may_be_asked(&PEERS, 209_999) && peer.may_be_asked(&PEERS, 210_000));
    peer.asked();
    peer.left(&PEERS, 211_000);
    assert!(peer.may_be_asked(&PEERS, 211_000), "the probe is lost");
    peer.asked();
    peer.succeeded();
    assert!(peer.may_be_asked(&PEERS, 211_000));
}

#[test]
fn a_ban_ends() {
    let mut peer = ModelPeer::default();
    assert!(!peer.lied(&PEERS, 0) && peer.lied(&PEERS, 5));
    assert!(peer.is_banned(&PEERS, 600_004) && !peer.is_banned(&PEERS, 600_005));
    assert!(!peer.lied(&PEERS, 700_000), "it counts anew");
}

#[test]
fn a_ledger_owes_each_answer_once_and_to_its_peer() {
    let mut ledger = Ledger::default();
    assert!(ledger.asked(1, Owed { peer: 7, at: 0, blocks: 3 }));
    assert!(ledger.asked(2, Owed { peer: 8, at: 10, blocks: 4 }));
    assert!(!ledger.asked(2, Owed { peer: 8, at: 10, blocks: 4 }), "a number is used once");
    assert_eq!((ledger.blocks(), ledger.of(7), ledger.first_deadline(100)), (7, 1, Some(100)));
    assert_eq!(ledger.answered(1, 8), None, "not its request");
    assert_eq!(ledger.answered(1, 7).map(|owed| owed.blocks), Some(3));
    assert_eq!(ledger.answered(1, 7), None, "once");
    assert_eq!((ledger.overdue(100, 109).len(), ledger.overdue(100, 110).len()), (0, 1));
}

#[test]
fn the_gate_is_open_at_its_limits_and_closed_behind_them() {
    let at = |own: u64, target: u64, limit: u64| {
        let mut truth = SyncTruth::new(TruthSetting { max_lag_blocks: limit, ..TRUTH }, tip(own));
        truth.slot = target;
        truth.joined(1);
        truth.proved(1, tip(target));
        truth.gate()
    };
    assert_eq!(at(995, 1_000, 100), ModelGate::Open, "1000 * 5 = 5 * 1000");
    assert_eq!(at(994, 1_000, 100), ModelGate::Closed);
    assert_eq!(at(995, 1_000, 5), ModelGate::Open);
    assert_eq!(at(995, 1_000, 4), ModelGate::Closed);
    assert_eq!(at(u64::MAX - 1, u64::MAX, 1), ModelGate::Open);
}

#[test]
fn a_target_is_known_if_it_is_fresh_or_of_a_majority() {
    let mut truth = SyncTruth::new(TRUTH, tip(5));
    truth.slot = 8;
    for peer in 0..2 {
        truth.joined(peer);
        truth.proved(peer, tip(5));
    }
    assert!(!truth.is_synced(), "2 of 2 are too few to ask");
    truth.joined(2);
    assert!(truth.is_synced(), "2 of 3, 3 slots old");
    truth.proved(2, tip(5));
    truth.joined(3);
    truth.joined(4);
    assert!(truth.is_synced(), "3 of 5");
    truth.joined(5);
    assert!(!truth.is_synced(), "3 of 6 are no majority");
    truth.slot = 7;
    assert!(truth.is_synced(), "2 slots old");
    truth.proved(5, tip(6));
    assert!(!truth.is_synced(), "a higher one");
    truth.left(5);
    assert!(truth.is_synced());
}

#[test]
fn a_target_of_zero_opens_the_gate_by_the_sample_or_the_operator() {
    let mut truth = SyncTruth::new(TRUTH, tip(0));
    truth.slot = 100;
    for peer in 0..3 {
        assert_eq!(truth.gate(), ModelGate::Closed);
        truth.joined(peer);
        truth.proved(peer, tip(0));
    }
    assert_eq!(truth.gate(), ModelGate::Open);
    let alone = SyncTruth::new(TruthSetting { bootstrap: true, ..TRUTH }, tip(0));
    assert_eq!((alone.gate(), alone.target()), (ModelGate::Open, Some(0)));
    assert!(!alone.is_synced());
}

#[test]
fn a_bootstrapping_node_believes_the_highest_tip() {
    let mut truth = SyncTruth::new(TruthSetting { bootstrap: true, ..TRUTH }, tip(0));
    truth.slot = 1_000;
    truth.joined(1);
    truth.proved(1, tip(9));
    assert_eq!((truth.target(), truth.gate()), (Some(9), ModelGate::Closed));
}
