//! Laws of the chain's functions, each for all inputs that matter.

mod batches;
mod content;
mod keys;
mod nodes;
mod quorum;
mod refusals;
mod state;
mod time;
mod trees;

/// A law: its name, the rules that it belongs to, and what holds it.
pub type Law = (&'static str, &'static [&'static str], fn());

/// Every law.
pub const LAWS: &[Law] = &[
    ("messages differ in every part", &["CH-2"], keys::messages),
    ("signatures hold in one context", &["CH-2"], keys::contexts),
    ("aggregates are of exactly their signers", &["CH-2"], keys::aggregates),
    ("keys need a proof of possession", &["CH-2"], keys::possession),
    ("authority sets refuse what they must", &["CH-2"], keys::sets),
    ("any two quorums have an honest authority in common", &["CH-2"], quorum::intersection),
    ("a quorum is strictly more than two thirds", &["CH-2"], quorum::strict),
    ("approvals are a certificate if disjoint ones are enough", &["CH-2"], quorum::certificates),
    ("approvals are refused for what is wrong with them", &["CH-2"], quorum::refusals),
    ("slots cut time", &["CH-1"], time::slots),
    ("votes are for the current slot, once, on a longest chain", &["CH-5"], time::votes),
    ("the root is a function of the balances", &["CH-1"], state::roots),
    ("versions of the state do not touch each other", &["CH-1"], state::versions),
    ("transfers move what there is", &["CH-1"], state::transfers),
    ("what is not in a tree is nobody's ancestor", &["CH-3"], trees::strangers),
    ("nothing is published before what it depends on is durable", &["CH-5", "CH-8"], nodes::published),
    ("settings of 0 are refused by name", &["CH-1"], refusals::settings),
    ("identities are held to the authority set", &["CH-5"], refusals::identities),
    ("what was durable must agree with itself", &["CH-8"], refusals::restores),
    ("refusals say what was found and what is allowed", &["CH-1", "CH-2"], refusals::words),
    ("coefficients hang on all that is claimed", &["CH-2"], batches::coefficients),
    ("claims hold together if each does", &["CH-2"], batches::claims),
    ("batches verify together what is new, once", &["CH-2"], batches::costs),
    ("batches are published when they are durable", &["CH-5", "CH-8"], nodes::batched),
    ("batches keep their order on any thread", &["CH-3"], batches::order),
    ("batches of blocks are their blocks, one after another", &["CH-1", "CH-2", "CH-3"], batches::exact),
    ("batches of any length are their blocks", &["CH-2", "CH-3"], batches::lengths),
    ("spliced blocks never enter the tree", &["WR-7"], content::splices),
    ("blocks with a flipped bit never enter the tree", &["WR-7"], content::flips),
];
