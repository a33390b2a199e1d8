//! Settings, addresses and identities, and what cannot be started (NW-7).

use alys_engines::violation::{check_eq, violated};

use super::alys::config::{Config, ConnectionLimits, is_loopback};
use super::alys::core::StreamLimits;
use super::alys::error::{ReachError, StartError};
use super::alys::identity::{keypair, number_of};
use super::alys::shell::Libp2pNetwork;
use super::rig::{Rig, quick, run};

/// Each setting with 0 is refused by its name, and every other one is as it was.
pub fn every_setting_is_bounded() -> u64 {
    let whole = Config::default();
    check_eq("NW-7", "whether the defaults are allowed", &true, &whole.check().is_ok());
    let of = |change: fn(&mut ConnectionLimits)| {
        let mut connections = Config::default().connections;
        change(&mut connections);
        Config { connections, ..Config::default() }
    };
    let streams = |change: fn(&mut StreamLimits)| {
        let mut streams = Config::default().streams;
        change(&mut streams);
        Config { streams, ..Config::default() }
    };
    let cases = [
        ("connections.incoming", of(|limits| limits.incoming = 0)),
        ("connections.outgoing", of(|limits| limits.outgoing = 0)),
        ("connections.per_peer", of(|limits| limits.per_peer = 0)),
        ("connections.pending_incoming", of(|limits| limits.pending_incoming = 0)),
        ("connections.pending_outgoing", of(|limits| limits.pending_outgoing = 0)),
        ("memory_bytes", Config { memory_bytes: 0, ..whole.clone() }),
        ("streams.per_peer", streams(|limits| limits.per_peer = 0)),
        ("streams.total", streams(|limits| limits.total = 0)),
        ("streams.read_ms", streams(|limits| limits.read_ms = 0)),
        ("streams.write_ms", streams(|limits| limits.write_ms = 0)),
        ("streams.remembered", streams(|limits| limits.remembered = 0)),
        ("requests", Config { requests: 0, ..whole.clone() }),
        ("bans", Config { bans: 0, ..whole.clone() }),
        ("heard_ms", Config { heard_ms: 0, ..whole.clone() }),
        ("heard", Config { heard: 0, ..whole.clone() }),
        ("retry_ms", Config { retry_ms: 0, ..whole.clone() }),
        ("handshake_ms", Config { handshake_ms: 0, ..whole.clone() }),
        ("ping_ms", Config { ping_ms: 0, ..whole.clone() }),
        ("pong_ms", Config { pong_ms: 0, ..whole.clone() }),
        ("goodbye_ms", Config { goodbye_ms: 0, ..whole.clone() }),
        ("heartbeat_ms", Config { heartbeat_ms: 0, ..whole.clone() }),
        ("refresh_ms", Config { refresh_ms: 0, ..whole }),
    ];
    let count = cases.len() as u64;
    for (name, config) in cases {
        let said = config.check().map_err(|why| why.to_string());
        check_eq("NW-7", "what is said of it", &Err(format!("{name} is 0: it must be at least 1")), &said);
    }
    count
}

/// An address is one of this machine, of TCP or of QUIC, unless others are allowed; the rest is refused by kind.
pub fn addresses_are_told_apart() -> u64 {
    let kind =
        |text: &str, beyond_loopback| match (Config { beyond_loopback, ..Config::default() }).address(text) {
            Ok(_) => "fine",
            Err(StartError::NoAddress { .. }) => "none",
            Err(StartError::Unsupported { .. }) => "unsupported",
            Err(StartError::NotLoopback { .. }) => "far",
            Err(other) => violated("NW-7", other.to_string()),
        };
    let cases = [
        ("/ip4/127.0.0.1/tcp/0", "fine", "fine"),
        ("/ip4/127.9.9.9/tcp/9000", "fine", "fine"),
        ("/ip6/::1/tcp/9000", "fine", "fine"),
        ("/ip4/127.0.0.1/udp/9000/quic-v1", "fine", "fine"),
        ("/ip6/::1/udp/9000/quic-v1", "fine", "fine"),
        ("/ip4/0.0.0.0/tcp/9000", "far", "fine"),
        ("/ip4/192.0.2.1/tcp/9000", "far", "fine"),
        ("/ip6/2001:db8::1/udp/1/quic-v1", "far", "fine"),
        ("/dns4/localhost/tcp/9000", "unsupported", "unsupported"),
        ("/ip4/127.0.0.1/udp/9000", "unsupported", "unsupported"),
        ("/ip4/127.0.0.1/tcp/9000/ws", "unsupported", "unsupported"),
        ("/ip4/127.0.0.1", "unsupported", "unsupported"),
        ("127.0.0.1:9000", "none", "none"),
        ("/ip4/127.0.0.1/tcp", "none", "none"),
        ("/ip4/127.0.0.1/tcp/65536", "none", "none"),
        ("", "unsupported", "unsupported"),
    ];
    for (text, near, any) in cases {
        check_eq("NW-7", &format!("what {text:?} is"), &(near, any), &(kind(text, false), kind(text, true)));
    }
    cases.len() as u64
}

