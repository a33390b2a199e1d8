//! Codes, protocols and topics have one name each (WR-1).

use std::collections::BTreeSet;

use alys_engines::violation::check_eq;

use crate::sut::{PROTOCOLS, Sut, TOPICS};

/// The result bytes with a name.
const FAILURES: [(u8, &str); 4] =
    [(1, "InvalidRequest"), (2, "ServerError"), (3, "ResourceUnavailable"), (139, "RateLimited")];

/// The reasons with a name.
const REASONS: [(u64, &str); 7] = [
    (1, "ClientShutdown"),
    (2, "IrrelevantNetwork"),
    (3, "Fault"),
    (128, "UnableToVerifyNetwork"),
    (129, "TooManyPeers"),
    (250, "BadScore"),
    (251, "Banned"),
];

/// Every number is what it is called, and nothing is called twice.
///
/// # Panics
///
/// When it is not so.
pub fn all<S: Sut>() {
    check_eq("WR-1", "the failure of result byte 0", &None, &S::failure_code(0));
    for byte in 1..=u8::MAX {
        let named = FAILURES.iter().find(|(named, _)| *named == byte);
        let expected = named.map_or_else(|| format!("other {byte}"), |(_, name)| (*name).to_owned());
        check_eq("WR-1", "a result byte", &Some((expected, byte)), &S::failure_code(byte));
    }
    for number in (0..1_000).chain([u64::MAX, 1 << 32, (1 << 32) + 1]) {
        let named = REASONS.iter().find(|(named, _)| *named == number);
        let expected = named.map_or_else(|| format!("other {number}"), |(_, name)| (*name).to_owned());
        check_eq("WR-1", "a reason", &(expected, number), &S::goodbye(number));
    }
    protocols::<S>();
    topics::<S>();
}

fn protocols<S: Sut>() {
    for (protocol, (name, ..)) in PROTOCOLS.iter().enumerate() {
        let id = format!("/eth2/chain/req/{name}/1/ssz_snappy");
        check_eq("WR-1", "the id of a protocol", &id, &S::protocol_id(protocol));
        check_eq("WR-1", "the protocol of an id", &Some(protocol), &S::protocol_of(&id));
        let others =
            [id.to_uppercase(), id.replace("/1/", "/2/"), format!("{id}/"), id[..id.len() - 1].to_owned()];
        for other in others {
            check_eq("WR-1", "an id that names nothing", &None, &S::protocol_of(&other));
        }
    }
}

fn topics<S: Sut>() {
    let mut names = BTreeSet::new();
    for digest in [[0; 4], [0, 1, 0xab, 0xff], [0xff; 4], [0x12, 0, 0, 0]] {
        for (topic, (name, _)) in TOPICS.iter().enumerate() {
            let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
            let full = format!("/eth2/{hex}/{name}/ssz_snappy");
            check_eq("WR-1", "the name of a topic", &full, &S::topic_name(digest, topic));
            check_eq("WR-1", "the topic of a name", &Some((digest, topic)), &S::topic_of(&full));
            let others = [
                full.replace("eth2", "eth1"),
                full.replace("abff", "ABFF").replace("ffffffff", "FFFFFFFF"),
                full.replace("/eth2/0", "/eth2/+"),
                full.replace("ssz_snappy", "ssz"),
                format!("{full}/"),
                full[1..].to_owned(),
                format!("/eth2/é{}", &full[8..]),
            ];
            for other in others.into_iter().filter(|other| *other != full) {
                check_eq("WR-1", "a name that is no topic's", &None, &S::topic_of(&other));
            }
            check_eq("WR-1", "whether a name is new", &true, &names.insert(full));
        }
    }
}
