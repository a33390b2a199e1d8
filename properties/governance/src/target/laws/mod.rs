//! Laws of governance's functions, each for all inputs that matter; the cheap ones first.

mod batches;
mod certificates;
mod keys;
mod messages;
mod received;
mod refusals;
mod registries;
mod shell;
mod terms;

pub use received::{own_vote, vote_bytes};

/// A law: its name, the rules that it belongs to, and what holds it.
pub type Law = (&'static str, &'static [&'static str], fn());

/// Every law.
pub const LAWS: &[Law] = &[
    ("messages differ in every part", &["GV-1"], messages::messages),
    ("votes are written in one way", &["GV-7"], messages::votes),
    ("contents stand for every part", &["GV-1"], messages::contents),
    ("shares are at least 0 and below 1", &["GV-6"], terms::shares),
    ("what passes is the least that is more", &["GV-6"], terms::passing),
    ("outcomes follow from weights", &["GV-5"], terms::outcomes),
    ("drafts are refused for the first thing wrong", &["GV-5"], terms::drafts),
    ("refusals say what was found and what is allowed", &["GV-5"], refusals::words),
    ("registries keep who is in them", &["GV-2"], registries::members),
    ("a vote weighs what its member weighed at the creation", &["GV-2"], registries::weights),
    ("coefficients are bound to the whole batch", &["GV-4"], batches::bound),
    ("the ideal scheme knows what was signed", &["GV-1", "GV-4"], keys::ideal),
    ("each wrong claim of a batch is found, ideally", &["GV-4"], batches::found_ideally),
    ("evidence is refused for what is wrong with it", &["GV-3"], certificates::evidence),
    ("certificates are refused for what is wrong with them", &["GV-5"], certificates::refusals),
    ("the shell lets time pass and tells who listens", &["GV-5"], shell::time),
    ("the shell answers and publishes the same", &["GV-5"], shell::answers),
    ("signatures hold in one context", &["GV-1"], keys::contexts),
    ("keys need a proof of possession", &["GV-2"], keys::possession),
    ("a key made of others' is refused", &["GV-2"], keys::rogue),
    ("bytes that are no point are refused", &["GV-2", "GV-7"], keys::encodings),
    ("wrong claims that add up are found", &["GV-4"], batches::cancelling),
    ("coefficients cannot be known beforehand", &["GV-4"], batches::predicted),
    ("each wrong claim of a batch is found", &["GV-4"], batches::found),
    ("sums are of exactly their signers", &["GV-4", "GV-5"], keys::sums),
    ("BLS agrees with another implementation", &["CL-3"], keys::vectors),
];
