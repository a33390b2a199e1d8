//! Doors, bans, what was heard, and whom to dial, by tables.

use std::time::Duration;

use alys_engines::violation::check_eq;
use alys_sync::peer::PeerId;
use alys_wire::message::Request;
use alys_wire::protocol::Protocol;
use alys_wire::quota::{Quota, QuotaTable};

use super::alys::core::{Bans, Counts, Discovery, Door, Heard, Inbound, Refusal, StreamLimits};

/// A ban begins at once, ends at its time, is never shortened, and is dropped for a later one when there is no room.
pub fn bans_end_at_their_time() -> u64 {
    let mut bans = Bans::new(2);
    check_eq("NW-7", "whether there is no ban", &true, &bans.is_empty());
    bans.ban(PeerId(1), 100, 10);
    for (now, banned) in [(0, true), (10, true), (99, true), (100, false), (101, false)] {
        check_eq(
            "NW-7",
            &format!("whether a peer is banned at {now}"),
            &banned,
            &bans.is_banned(PeerId(1), now),
        );
    }
    check_eq("NW-7", "whether another one is", &false, &bans.is_banned(PeerId(2), 50));
    bans.ban(PeerId(1), 60, 20);
    check_eq("NW-7", "whether a shorter ban shortens it", &true, &bans.is_banned(PeerId(1), 99));
    bans.ban(PeerId(1), 120, 20);
    check_eq("NW-7", "whether a longer ban lengthens it", &true, &bans.is_banned(PeerId(1), 119));
    bans.ban(PeerId(2), 20, 20);
    check_eq("NW-7", "a ban that is over is none", &1, &bans.len());
    bans.ban(PeerId(2), 200, 20);
    bans.ban(PeerId(3), 300, 20);
    check_eq("NW-7", "how many bans are kept", &2, &bans.len());
    let kept = [1, 2, 3].map(|peer| bans.is_banned(PeerId(peer), 50));
    check_eq("NW-7", "which bans are kept", &[false, true, true], &kept);
    bans.ban(PeerId(4), 400, 200);
    let kept = [2, 3, 4].map(|peer| bans.is_banned(PeerId(peer), 199));
    check_eq("NW-7", "a ban that is over makes room first", &[false, true, true], &kept);
    bans.ban(PeerId(5), 600, 500);
    check_eq("NW-7", "whether bans that are over are kept", &1, &bans.len());
    19
}

/// A door refuses who is banned and what is not of this machine, unless that is allowed.
pub fn doors_refuse_what_they_must() -> u64 {
    for beyond in [false, true] {
        let mut door = Door::new(beyond, 8);
        door.ban(PeerId(1), 100, 0);
        let far = if beyond { Ok(()) } else { Err(Refusal::NotLoopback) };
        check_eq("NW-7", "what is near", &Ok(()), &door.reaches(true));
        check_eq("NW-7", "what is far", &far, &door.reaches(false));
        check_eq("NW-7", "who is not banned", &Ok(()), &door.admits(PeerId(2), true, 50));
        check_eq("NW-7", "who is far", &far, &door.admits(PeerId(2), false, 50));
        check_eq("NW-7", "who is banned", &Err(Refusal::Banned), &door.admits(PeerId(1), true, 99));
        check_eq("NW-7", "whose ban has ended", &Ok(()), &door.admits(PeerId(1), true, 100));
    }
    let mut counts = Counts::default();
    counts.note(Refusal::Banned);
    counts.note(Refusal::Banned);
    counts.note(Refusal::TooSlow);
    let all: Vec<_> = counts.all().collect();
    check_eq("NW-7", "what is counted", &vec![(Refusal::Banned, 2), (Refusal::TooSlow, 1)], &all);
    check_eq("NW-7", "what is not", &0, &counts.of(Refusal::Broken));
    14
}

/// What was heard is not new for its time, and not longer; the first one heard is forgotten first.
pub fn what_was_heard_is_not_new() -> u64 {
    let id = |number: u8| [number; 20];
    let mut heard = Heard::new(100, 2);
    check_eq("NW-1", "whether nothing is remembered", &true, &heard.is_empty());
    for (number, now, new) in [
        (1, 0, true),
        (1, 0, false),
        (1, 99, false),
        (1, 100, true),
        (2, 150, true),
        (2, 199, false),
        (1, 199, false),
        (1, 200, true),
        (3, 201, true),
        // There is room for two: 2 was the first one heard of three.
        (2, 202, true),
        (3, 203, false),
        (1, 204, true),
    ] {
        check_eq("NW-1", &format!("whether {number} is new at {now}"), &new, &heard.is_new(id(number), now));
        check_eq("NW-1", "whether memory is bounded", &true, &(heard.len() <= 2));
    }
    12
}

