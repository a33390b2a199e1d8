//! Laws of targets: compact forms, and the retarget of our own chain.

use std::num::NonZeroU64;

use alys_engines::violation::{check_eq, violated};
use bitcoin::{
    BlockHash, CompactTarget, Target,
    hashes::Hash as _,
    params::{MAINNET, REGTEST},
};
use ruint::{Uint, aliases::U256};

use super::{
    alys::pow::{Bits, BitsError, Network, PrivateNetwork, Retarget, RetargetError},
    mined::seeded,
};

fn bits(compact: u32) -> Bits {
    Bits::new(compact).unwrap_or_else(|error| violated("CH-10", error.to_string()))
}

/// What a compact form means, by its definition: a mantissa of 23 bits, and how many bytes the number has.
fn target(compact: u32) -> Option<U256> {
    let (size, mantissa) = (compact >> 24, compact & 0x7f_ffff);
    let negative = compact & 0x80_0000 != 0;
    let shifted = if size <= 3 {
        U256::from(mantissa >> (8 * (3 - size)))
    } else {
        U256::from(mantissa).checked_mul(U256::from(256).checked_pow(U256::from(size - 3))?)?
    };
    (!negative && shifted > U256::ZERO).then_some(shifted)
}

/// The shortest compact form, by its definition: as few bytes as leave the highest bit of the mantissa clear.
fn written(target: U256) -> u32 {
    let size = target.bit_len() / 8 + 1;
    let mantissa = if size <= 3 { target << (8 * (3 - size)) } else { target >> (8 * (size - 3)) };
    (size as u32) << 24 | (mantissa & U256::from(0x7f_ffff)).to::<u32>()
}

/// A compact form is accepted exactly when it means a target and no shorter form does.
pub fn compact_forms_are_canonical() -> u64 {
    let mut mix = seeded(4);
    let edges =
        [0, 1, 0x0100_3456, 0x0101_0000, 0x0112_0000, 0x0180_0000, 0x0300_0001, 0x0200_8000, 0x1d00_ffff];
    let edges = edges.into_iter().chain([
        0x207f_ffff,
        0x2080_0000,
        0x217f_ffff,
        0x2100_ffff,
        0x2200_00ff,
        0xff00_0001,
    ]);
    let drawn: Vec<u32> =
        (0..20_000).map(|_| (mix.next() as u32 % 0x24) << 24 | mix.next() as u32 & 0xff_ffff).collect();
    let mut tried = 0;
    for compact in edges.chain(drawn) {
        let expected = target(compact).filter(|found| written(*found) == compact);
        let found = Bits::new(compact);
        check_eq(
            "CH-10",
            &format!("the target of {compact:#010x}"),
            &expected,
            &found.ok().map(Bits::target),
        );
        match found {
            Ok(found) => check_eq("CH-10", "the form", &compact, &found.compact()),
            Err(BitsError::NotPositive { bits } | BitsError::NotCanonical { bits, .. }) => {
                check_eq("CH-10", "what is refused", &compact, &bits);
            }
            Err(other) => violated("CH-10", other.to_string()),
        }
        tried += 1;
    }
    tried
}

/// Rounding goes down, by less than one part in 2^15, and a hash meets a target up to the last bit.
pub fn rounding_goes_down() -> u64 {
    let mut mix = seeded(5);
    for shift in 0..256 {
        let word = || U256::from(seeded(shift).next());
        let exact =
            (word() << 192 | U256::from(mix.next()) << 128 | U256::from(mix.next())) >> shift as usize;
        let rounded = Bits::rounded_down(exact);
        let least = U256::from(1);
        check_eq("CH-10", "rounding down", &true, &(rounded.target() <= exact.max(least)));
        check_eq("CH-10", "rounding by little", &true, &(rounded.target() >= exact - (exact >> 15)));
        check_eq("CH-10", "a rounded form", &Ok(rounded), &Bits::new(rounded.compact()));
        for (hash, meets) in [(rounded.target(), true), (rounded.target() + least, false), (least, true)] {
            let hash = BlockHash::from_byte_array(hash.to_le_bytes());
            check_eq("CH-10", "meeting a target", &meets, &rounded.is_met_by(hash));
        }
    }
    check_eq("CH-10", "a target of zero", &0x0101_0000, &Bits::rounded_down(U256::ZERO).compact());
    let limit = Network::Regtest.limit();
    check_eq("CH-10", "the limit", &Ok(limit), &Bits::within(limit.compact(), limit));
    let above = Bits::within(0x2100_8000, limit);
    check_eq("CH-10", "above the limit", &true, &above.is_err());
    let harder = bits(0x1d00_ffff);
    let refused = BitsError::AboveLimit { bits: 0x1d01_0000, limit: 0x1d00_ffff };
    check_eq("CH-10", "just above a limit", &Err(refused), &Bits::within(0x1d01_0000, harder));
    256 * 6 + 4
}

type Wide = Uint<512, 8>;

