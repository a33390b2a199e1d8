//! The lines of the simulated network: what passes, when, how often, in which state, and what is counted (NW-1, NW-2, NW-5).

use std::collections::{BTreeMap, BTreeSet};

use alys_engines::violation::{check_eq, violated};

use super::alys::simulated::{Corruption, Host, Lines, LinkPlan, Passage, SeenCache};

const NODE: Host = Host::Node(0);
const OTHER: Host = Host::Node(1);
const PEER: Host = Host::Peer(0);

/// How many messages are sent to see how often something happens.
const SENT: u64 = 20_000;

/// Lines that take exactly so long, and on which nothing goes wrong.
fn exact(latency: u64) -> LinkPlan {
    LinkPlan { latency_min_ms: latency, latency_max_ms: latency, ..LinkPlan::default() }
}

fn lines(seed: u64, link: LinkPlan) -> Lines {
    let mut lines = Lines::new(seed, link);
    lines.connect(NODE, PEER);
    lines
}

fn send(lines: &mut Lines, now: u64) -> Passage {
    lines.pass(NODE, PEER, &mut vec![7; 10], now)
}

/// Connections: who has one, that there is one of two hosts, and which is which.
pub fn connections_are_of_two() -> u64 {
    let mut lines = Lines::new(1, exact(5));
    let tried = [
        (NODE, NODE, false),
        (NODE, PEER, true),
        (PEER, NODE, false),
        (OTHER, NODE, true),
        (PEER, OTHER, true),
    ];
    for (one, other, comes_up) in tried {
        check_eq(
            "NW-2",
            &format!("whether {one} and {other} connect"),
            &comes_up,
            &lines.connect(one, other),
        );
    }
    let with = |lines: &Lines, host| lines.connected(host).into_iter().collect::<Vec<_>>();
    check_eq("NW-2", "the connections of the node", &vec![OTHER, PEER], &with(&lines, NODE));
    check_eq("NW-2", "the connections of the peer", &vec![NODE, OTHER], &with(&lines, PEER));
    let session = lines.session(NODE, PEER);
    check_eq("NW-2", "the session from both ends", &session, &lines.session(PEER, NODE));
    let others = [session, lines.session(NODE, OTHER), lines.session(OTHER, PEER)];
    check_eq(
        "NW-2",
        "how many sessions there are",
        &3,
        &others.into_iter().flatten().collect::<BTreeSet<_>>().len(),
    );
    let ended = [lines.disconnect(PEER, NODE), lines.disconnect(NODE, PEER)];
    check_eq("NW-2", "whether that ends a connection", &[true, false], &ended);
    check_eq("NW-2", "the session that is over", &None, &lines.session(NODE, PEER));
    check_eq("NW-2", "the connections that are left", &vec![OTHER], &with(&lines, NODE));
    check_eq("NW-2", "whether they connect again", &true, &lines.connect(NODE, PEER));
    check_eq("NW-2", "whether that is another session", &true, &(lines.session(NODE, PEER) > session));
    let stats = lines.stats();
    check_eq("NW-5", "what is counted", &(4, 1), &(stats.connections, stats.disconnections));
    tried.len() as u64
}

/// Nothing passes between groups; whoever is in none is in one more.
pub fn groups_are_cut_off() -> u64 {
    let hosts = [Host::Node(0), Host::Node(1), Host::Peer(0), Host::Peer(1), Host::Peer(2)];
    let mut lines = Lines::new(1, exact(5));
    let pairs = || {
        hosts.into_iter().flat_map(|one| hosts.map(|other| (one, other))).filter(|(one, other)| one < other)
    };
    pairs().for_each(|(one, other)| _ = lines.connect(one, other));
    let group = |host: &Host| match host {
        Host::Node(0) | Host::Peer(1) => 0,
        Host::Peer(2) => 1,
        _ => 2,
    };
    check_eq("NW-2", "whether there is a partition", &false, &lines.is_partitioned());
    lines.partition(&[vec![Host::Node(0), Host::Peer(1)], vec![Host::Peer(2)]]);
    check_eq("NW-2", "whether there is a partition", &true, &lines.is_partitioned());
    let (mut held_up, mut tried) = (0, 0);
    for (one, other) in pairs() {
        let same = group(&one) == group(&other);
        check_eq("NW-2", &format!("whether {one} reaches {other}"), &same, &lines.reaches(one, other));
        check_eq("NW-2", "and back", &same, &lines.reaches(other, one));
        let passed = lines.pass(one, other, &mut vec![1], 0).first.is_some();
        check_eq("NW-2", &format!("whether anything passes from {one} to {other}"), &same, &passed);
        check_eq("NW-2", "whether the connection stays", &true, &lines.session(one, other).is_some());
        held_up += u64::from(!same);
        tried += 1;
        lines.disconnect(one, other);
        check_eq("NW-2", &format!("whether {one} and {other} connect"), &same, &lines.connect(one, other));
    }
    let stats = lines.stats();
    let expected = (tried, held_up, 0, tried - held_up);
    check_eq(
        "NW-5",
        "what is counted",
        &expected,
        &(stats.sent, stats.partitioned, stats.lost, stats.delivered),
    );
    lines.heal();
    check_eq(
        "NW-2",
        "whether it is healed",
        &(false, true),
        &(lines.is_partitioned(), lines.reaches(NODE, PEER)),
    );
    check_eq("NW-2", "whether they connect then", &true, &lines.connect(Host::Node(0), Host::Peer(2)));
    tried
}

