//! Inputs, words and folders.

use arbitrary::{Arbitrary, Unstructured};

use super::*;
use crate::bytes::{BLOCK, START};

#[test]
fn bytes_beyond_the_last_transition_do_not_count() {
    let target = &ORDERING_TRACKER;
    let bytes = vec![7; target.len_max() + 5 * BLOCK];
    assert_eq!(target.read(&bytes).len(), START + 24 * BLOCK);
    assert_eq!(target.run(&bytes).unwrap(), 24);
    assert_eq!(target.run(&bytes[..START + BLOCK]).unwrap(), 1);
    assert_eq!(target.run(&[]).unwrap(), 0);
}

#[test]
fn an_input_shows_its_case() {
    let bytes = [0; START + 2 * BLOCK];
    let input = Input::<MailboxTransitions>::arbitrary_take_rest(Unstructured::new(&bytes)).unwrap();
    let text = format!("{input:?}");
    assert!(text.starts_with("from Parameters { capacity: "), "{text}");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.lines().nth(2).unwrap().starts_with("   2. "), "{text}");
    input.judge();
}

#[test]
fn the_first_byte_chooses_the_pair() {
    let of = |first: u8| DIFFERENTIAL.told(&[first; START + BLOCK]).0;
    assert!(of(0).starts_with("Parameters { "), "{}", of(0));
    assert!(of(1).ends_with(" shards"), "{}", of(1));
}

#[test]
fn a_folder_that_does_not_exist_has_no_inputs() {
    assert!(inputs("fuzz/corpus/of_nothing").unwrap().is_empty());
    let error = inputs("Cargo.toml").unwrap_err().to_string();
    assert!(error.starts_with("Cargo.toml cannot be read: "), "{error}");
}

#[test]
fn words_are_blocks_of_every_kind() {
    let words = tokens(&ORDERING_TRACKER);
    let kinds: Vec<_> = words.keys().map(String::as_str).collect();
    assert_eq!(kinds, ["Count", "Record", "RecordByHandle", "Report", "Resolve", "SetExpected", "Verify"]);
    assert!(words.values().flatten().all(|word| word.len() == BLOCK));
    let text = dictionary(&ORDERING_TRACKER);
    assert_eq!(text.lines().count(), 1 + words.values().map(Vec::len).sum::<usize>());
}
