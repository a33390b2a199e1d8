//! Planted faults of the node and of the simulated network.

use super::{Engine, Engine::Nodes, Fault};

const CARRY: &str = "node/carry.rs";
const GOSSIP: &str = "simulated/gossip.rs";
const LINES: &str = "simulated/lines.rs";
const OUTCOME: &str = "node/outcome.rs";
const STREAMS: &str = "simulated/world/streams.rs";
const VERIFY: &str = "node/verify.rs";

pub(super) const FAULTS: &[Fault] = &[
    Fault::expression(
        Nodes,
        "signatures_unverified: blocks are taken as they come",
        &["SY-3", "SY-6"],
        CARRY,
        "Signatures::Verified",
        "Signatures::Trusted",
    ),
    Fault::expression(
        Nodes,
        "tip_untold: sync is not told what a batch has made of the chain",
        &["SY-4"],
        CARRY,
        "stopped != Some(Stop::Failed)",
        "false",
    ),
    Fault::statement(
        Nodes,
        "last_refusal_told: what follows a bad block is told, and not the bad one",
        &["SY-6"],
        CARRY,
        "refused.get_or_insert((root, why(&refusal)));",
        "refused = Some((root, why(&refusal)));",
    ),
    Fault::expression(
        Nodes,
        "good_blocks_uncounted: of a batch with a bad block nothing is told as taken",
        &["SY-6"],
        CARRY,
        "blocks.iter().take_while(|block| block.signed_block.block.root() != root).count()",
        "blocks.iter().take_while(|block| block.signed_block.block.root() != root).count() * 0",
    ),
    Fault::expression(
        Nodes,
        "too_few_certify: a tip that half of the authorities approve is certified",
        &["SY-4"],
        VERIFY,
        "authorities.is_quorum(certificate.bits.num_set_bits())",
        "true",
    ),
    Fault::expression(
        Nodes,
        "certificate_of_another: a tip is certified by that of another block",
        &["SY-4"],
        VERIFY,
        "(certificate.block_root, certificate.slot) == (header.root(), header.slot)",
        "true",
    ),
    Fault::expression(
        Nodes,
        "certificate_unverified: a signature that nobody has made certifies",
        &["SY-4"],
        VERIFY,
        "approvals::verify(scheme, authorities, chain.chain_id, certificate).is_ok()",
        "true",
    ),
    Fault::expression(
        Nodes,
        "blocks_lost: what comes is read and dropped",
        &["SY-1"],
        OUTCOME,
        "blocks.push(Arc::from(block))",
        "drop(block)",
    ),
    Fault::expression(
        Nodes,
        "keep_unheeded: all that is final is pruned up to its last checkpoint",
        &["CH-9"],
        CARRY,
        "engine.finalised().height.saturating_sub(keep)",
        "engine.finalised().height",
    ),
    Fault::expression(
        Nodes,
        "one_more_kept: a checkpoint is pruned up to one block late",
        &["CH-9"],
        CARRY,
        "engine.finalised().height.saturating_sub(keep)",
        "engine.finalised().height.saturating_sub(keep).saturating_sub(1)",
    ),
    Fault::expression(
        Nodes,
        "nothing_pruned: what is not kept stays",
        &["CH-9"],
        CARRY,
        "height <= base",
        "true",
    ),
    Fault::expression(
        Nodes,
        "batches_unpruned: what came in a batch stays until something else happens",
        &["CH-9"],
        CARRY,
        "self.prune(now).is_err()",
        "false",
    ),
    Fault::expression(
        Nodes,
        "single_blocks_unpruned: what came by itself stays until a batch comes",
        &["CH-9"],
        CARRY,
        "self.handed(event, now).and_then(|()| self.prune(now))",
        "self.handed(event, now)",
    ),
    Fault::expression(
        Engine::Network,
        "partition_leaks: what is sent passes a partition",
        &["NW-2"],
        LINES,
        "groups.get(&one) == groups.get(&other)",
        "true",
    ),
    Fault::statement(
        Engine::Network,
        "heard_again: what has been seen is passed on again",
        &["NW-1"],
        GOSSIP,
        "if self.until.contains_key(&id) {
            return false;
        }",
        "",
    ),
    Fault::expression(
        Engine::Network,
        "pieces_survive_a_cut: what arrives behind a piece that was lost is taken for what follows",
        &["NW-2", "NW-5"],
        STREAMS,
        "opened.cut.contains(&piece.stream)",
        "false",
    ),
    Fault::expression(
        Engine::Network,
        "network_of_chance: what links do does not follow from the seed",
        &["NW-5"],
        LINES,
        "Rng::with_seed(seed)",
        "Rng::new()",
    ),
];
