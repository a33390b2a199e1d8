//! What holds of the clients, the server and the driver, whatever the other side does.

use alys_consensus_properties::{planted::Engine, suites::scenarios};
use alys_engines::scenarios::expect_pass;

/// CL-1, CL-2: numbers, octets, tokens and structures are those of the specifications, every answer means one thing, and what real
/// clients have answered is understood.
///
/// Engine: law
#[test]
fn words_mean_what_the_specifications_say() {
    let test = "properties::laws::words_mean_what_the_specifications_say";
    expect_pass("consensus_words", test, "inputs", scenarios(Engine::Words));
}

/// CL-2: whatever the execution client does, a call ends as the model says: an outcome, or a typed error after as many attempts as
/// there must be, each with a token of its own time.
///
/// Engine: law
#[test]
fn calls_end_in_outcomes_or_errors() {
    let test = "properties::laws::calls_end_in_outcomes_or_errors";
    expect_pass("consensus_calls", test, "scripts", scenarios(Engine::Calls));
}

/// CL-1: streams of events are read in any pieces, and no head is lost when one breaks.
///
/// Engine: exhaustive
#[test]
fn no_head_is_lost() {
    expect_pass("consensus_heads", "properties::laws::no_head_is_lost", "courses", scenarios(Engine::Heads));
}

/// CL-1: what a beacon node answers is read as the published document has it, and nothing else is an answer.
///
/// Engine: law
#[test]
fn questions_come_to_answers_or_errors() {
    let test = "properties::laws::questions_come_to_answers_or_errors";
    expect_pass("consensus_questions", test, "scripts", scenarios(Engine::Questions));
}

/// CL-1: what our own node answers is true of its chain, and valid by the published document.
///
/// Engine: law
#[test]
fn our_node_answers_by_the_published_document() {
    let test = "properties::laws::our_node_answers_by_the_published_document";
    expect_pass("consensus_server", test, "answers", scenarios(Engine::Server));
}

/// CL-2: blocks are proposed and taken in with payloads that the execution client calls valid, it follows every reorg, and its death
/// loses nothing.
///
/// Engine: law
#[test]
fn the_chain_and_its_client_go_on_together() {
    let test = "properties::laws::the_chain_and_its_client_go_on_together";
    expect_pass("consensus_driver", test, "courses", scenarios(Engine::Driver));
}