/// Bootstrap nodes are dialled whenever they are not connected, after a time that doubles.
pub fn whom_to_dial() -> u64 {
    let mut discovery = Discovery::new(100);
    check_eq("NW-3", "when nobody is dialled", &None, &discovery.next_wakeup());
    discovery.bootstrap("a");
    discovery.bootstrap("b");
    discovery.bootstrap("a");
    check_eq("NW-3", "when somebody is dialled", &Some(0), &discovery.next_wakeup());
    check_eq("NW-3", "who is dialled", &vec!["a", "b"], &discovery.due(0));
    check_eq("NW-3", "who is dialled twice", &Vec::<&str>::new(), &discovery.due(0));
    check_eq("NW-3", "who is waited for", &None, &discovery.next_wakeup());
    // 100, 200, 400 and so on, up to 64 times the first.
    let mut now = 0;
    for doubled in [1, 2, 4, 8, 16, 32, 64, 64] {
        discovery.lost(&"a", now);
        check_eq("NW-3", "when it is dialled again", &Some(now + 100 * doubled), &discovery.next_wakeup());
        now += 100 * doubled - 1;
        check_eq("NW-3", "who is dialled too early", &Vec::<&str>::new(), &discovery.due(now));
        now += 1;
        check_eq("NW-3", "who is dialled then", &vec!["a"], &discovery.due(now));
    }
    // How long it was connected, and how long is waited then: only after more than the longest wait it begins anew.
    for (connected, waited) in [(0, 6_400), (6_399, 6_400), (6_400, 6_400), (6_401, 100)] {
        discovery.connected(&"a", now);
        check_eq("NW-3", "who is dialled that is connected", &Vec::<&str>::new(), &discovery.due(u64::MAX));
        now += connected;
        discovery.lost(&"a", now);
        let again = discovery.next_wakeup();
        check_eq("NW-3", &format!("when it is dialled after {connected}"), &Some(now + waited), &again);
        now += waited;
        check_eq("NW-3", "who is dialled then", &vec!["a"], &discovery.due(now));
    }
    // It was connected once, and is not now, however long the dial takes.
    now += 100_000;
    discovery.lost(&"a", now);
    check_eq("NW-3", "when it is dialled after two tries", &Some(now + 200), &discovery.next_wakeup());
    discovery.lost(&"c", now);
    check_eq("NW-3", "who is dialled that is unknown", &vec!["a"], &discovery.due(now + 100_000));
    40
}

/// A time between two tries that is too long to be doubled stays at the end of time.
pub fn waits_do_not_overflow() -> u64 {
    for retry_ms in [u64::MAX >> 3, u64::MAX, (1 << 58) + 1] {
        let mut discovery = Discovery::new(retry_ms);
        discovery.bootstrap("a");
        for doubled in 0..8 {
            discovery.lost(&"a", 0);
            let exact = u128::from(retry_ms) << doubled.min(6);
            let expected = u64::try_from(exact).unwrap_or(u64::MAX);
            check_eq("NW-3", "when it is dialled again", &Some(expected), &discovery.next_wakeup());
        }
    }
    24
}

/// Whose quotas are kept is who has asked last, allowed or not.
pub fn who_has_asked_last_is_remembered() -> u64 {
    let hour = Quota::new(1, Duration::from_secs(3_600));
    let quotas = hour.map_or(QuotaTable::default(), |hour| QuotaTable::default().with(Protocol::Ping, hour));
    let limits = StreamLimits { per_peer: 9, total: 99, read_ms: 1, write_ms: 1, remembered: 2 };
    let mut inbound = Inbound::new(limits, quotas);
    check_eq("NW-7", "whether nobody asks", &true, &inbound.is_empty());
    for (peer, now, allowed) in
        [(1, 0, true), (2, 1, true), (1, 2, false), (3, 3, true), (1, 4, false), (2, 5, true)]
    {
        let opened = inbound.opened(PeerId(peer), Protocol::Ping, now);
        let asked = opened.map(|stream| inbound.asked(stream, &Request::Ping(1), now).is_ok());
        check_eq("NW-7", &format!("whether {peer} is allowed to ask at {now}"), &Some(allowed), &asked);
        check_eq("NW-7", "of how many it is kept", &true, &(inbound.remembered() <= 2));
    }
    6
}