/// The retarget, by its definition in numbers that cannot overflow.
fn expected(old: U256, percent: u64, wanted: u64, seconds: u64, limit: U256) -> Bits {
    let old = Wide::from(old);
    let change = old * Wide::from(percent) / Wide::from(100);
    let scaled = old * Wide::from(seconds) / Wide::from(wanted);
    let clamped = scaled.clamp(old - change, old + change).min(Wide::from(limit)).max(Wide::from(1));
    let bytes = U256::from(clamped).to_be_bytes::<32>();
    bits(Target::from_be_bytes(bytes).to_compact_lossy().to_consensus())
}

/// Our retarget changes by at most its percentage before rounding, and stays in 1 to the limit.
pub fn our_retarget_is_bounded() -> u64 {
    let mut mix = seeded(6);
    let limits = [Network::Regtest.limit(), Network::Mainnet.limit(), bits(0x0210_0000)];
    let mut tried = 0;
    for limit in limits {
        for percent in [1, 2, 25, 50, 99, 100] {
            for wanted in [1, 600, 100_000, u64::MAX] {
                let retarget = Retarget::new(percent, wanted, limit)
                    .unwrap_or_else(|error| violated("CH-10", error.to_string()));
                check_eq("CH-10", "the limit", &limit, &retarget.limit());
                for _ in 0..20 {
                    let seconds = [
                        0,
                        1,
                        wanted / 2,
                        wanted,
                        wanted.saturating_mul(2),
                        u64::MAX,
                        mix.next() % 1_000_000,
                    ];
                    let old = Bits::rounded_down(
                        (limit.target() >> (mix.next() % 240) as usize).max(U256::from(1)),
                    );
                    for seconds in seconds {
                        let next = retarget.next(old, seconds);
                        let model =
                            expected(old.target(), u64::from(percent), wanted, seconds, limit.target());
                        check_eq("CH-10", "the next bits", &model, &next);
                        tried += 1;
                    }
                }
            }
        }
    }
    let limit = limits[0];
    check_eq("CH-10", "0 percent", &Err(RetargetError::Percent { percent: 0 }), &Retarget::new(0, 1, limit));
    check_eq(
        "CH-10",
        "101 percent",
        &Err(RetargetError::Percent { percent: 101 }),
        &Retarget::new(101, 1, limit),
    );
    check_eq("CH-10", "no time", &Err(RetargetError::NoTime), &Retarget::new(1, 0, limit));
    tried + 3
}

/// A private network has the rules of Bitcoin, and its own limit, interval and time.
fn a_private_network_has_its_own_numbers() {
    let limit = Bits::rounded_down(Network::Regtest.limit().target() >> 5);
    let [retarget_interval, retarget_seconds] =
        [7, 80].map(|number| NonZeroU64::MIN.saturating_add(number - 1));
    let network = Network::Private(PrivateNetwork { limit, retarget_interval, retarget_seconds });
    let numbers = (network.limit(), network.retarget_interval(), network.retarget_seconds());
    check_eq("CH-10", "the numbers of a private network", &(limit, 7, 80), &numbers);
    check_eq("CH-10", "its genesis", &Network::Regtest.genesis(), &network.genesis());
    let slowest = network.next_bits(limit, 320);
    check_eq("CH-10", "the easiest target, made four times easier", &limit, &slowest);
    let harder = Bits::rounded_down(limit.target() / U256::from(4));
    check_eq("CH-10", "the easiest target, made four times harder", &harder, &network.next_bits(limit, 0));
}

/// The bits of Bitcoin itself are those of another implementation: that of the `bitcoin` crate.
pub fn networks_are_bitcoins() -> u64 {
    check_eq("CH-10", "the limit of mainnet", &0x1d00_ffff, &Network::Mainnet.limit().compact());
    check_eq("CH-10", "the limit of regtest", &0x207f_ffff, &Network::Regtest.limit().compact());
    for network in [Network::Mainnet, Network::Regtest] {
        let numbers = (network.retarget_interval(), network.retarget_seconds());
        check_eq("CH-10", "the interval", &(2016, 1_209_600), &numbers);
        let genesis = network.genesis();
        check_eq(
            "CH-10",
            "the bits of the genesis",
            &network.limit().compact(),
            &genesis.bits.to_consensus(),
        );
        check_eq("CH-10", "its work", &true, &network.limit().is_met_by(genesis.block_hash()));
    }
    a_private_network_has_its_own_numbers();
    let (mut mix, mut tried) = (seeded(7), 12);
    for _ in 0..4_000 {
        let drawn = U256::from(mix.next()) << (mix.next() % 161) as usize;
        let old = Bits::rounded_down(drawn.min(Network::Mainnet.limit().target()));
        let seconds = match mix.next() % 4 {
            0 => {
                [302_399, 302_400, 302_401, 4_838_399, 4_838_400, 4_838_401, 0, -5][(mix.next() % 8) as usize]
            }
            _ => (mix.next() % 6_000_000) as i64,
        };
        for (network, params) in [(Network::Mainnet, &MAINNET), (Network::Regtest, &REGTEST)] {
            let last = CompactTarget::from_consensus(old.compact());
            let other = CompactTarget::from_next_work_required(last, seconds.max(0) as u64, params);
            check_eq(
                "CH-10",
                "the next bits",
                &other.to_consensus(),
                &network.next_bits(old, seconds).compact(),
            );
            tried += 1;
        }
    }
    tried
}