/// Latencies lie between their bounds, both of which occur; what is held back comes up to ten times the longest later.
pub fn messages_take_their_time() -> u64 {
    let took = |link: &LinkPlan| -> BTreeMap<u64, u64> {
        let (mut lines, mut took) = (lines(3, link.clone()), BTreeMap::new());
        for now in 0..SENT {
            let first = send(&mut lines, now)
                .first
                .unwrap_or_else(|| violated("NW-1", "a message is lost on a whole link"));
            *took.entry(first - now).or_default() += 1;
        }
        took
    };
    let link = LinkPlan { latency_min_ms: 20, latency_max_ms: 24, ..LinkPlan::default() };
    let times = took(&link);
    check_eq(
        "NW-5",
        "the times that occur",
        &vec![20, 21, 22, 23, 24],
        &times.keys().copied().collect::<Vec<_>>(),
    );
    let even = times.values().all(|count| (3_700..4_300).contains(count));
    check_eq("NW-5", "whether each is as likely", &true, &even);
    let held = took(&LinkPlan { reorder_permille: 1_000, ..link.clone() });
    let (first, last) = (held.keys().next().copied(), held.keys().next_back().copied());
    check_eq(
        "NW-5",
        "the least that it is held back",
        &true,
        &first.is_some_and(|first| (20..24).contains(&first)),
    );
    check_eq(
        "NW-5",
        "the most that it is held back",
        &true,
        &last.is_some_and(|last| (255..=264).contains(&last)),
    );
    2 * SENT
}

/// A host sends its bytes one after the other, as fast as links do; whoever has sent nothing for a while does not catch up.
pub fn links_have_a_bandwidth() -> u64 {
    let mut lines = lines(1, LinkPlan { bytes_per_ms: 10, ..exact(5) });
    lines.connect(OTHER, PEER);
    let mut arrives =
        |from: Host, to: Host, bytes: usize, now: u64| lines.pass(from, to, &mut vec![0; bytes], now).first;
    let course = [
        (NODE, PEER, 100, 1_000, 1_015),
        (NODE, PEER, 109, 1_000, 1_025),
        (NODE, PEER, 9, 1_000, 1_025),
        (PEER, NODE, 50, 1_000, 1_010),
        (OTHER, PEER, 10, 1_000, 1_006),
        (NODE, PEER, 10, 1_019, 1_026),
        (NODE, PEER, 10, 5_000, 5_006),
    ];
    for (from, to, bytes, now, at) in course {
        check_eq(
            "NW-5",
            &format!("when {bytes} bytes of {from} arrive"),
            &Some(at),
            &arrives(from, to, bytes, now),
        );
    }
    course.len() as u64
}

/// What happens to some of a thousand messages happens to as many, never with 0, and always with 1,000; each is counted.
pub fn misfortunes_are_as_frequent_as_planned() -> u64 {
    // The kind, how to ask for it, and how many of the messages are expected.
    for permille in [0_u16, 1, 20, 500, 999, 1_000] {
        let most = SENT * u64::from(permille) / 1_000;
        // Within four standard deviations and less than half of the way to the next permille where that is rare.
        let slack = match permille {
            0 | 1_000 => 0,
            1 | 999 => 9,
            _ => 4 * (most * (SENT - most) / SENT).isqrt(),
        };
        let near = |what: &str, count: u64| {
            if count.abs_diff(most) > slack {
                violated(
                    "NW-5",
                    format!("{what} of {permille} in a thousand: {count} of {SENT}, expected are {most}"),
                );
            }
        };
        let link = LinkPlan { loss_permille: permille, ..exact(5) };
        let (passages, stats) = passages(&link);
        near("loss", passages.iter().filter(|passage| passage.first.is_none()).count() as u64);
        check_eq("NW-5", "the lost ones", &(SENT - stats.delivered, 0), &(stats.lost, stats.partitioned));
        let link = LinkPlan { duplicate_permille: permille, ..exact(5) };
        let (passages, stats) = self::passages(&link);
        let twice = passages.iter().filter(|passage| passage.second.is_some()).count() as u64;
        near("duplication", twice);
        check_eq(
            "NW-5",
            "those that come twice",
            &(twice, SENT + twice),
            &(stats.duplicated, stats.delivered),
        );
        let arrivals: usize = passages.iter().map(|passage| passage.arrivals().count()).sum();
        check_eq("NW-5", "all that arrive", &(SENT + twice), &(arrivals as u64));
        let link = LinkPlan { corrupt_permille: permille, ..exact(5) };
        let (passages, stats) = self::passages(&link);
        let spoiled = passages.iter().filter(|passage| passage.corruption.is_some()).count() as u64;
        near("corruption", spoiled);
        check_eq("NW-5", "the corrupted ones", &(spoiled, SENT), &(stats.corrupted, stats.delivered));
        let link = LinkPlan { reorder_permille: permille, ..exact(1_000) };
        let (passages, stats) = self::passages(&link);
        let late = passages.iter().filter(|passage| passage.first > Some(1_000)).count() as u64;
        // It may be held back by no time at all, once in ten thousand times.
        near("reordering", late + u64::from(permille == 1_000) * (SENT - late).min(9));
        check_eq("NW-5", "those that are held back", &late, &stats.reordered);
        check_eq("NW-5", "what is sent", &(SENT, 10 * SENT), &(stats.sent, stats.bytes));
    }
    let mut lines = Lines::new(1, exact(5));
    check_eq("NW-2", "what passes without a connection", &Passage::default(), &send(&mut lines, 0));
    check_eq(
        "NW-5",
        "what is counted then",
        &(1, 1, 0),
        &(lines.stats().sent, lines.stats().lost, lines.stats().delivered),
    );
    24 * SENT
}

