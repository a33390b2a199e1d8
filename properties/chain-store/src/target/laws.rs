//! The laws by what they are about.

use super::{
    laws_batches, laws_checkpoints, laws_disks, laws_files, laws_headers, laws_nodes, laws_pow,
    laws_retarget, laws_rows, laws_stored,
};
use crate::planted::Engine;

/// A law: what it is called, and a check that says how much it tried.
pub type Law = (&'static str, fn() -> u64);

/// How many of the bytes of a file are left out between two that rot in the main job.
const ROT_STRIDE: usize = 29;

/// How many imports the hunt disturbs.
const IMPORTS: u64 = 12;

/// How many runs of nodes are crashed everywhere.
pub const NODE_RUNS: u64 = 9;

const FILES: [Law; 14] = [
    ("foreign", laws_files::a_foreign_file_is_left_alone),
    ("version", laws_files::another_version_or_chain_is_left_alone),
    ("truncated", laws_files::a_truncated_file_is_left_alone),
    ("unfinished", laws_files::an_unfinished_file_is_made_anew),
    ("anchor", laws_files::an_anchor_is_stored_with_its_proof_alone),
    ("told", laws_files::what_opening_did_is_told),
    ("rows", laws_files::every_row_is_sealed),
    ("layout", laws_rows::rows_are_what_the_version_says),
    ("stray", laws_files::a_stray_checkpoint_is_found),
    ("bytes", laws_disks::a_file_is_its_bytes),
    ("names", laws_disks::names_mean_files),
    ("full", laws_disks::a_full_disk_is_told_and_loses_nothing),
    ("directory", || laws_files::a_directory_keeps_a_store(&crate::suites::folder())),
    ("rot", || laws_files::rot_is_never_served(ROT_STRIDE)),
];

const CHECKPOINTS: [Law; 3] = [
    ("due", laws_checkpoints::checkpoints_are_due_at_multiples),
    ("bits", laws_checkpoints::a_checkpoint_binds_every_bit),
    ("imports", || laws_checkpoints::disturbed_imports_complete(IMPORTS).imports),
];

const POW: [Law; 12] = [
    ("good", laws_pow::good_proofs_are_accepted),
    ("alone", laws_pow::each_rule_is_refused_alone),
    ("own", laws_pow::no_parent_is_of_our_own_chain),
    ("slot", laws_pow::a_slot_follows_from_nonce_and_chain),
    ("coinbase", laws_pow::a_coinbase_commits_once),
    ("form", laws_pow::a_proof_has_one_form),
    ("ranges", laws_pow::ranges_are_contiguous),
    ("commitment", laws_pow::a_commitment_binds_everything),
    ("gate", laws_pow::the_gate_closes_in_time),
    ("branch", laws_pow::a_branch_is_hashed_by_its_index),
    ("rounding", laws_retarget::rounding_goes_down),
    ("retarget", laws_retarget::our_retarget_is_bounded),
];

const HEADERS: [Law; 5] = [
    ("compact", laws_retarget::compact_forms_are_canonical),
    ("networks", laws_retarget::networks_are_bitcoins),
    ("judged", laws_headers::headers_are_judged_by_definition),
    ("start", laws_headers::a_trusted_start_is_the_first_of_an_interval),
    ("stream", laws_headers::a_stream_tells_where_it_ends),
];

const NODES: [Law; 10] = [
    ("genesis", laws_stored::a_chain_begins_at_its_genesis),
    ("slots", laws_stored::a_slot_is_kept_once),
    ("forgotten", laws_stored::what_is_forgotten_is_not_canonical),
    ("violated", laws_stored::a_violation_ends_all_but_blocks),
    ("restored", laws_stored::what_is_no_chain_is_not_restored),
    ("pruned", laws_stored::what_cannot_be_executed_is_not_pruned),
    ("values", laws_stored::the_values_are_those_at_the_base),
    ("together", laws_batches::commits_together_are_commits),
    ("batch", laws_batches::a_batch_is_one_commit),
    ("crashed", || laws_nodes::a_node_survives_every_crash(NODE_RUNS).recoveries),
];

/// The laws that an engine runs; none for one that runs transitions.
#[must_use]
pub fn laws(engine: Engine) -> &'static [Law] {
    match engine {
        Engine::Files => &FILES,
        Engine::Checkpoints => &CHECKPOINTS,
        Engine::Pow => &POW,
        Engine::Headers => &HEADERS,
        Engine::Nodes => &NODES,
        Engine::Machine | Engine::Crash => &[],
    }
}
