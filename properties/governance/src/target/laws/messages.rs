//! The bytes of messages, votes and contents.

use alloy_primitives::B256;
use alys_engines::draw::SplitMix;
use alys_engines::violation::check_eq;
use alys_models::governance::{ModelChoice, ModelDraft, bytes};

use super::super::alys::message::{Choice, MESSAGE_BYTES, VOTE_DOMAIN, vote_message};
use super::super::alys::scheme::SignatureBytes;
use super::super::alys::terms::{Draft, Share};
use super::super::alys::vote::{VOTE_BYTES, Vote, VoteError};
use super::super::machine::draft;
use super::super::signing::choice;

pub(super) fn messages() {
    let contents = [[0; 32], [7; 32], [0xFF; 32]];
    let mut seen = std::collections::BTreeSet::new();
    for chain in [0, 1, 1 << 40, u64::MAX] {
        for proposal in [0, 1, 0x0102_0304_0506_0708, u64::MAX] {
            for content in contents {
                for voted in ModelChoice::ALL {
                    let message = vote_message(chain, proposal, content.into(), choice(voted));
                    let written = bytes::message(chain, proposal, &content, voted);
                    check_eq("GV-1", "what a vote signs", &written[..], &message[..]);
                    seen.insert(message);
                }
            }
        }
    }
    check_eq("GV-1", "how many messages there are", &(4 * 4 * 3 * 3), &seen.len());
    // Blocks and approvals are signed over 56 bytes that begin with another domain: see the chain.
    check_eq("GV-1", "the length of a message", &57, &MESSAGE_BYTES);
    check_eq("GV-1", "the domain of votes", b"alys/gov", &VOTE_DOMAIN);
    let choices = Choice::ALL.map(|choice| (choice.byte(), Choice::from_byte(choice.byte())));
    let expected = [Choice::Approve, Choice::Reject, Choice::Abstain];
    check_eq("GV-1", "the bytes of choices", &[1, 2, 3], &choices.map(|(byte, _)| byte));
    check_eq("GV-1", "the choices of bytes", &expected.map(Some), &choices.map(|(_, read)| read));
    for byte in (0..=u8::MAX).filter(|byte| !(1..=3).contains(byte)) {
        check_eq("GV-7", "the choice of another byte", &None, &Choice::from_byte(byte));
    }
}

pub(super) fn votes() {
    check_eq("GV-7", "the length of a vote", &113, &VOTE_BYTES);
    let mut mix = SplitMix(113);
    for _ in 0..200 {
        let mut signature = SignatureBytes::ZERO;
        signature.iter_mut().for_each(|byte| *byte = mix.next() as u8);
        let (proposal, member) = (mix.next(), mix.next() >> 40);
        let voted = ModelChoice::ALL[mix.next() as usize % 3];
        let vote = Vote { proposal, member, choice: choice(voted), signature };
        let written = bytes::vote(proposal, member, voted, &signature);
        check_eq("GV-7", "the bytes of a vote", &written[..], &vote.encode()[..]);
        check_eq("GV-7", "a vote that was read", &Ok(vote), &Vote::decode(&written));
    }
    for len in (0..260).filter(|len| *len != VOTE_BYTES) {
        let mut bytes = vec![1; len];
        bytes.iter_mut().skip(16).take(1).for_each(|byte| *byte = 9);
        check_eq("GV-7", "a vote of another length", &Err(VoteError::Length { len }), &Vote::decode(&bytes));
    }
    let mut bytes = [1; VOTE_BYTES];
    for byte in (0..=u8::MAX).filter(|byte| !(1..=3).contains(byte)) {
        bytes[16] = byte;
        check_eq("GV-7", "a vote for nothing", &Err(VoteError::Choice { byte }), &Vote::decode(&bytes));
    }
}

pub(super) fn contents() {
    let plain = ModelDraft { payload: 2, tag: 5, threshold: (2, 3), quorum: 4, opens: 6, closes: 9 };
    let (root, other) = (B256::repeat_byte(1), B256::repeat_byte(2));
    let content = |root: B256, planned: &ModelDraft| {
        let content = draft(planned).content(root);
        check_eq("GV-1", "a content", &bytes::content(&root, planned), &content.0);
        content
    };
    let different = [
        plain,
        ModelDraft { payload: 3, ..plain },
        ModelDraft { tag: 6, ..plain },
        ModelDraft { threshold: (1, 3), ..plain },
        ModelDraft { threshold: (2, 5), ..plain },
        ModelDraft { quorum: 5, ..plain },
        ModelDraft { opens: 7, ..plain },
        ModelDraft { closes: 8, ..plain },
    ];
    let mut seen: Vec<B256> = different.iter().map(|planned| content(root, planned)).collect();
    seen.push(content(other, &plain));
    seen.sort_unstable();
    seen.dedup();
    check_eq("GV-1", "how many contents there are", &9, &seen.len());
    let binding = Draft::binding(vec![5; 2], 4, 6, 9);
    check_eq("GV-6", "a binding proposal", &draft(&plain), &binding);
    check_eq("GV-6", "what binding ones ask for", &Share::TWO_THIRDS, &binding.threshold);
}