/// So many messages at the time 0, and what was counted.
fn passages(link: &LinkPlan) -> (Vec<Passage>, super::alys::simulated::NetworkStats) {
    let mut lines = lines(11, link.clone());
    let passages = (0..SENT).map(|_| send(&mut lines, 0)).collect();
    (passages, lines.stats())
}

/// Corruption changes bytes of a message in one place, in each of its ways.
pub fn corruption_is_in_one_place() -> u64 {
    let mut lines = lines(5, LinkPlan { corrupt_permille: 1_000, ..exact(5) });
    let sent: Vec<u8> = (0..60).map(|place| place * 4).collect();
    let mut kinds: BTreeMap<Corruption, u64> = BTreeMap::new();
    for _ in 0..8_000 {
        let mut came = sent.clone();
        let passage = lines.pass(NODE, PEER, &mut came, 0);
        let how = passage.corruption.unwrap_or_else(|| violated("NW-5", "a message is spared"));
        *kinds.entry(how).or_default() += 1;
        if !is_so(how, &sent, &came) {
            violated("NW-5", format!("{sent:?} is {how} and becomes {came:?}"));
        }
    }
    let even = kinds.iter().all(|(how, count)| match how {
        Corruption::Flipped => (2_800..3_200).contains(count),
        _ => (850..1_150).contains(count),
    });
    check_eq("NW-5", "how many ways there are, each as often as it should", &(6, true), &(kinds.len(), even));
    let mut nothing = Vec::new();
    let passage = lines.pass(NODE, PEER, &mut nothing, 0);
    check_eq("NW-5", "what becomes of no bytes", &(None, true), &(passage.corruption, nothing.is_empty()));
    check_eq("NW-5", "how many are counted", &8_000, &lines.stats().corrupted);
    8_000
}

/// Whether bytes were corrupted in this way.
fn is_so(how: Corruption, sent: &[u8], came: &[u8]) -> bool {
    let same = sent.iter().zip(came).take_while(|(one, other)| one == other).count();
    let behind = sent.iter().rev().zip(came.iter().rev()).take_while(|(one, other)| one == other).count();
    let (more, less) = (came.len().saturating_sub(sent.len()), sent.len().saturating_sub(came.len()));
    match how {
        Corruption::Flipped => {
            let bits: u32 = sent.iter().zip(came).map(|(one, other)| (one ^ other).count_ones()).sum();
            bits == 1 && more + less == 0
        }
        Corruption::Burst => {
            let other = sent.iter().zip(came).filter(|(one, other)| one != other).count();
            more + less == 0 && (1..=16).contains(&other) && other == sent.len() - same - behind
        }
        Corruption::Cut => less > 0 && same == came.len(),
        // What comes twice stands behind itself: no byte occurs twice in what was sent.
        Corruption::Repeated => {
            (1..=16).contains(&more)
                && same + behind >= sent.len()
                && came[same..].starts_with(&came[same - more..same])
        }
        Corruption::Inserted => (1..=16).contains(&more) && same + behind >= sent.len(),
        Corruption::Removed => (1..=16).contains(&less) && same + behind >= came.len(),
    }
}

/// What was seen is not new for a time, from when it was seen first; then it is forgotten.
pub fn what_was_seen_is_forgotten() -> u64 {
    let mut seen = SeenCache::new(100);
    check_eq("NW-1", "whether it remembers anything", &(true, 0), &(seen.is_empty(), seen.len()));
    // What comes at which time, whether it is new, and how much is remembered then.
    let course = [
        (1, 0, true, 1),
        (2, 50, true, 2),
        (1, 99, false, 2),
        (1, 100, true, 2),
        (2, 149, false, 2),
        (3, 150, true, 2),
        (2, 150, true, 3),
        (1, 199, false, 3),
        (4, 1_000, true, 1),
    ];
    for (what, at, is_new, len) in course {
        check_eq("NW-1", &format!("whether {what} is new at {at}"), &is_new, &seen.is_new([what; 20], at));
        check_eq(
            "NW-1",
            &format!("how much is remembered at {at}"),
            &(len, false),
            &(seen.len(), seen.is_empty()),
        );
    }
    course.len() as u64
}