/// An address is of this machine if it begins here and leads nowhere else: of several, transports dial the last one.
pub fn what_leads_away_is_far() -> u64 {
    let cases = [
        ("/ip4/127.0.0.1/tcp/1", true),
        ("/ip6/::1/udp/1/quic-v1", true),
        ("/ip4/127.0.0.1/tcp/1/ip4/127.0.0.1/tcp/2", true),
        ("/ip4/127.0.0.1/tcp/1/ip6/::1/tcp/2", true),
        ("/ip4/127.0.0.1/tcp/1/ip4/192.0.2.1/tcp/80", false),
        ("/ip4/127.0.0.1/tcp/1/ip6/2001:db8::1/tcp/80", false),
        ("/ip6/::1/tcp/1/ip4/127.0.0.1/tcp/2/ip4/192.0.2.1/tcp/80", false),
        ("/ip4/192.0.2.1/tcp/80/ip4/127.0.0.1/tcp/1", false),
        ("/ip6/::ffff:192.0.2.1/tcp/1", false),
        ("/tcp/1/ip4/127.0.0.1/tcp/1", false),
        ("/dns4/localhost/tcp/1", false),
        ("", false),
    ];
    for (text, near) in cases {
        let address = text.parse().unwrap_or_else(|why| violated("NW-7", format!("{text:?}: {why}")));
        check_eq("NW-7", &format!("whether {text:?} is of this machine"), &near, &is_loopback(&address));
    }
    cases.len() as u64
}

/// The same seed is the same node, and the number of a peer is the beginning of its id's hash.
pub fn identities_follow_from_their_seeds() -> u64 {
    use sha2::{Digest as _, Sha256};
    let mut numbers = std::collections::BTreeSet::new();
    for seed in 0..64 {
        let made = [0, 1].map(|_| keypair(seed).map(|key| key.public().to_peer_id()));
        let [Ok(one), Ok(again)] = made else { violated("NW-3", "no key") };
        check_eq("NW-3", "the id of a seed", &one, &again);
        let digest = Sha256::digest(one.to_bytes());
        let expected = (0..8).fold(0_u64, |number, place| number | u64::from(digest[place]) << (8 * place));
        check_eq("NW-3", "the number of an id", &expected, &number_of(&one).0);
        numbers.insert(expected);
    }
    check_eq("NW-3", "how many ids there are", &64, &numbers.len());
    64
}

/// What cannot be started or reached says why, by kind.
pub fn what_cannot_be_says_why() -> u64 {
    run("errors", async {
        let mut rig = Rig::new();
        for listen in ["/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"] {
            rig.add(0, &Config { listen: vec![listen.to_owned()], ..quick() });
            let address = rig.address(0).await;
            let taken = address.split("/p2p").next().unwrap_or_default().to_owned();
            let start = |config: &Config| match keypair(9) {
                Ok(key) => Libp2pNetwork::start(config, key, rig.wall()).map(drop),
                Err(why) => violated("NW-7", why.to_string()),
            };
            let in_use = start(&Config { listen: vec![taken], ..quick() });
            check_eq("NW-7", "an address in use", &true, &matches!(in_use, Err(StartError::InUse { .. })));
            let far = vec!["/ip4/192.0.2.1/tcp/1".to_owned()];
            let listening = start(&Config { listen: far.clone(), ..quick() });
            check_eq(
                "NW-7",
                "to listen afar",
                &true,
                &matches!(listening, Err(StartError::NotLoopback { .. })),
            );
            let dialling = start(&Config { bootstrap: far.clone(), ..quick() });
            check_eq("NW-7", "to dial afar", &true, &matches!(dialling, Err(StartError::NotLoopback { .. })));
            let wrong = start(&Config { bans: 0, ..quick() });
            check_eq(
                "NW-7",
                "a setting",
                &true,
                &matches!(wrong, Err(StartError::Setting { field: "bans", .. })),
            );
            let strange = Config { listen: far, beyond_loopback: true, ..quick() };
            check_eq(
                "NW-7",
                "an address of nobody here",
                &true,
                &matches!(start(&strange), Err(StartError::Listen { .. })),
            );
            cannot_be_reached(&mut rig, listen, &address).await;
        }
        2
    })
}

async fn cannot_be_reached(rig: &mut Rig, listen: &str, address: &str) {
    rig.nets.clear();
    rig.add(1, &quick());
    if listen.contains("tcp") {
        let nobody = rig.net(1).reach(address).await;
        check_eq("NW-7", "nobody there", &true, &matches!(nobody, Err(ReachError::Unreachable { .. })));
    }
    let none = rig.net(1).reach("nowhere").await;
    check_eq(
        "NW-7",
        "no address",
        &true,
        &matches!(none, Err(ReachError::Address(StartError::NoAddress { .. }))),
    );
    let far = rig.net(1).reach("/ip4/192.0.2.1/tcp/1").await;
    check_eq(
        "NW-7",
        "too far",
        &true,
        &matches!(far, Err(ReachError::Address(StartError::NotLoopback { .. }))),
    );
    rig.net(1).shut_down();
    let ended = rig.net(1).reach("/ip4/127.0.0.1/tcp/1").await;
    check_eq("NW-7", "when it has ended", &true, &matches!(ended, Err(ReachError::Ended { .. })));
    rig.nets.clear();
}
