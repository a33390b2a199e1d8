//! Planted faults of proofs, of what is said, and of when the engine wakes.

use super::{Engine, Engine::Proofs, Fault};

const OUTLOOK: &str = "engine/outlook.rs";
const PEERS: &str = "engine/peers.rs";
const PROBE: &str = "engine/probe.rs";
const ROOT: &str = "engine.rs";
const TIMELINE: &str = "timeline.rs";

/// Whether the clock is near a tip.
const NEAR: &str = "slot.abs_diff(tip.slot) <= self.config.settings().freshness_slots";
/// Whether most of a sample agree.
const MOST: &str = "sample >= self.config.settings().sample && 2 * agreeing > sample";
/// Who is agreed with.
const AGREEING: &str = "self.count(|known| known.has_proved(tip.block.root))";
/// Whether no tip is better than ours.
const BEST: &str =
    "self.best().is_some_and(|best| best.rank() <= rank(&head.block)) && self.is_settled(&head)";
/// Whether the best tip is believed.
const KNOWN: &str = "settings.bootstrap || self.is_settled(&best)";
/// Whether a peer is asked to prove what it claims.
const UNPROVED: &str = "self.peers.get(&peer).is_some_and(|known| !known.has_proved(claim.head_root))";
/// Whether what is shown is what was claimed.
const CLAIMED: &str = "header.root() != claim.head_root";
/// When a peer is asked where it is.
const PROBED: &str = "until.max(self.records.get(&peer)?.available_at()?)";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Proofs,
        "fresh_one_slot_longer: the bound of freshness is passed",
        &["SY-4"],
        OUTLOOK,
        NEAR,
        "slot.abs_diff(tip.slot) <= self.config.settings().freshness_slots + 1",
    ),
    Fault::expression(
        Proofs,
        "fresh_one_slot_shorter: the bound of freshness is not reached",
        &["SY-4"],
        OUTLOOK,
        NEAR,
        "slot.abs_diff(tip.slot) < self.config.settings().freshness_slots.max(1)",
    ),
    Fault::expression(
        Proofs,
        "future_is_fresh: a tip ahead of the clock is always fresh",
        &["SY-4"],
        OUTLOOK,
        NEAR,
        "slot.saturating_sub(tip.slot) <= self.config.settings().freshness_slots",
    ),
    Fault::expression(
        Proofs,
        "half_is_a_majority: a tie decides",
        &["SY-4"],
        OUTLOOK,
        MOST,
        "sample >= self.config.settings().sample && 2 * agreeing >= sample",
    ),
    Fault::expression(
        Proofs,
        "any_sample: a single peer is a majority",
        &["SY-4", "SY-5"],
        OUTLOOK,
        MOST,
        "2 * agreeing > sample",
    ),
    Fault::expression(
        Proofs,
        "sample_of_one_fewer: a sample may be one too small",
        &["SY-4"],
        OUTLOOK,
        MOST,
        "sample + 1 >= self.config.settings().sample && 2 * agreeing > sample",
    ),
    Fault::expression(
        Proofs,
        "silent_peers_left_out: only who has proved anything is asked",
        &["SY-4"],
        OUTLOOK,
        "self.peers.len() as u64",
        "self.count(|known| known.tip().is_some())",
    ),
    Fault::expression(
        Proofs,
        "any_proof_agrees: who has proved another tip agrees as well",
        &["SY-4"],
        OUTLOOK,
        AGREEING,
        "self.count(|known| known.reaches(tip.block.height))",
    ),
    Fault::expression(
        Proofs,
        "synced_when_settled: a better tip is no reason to go on",
        &["SY-4"],
        OUTLOOK,
        BEST,
        "self.best().is_some() && self.is_settled(&head)",
    ),
    Fault::expression(
        Proofs,
        "synced_at_the_tip: a tip that nobody believes is enough",
        &["SY-4"],
        OUTLOOK,
        BEST,
        "self.best().is_some_and(|best| best.rank() <= rank(&head.block))",
    ),
    Fault::expression(
        Proofs,
        "synced_by_height: another block as high is ours",
        &["SY-4"],
        OUTLOOK,
        BEST,
        "self.best().is_some_and(|best| best.block.height <= head.block.height) && self.is_settled(&head)",
    ),
    Fault::expression(
        Proofs,
        "empty_reply_means_synced: nobody who proves anything is no reason to go on",
        &["SY-4"],
        OUTLOOK,
        BEST,
        "self.best().is_none_or(|best| best.rank() <= rank(&head.block)) && self.is_settled(&head)",
    ),
    Fault::expression(
        Proofs,
        "target_unbelieved: the highest proved tip is known, stale and alone or not",
        &["SY-5"],
        OUTLOOK,
        KNOWN,
        "true",
    ),
    Fault::expression(
        Proofs,
        "operator_unheard: bootstrap makes nothing known",
        &["SY-5"],
        OUTLOOK,
        KNOWN,
        "self.is_settled(&best)",
    ),
    Fault::expression(
        Proofs,
        "gate_by_our_tip: the target is our own tip",
        &["SY-5"],
        OUTLOOK,
        "best.block.height",
        "self.local.head.height",
    ),
    Fault::expression(
        Proofs,
        "genesis_is_everybody: all connected peers are at genesis",
        &["SY-5"],
        OUTLOOK,
        "self.count(|known| known.has_proved(self.genesis))",
        "self.peers.len() as u64",
    ),
    Fault::statement(
        Proofs,
        "state_untold: a change of state is not made known",
        &["SY-4"],
        OUTLOOK,
        "self.actions.push(Action::Say(state));",
        "",
    ),
    Fault::statement(
        Proofs,
        "gate_untold: a change of the gate is not made known",
        &["SY-5"],
        OUTLOOK,
        "self.actions.push(Action::Gate(gate));",
        "",
    ),
    Fault::statement(
        Proofs,
        "gate_remembered_wrongly: the gate is told again and again",
        &["SY-5"],
        OUTLOOK,
        "self.gate = gate;",
        "",
    ),
    Fault::expression(
        Proofs,
        "slots_pass_unseen: the engine does not wake when a tip ceases to be fresh",
        &["SY-5"],
        OUTLOOK,
        "slot.saturating_add(reach + 1)",
        "slot.saturating_add(reach + 2)",
    ),
    Fault::expression(
        Proofs,
        "slots_come_unseen: the engine does not wake when a tip becomes fresh",
        &["SY-5"],
        OUTLOOK,
        "slot.saturating_sub(reach)",
        "0",
    ),
    Fault::expression(
        Proofs,
        "deadline_unseen: the engine does not wake when a request is late",
        &["SY-10"],
        OUTLOOK,
        "pending.deadline",
        "0",
    ),
    Fault::expression(
        Engine::Peers,
        "probe_unseen: the engine does not wake when peers are to be asked where they are",
        &["SY-1"],
        OUTLOOK,
        "self.probe_at(*peer, known)",
        "None::<u64>",
    ),
    Fault::expression(
        Proofs,
        "claims_believed: who says that it has a tip is asked nothing",
        &["SY-4"],
        PROBE,
        UNPROVED,
        "{ let block = BlockRef { root: claim.head_root, height: claim.head_slot }; self.proved_by(peer, Proved { tip: Tip { block, slot: claim.head_slot }, block: None }); false }",
    ),
    Fault::expression(
        Proofs,
        "proof_of_another_will_do: a tip that somebody has proved is proved by all who claim it",
        &["SY-4"],
        PROBE,
        UNPROVED,
        "{ let proof = self.peers.values().filter_map(|known| known.proved.clone()).find(|proof| proof.tip.block.root == claim.head_root); match proof { Some(proof) => { self.proved_by(peer, proof); false } None => true } }",
    ),
    Fault::expression(
        Proofs,
        "proved_again_and_again: a tip that is proved is to be proved once more",
        &["SY-4"],
        PROBE,
        UNPROVED,
        "self.peers.contains_key(&peer)",
    ),
    Fault::expression(
        Proofs,
        "any_block_proves: what is shown need not be what was claimed",
        &["SY-4"],
        PROBE,
        CLAIMED,
        "false",
    ),
    Fault::expression(
        Proofs,
        "invalid_certificate_proves: the verdict is not looked at",
        &["SY-4"],
        ROOT,
        "self.verified(ticket, valid)",
        "self.verified(ticket, valid || true)",
    ),
    Fault::expression(
        Proofs,
        "other_networks_stay: the digest is not compared",
        &["SY-4"],
        PROBE,
        "claim.fork_digest.0 != self.config.settings().fork_digest",
        "false",
    ),
    Fault::expression(
        Proofs,
        "genesis_must_be_shown: who has genesis alone proves nothing",
        &["SY-4", "SY-5"],
        PROBE,
        "claim.head_root == self.genesis",
        "false",
    ),
    Fault::expression(
        Proofs,
        "first_proof_stays: a peer keeps the tip that it has proved first",
        &["SY-4"],
        PROBE,
        "known.proved = Some(proved)",
        "{ known.proved.get_or_insert(proved); }",
    ),
    Fault::expression(
        Engine::Peers,
        "empty_proof_unpunished: nothing is as good as a proof",
        &["SY-7"],
        PROBE,
        "self.offend(peer, Offence::Empty)",
        "()",
    ),
    Fault::expression(
        Engine::Peers,
        "probe_during_backoff: who rests is asked where it is",
        &["SY-7"],
        PROBE,
        PROBED,
        "until",
    ),
    Fault::expression(
        Engine::Peers,
        "status_is_no_success: a backoff is reset by blocks alone",
        &["SY-7"],
        PROBE,
        "record.succeeded()",
        "()",
    ),
    Fault::expression(
        Proofs,
        "asked_without_pause: a peer is asked where it is at once again",
        &["SY-4"],
        PROBE,
        "self.time.now().saturating_add(self.config.settings().status_interval)",
        "self.time.now() + 1",
    ),
    Fault::expression(
        Proofs,
        "larger_root_is_better: of two tips as high the wrong one is the target",
        &["SY-4"],
        PEERS,
        "(block.height, Reverse(block.root))",
        "(block.height, Reverse(Hash256::from(block.root.0.map(|byte| !byte))))",
    ),
    Fault::expression(
        Proofs,
        "lowest_tip_is_the_target: the worst proved tip counts",
        &["SY-4"],
        ROOT,
        "self.peers.values().filter_map(Peer::tip).max_by_key(Tip::rank)",
        "self.peers.values().filter_map(Peer::tip).min_by_key(Tip::rank)",
    ),
    Fault::statement(
        Proofs,
        "no_deadline: what is not answered is waited for",
        &["SY-10"],
        ROOT,
        "self.expire();",
        "",
    ),
    Fault::expression(
        Engine::Download,
        "numbers_used_again: two requests have one number",
        &["SY-10"],
        ROOT,
        "self.next_number += 1",
        "self.next_number += u64::from(self.next_number < 7)",
    ),
    Fault::statement(
        Engine::Download,
        "failure_elsewhere_unheard: a store that fails is gone on with",
        &["SY-1"],
        ROOT,
        "if self.failed {
            return Vec::new();
        }",
        "",
    ),
    Fault::expression(
        Engine::Download,
        "clock_set_back_stretches: a wait begins anew when the clock is set back",
        &["SY-10"],
        TIMELINE,
        "self.back.saturating_add(self.now.saturating_sub(now))",
        "0",
    ),
    Fault::expression(
        Engine::Download,
        "wakes_by_its_own_clock: what the caller's clock shows is not asked",
        &["SY-10"],
        TIMELINE,
        "time.saturating_sub(self.back)",
        "time",
    ),
];
