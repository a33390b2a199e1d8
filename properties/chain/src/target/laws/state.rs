//! The state transition: balances, their root, and transfers.

use std::collections::BTreeMap;

use alys_engines::draw::SplitMix;
use alys_engines::violation::check_eq;
use alys_models::chain::Payment;
use alys_wire::containers::Hash256;
use ethereum_hashing::hash;

use super::super::alys::transition::{
    Balances, StateTransition, SupplyOverflow, Transfer, TransferError, Transfers,
};
use crate::planned::body;

/// The root by its definition: nothing, a hash of the only entry, or of the roots of both halves behind the first bit at which keys part.
fn root(entries: &[(u64, u64)], bit: u32) -> Hash256 {
    match entries {
        [] => Hash256::ZERO,
        [(key, value)] => Hash256::from_slice(&hash(&[key.to_le_bytes(), value.to_le_bytes()].concat())),
        _ => {
            let on_the_right = |(key, _): &(u64, u64)| key >> (63 - bit) & 1 == 1;
            let (right, left): (Vec<_>, Vec<_>) = entries.iter().partition(|entry| on_the_right(entry));
            if left.is_empty() || right.is_empty() {
                return root(entries, bit + 1);
            }
            let halves = [left, right].map(|half| root(&half, bit + 1));
            Hash256::from_slice(&hash(&[halves[0].0, halves[1].0].concat()))
        }
    }
}

fn entries(ledger: &BTreeMap<u64, u64>) -> Vec<(u64, u64)> {
    ledger
        .iter()
        .filter(|(_, balance)| **balance > 0)
        .map(|(account, balance)| (*account, *balance))
        .collect()
}

/// Accounts that share long beginnings, and some that do not.
const ACCOUNTS: [u64; 12] = [
    0,
    1,
    2,
    3,
    1 << 63,
    (1 << 63) + 1,
    u64::MAX,
    u64::MAX - 1,
    1 << 32,
    (1 << 32) + 1,
    (1 << 32) + 2,
    5 << 61,
];

/// Random transfers, beside a map: balances, entries, root, and errors.
pub(super) fn roots() {
    let mut draw = SplitMix(7);
    for _ in 0..60 {
        let start: Vec<(u64, u64)> =
            (0..draw.next() % 5).map(|_| (pick(&mut draw), draw.next() % 9)).collect();
        let mut ledger: BTreeMap<u64, u64> = BTreeMap::new();
        for (account, amount) in &start {
            *ledger.entry(*account).or_default() += amount;
        }
        let mut balances = Balances::genesis(&start).expect("little");
        for _ in 0..20 {
            let (from, to) = (pick(&mut draw), pick(&mut draw));
            let balance = ledger.get(&from).copied().unwrap_or(0);
            let amount = [balance, balance / 2, balance + 1, 0, 1][(draw.next() % 5) as usize];
            let executed = Transfers.apply(&balances, &body(&[Payment::Of { from, to, amount }]));
            if amount > balance {
                let expected = TransferError::Insufficient { index: 0, from, balance, amount };
                check_eq("CH-1", "a transfer of too much", &Err(expected), &executed);
                continue;
            }
            balances = executed.unwrap_or_else(|error| panic!("a sound transfer is refused: {error}"));
            ledger.insert(from, balance - amount);
            *ledger.entry(to).or_default() += amount;
            check_eq("CH-1", "the accounts", &entries(&ledger), &balances.accounts());
            check_eq("CH-1", "the root", &root(&entries(&ledger), 0), &Transfers.root(&balances));
            let anew = Balances::genesis(&entries(&ledger)).expect("little");
            check_eq("CH-1", "the same balances, however they came about", &anew, &balances);
            for account in ACCOUNTS {
                let expected = ledger.get(&account).copied().unwrap_or(0);
                check_eq("CH-1", "a balance", &expected, &balances.of(account));
            }
        }
        let supply =
            |balances: &Balances| balances.accounts().iter().map(|(_, balance)| balance).sum::<u64>();
        let given: u64 = start.iter().map(|(_, amount)| amount).sum();
        check_eq("CH-1", "the supply", &given, &supply(&balances));
    }
}

fn pick(draw: &mut SplitMix) -> u64 {
    ACCOUNTS[(draw.next() % ACCOUNTS.len() as u64) as usize]
}

/// A state is what it was, whatever is made of it; what was emptied is as if it had never been.
pub(super) fn versions() {
    let first = Balances::genesis(&[(1, 5), (2, 5), (1 << 63, 1)]).expect("little");
    let kept = (first.root(), first.accounts());
    let mut last = first.clone();
    for (from, to) in [(1, 3), (2, 3), (1 << 63, 3), (3, 9), (9, 1)] {
        let amount = last.of(from);
        last = Transfers.apply(&last, &body(&[Payment::Of { from, to, amount }])).expect("sound");
    }
    check_eq("CH-1", "the first version", &kept, &(first.root(), first.accounts()));
    check_eq("CH-1", "all in one account", &vec![(1, 11)], &last.accounts());
    let alone = Balances::genesis(&[(1, 11)]).expect("little");
    check_eq("CH-1", "the root of one account, however it came about", &alone.root(), &last.root());
    check_eq("CH-1", "whether both are the same", &alone, &last);
}

pub(super) fn transfers() {
    let transfer = Transfer { from: 1, to: 1 << 56, amount: 0x0102 };
    let mut bytes = [0; 24];
    (bytes[0], bytes[15], bytes[16], bytes[17]) = (1, 1, 2, 1);
    check_eq("CH-1", "a transfer in bytes", &bytes, &transfer.to_bytes());
    check_eq("CH-1", "a transfer as a transaction", &bytes[..], &transfer.to_transaction()[..]);
    check_eq("CH-1", "a transfer from bytes", &Some(transfer), &Transfer::read(&bytes));
    for len in [0, 8, 23, 25, 32, 48] {
        check_eq("CH-1", "whether other lengths are one", &None, &Transfer::read(&vec![0; len]));
    }
    let genesis = Balances::genesis(&[(1, 3), (2, 1)]).expect("little");
    let pays = |from, to, amount| Payment::Of { from, to, amount };
    let apply =
        |payments: &[Payment]| Transfers.apply(&genesis, &body(payments)).map(|after| after.accounts());
    check_eq(
        "CH-1",
        "one after the other",
        &Ok(vec![(2, 2), (3, 2)]),
        &apply(&[pays(1, 2, 3), pays(2, 3, 2)]),
    );
    check_eq("CH-1", "to oneself", &Ok(vec![(1, 3), (2, 1)]), &apply(&[pays(1, 1, 3)]));
    let poor = TransferError::Insufficient { index: 1, from: 1, balance: 1, amount: 2 };
    check_eq("CH-1", "the second one fails", &Err(poor), &apply(&[pays(1, 2, 2), pays(1, 2, 2)]));
    let malformed = TransferError::Malformed { index: 1, len: 5 };
    check_eq("CH-1", "no transfer", &Err(malformed), &apply(&[pays(1, 2, 2), Payment::Junk { len: 5 }]));
    let most = Balances::genesis(&[(1, u64::MAX)]).map(|all| all.of(1));
    check_eq("CH-1", "all there can be", &Ok(u64::MAX), &most);
    check_eq(
        "CH-1",
        "more than there can be",
        &Err(SupplyOverflow),
        &Balances::genesis(&[(1, u64::MAX), (2, 1)]),
    );
    let twice = Balances::genesis(&[(1, 2), (1, 3)]).map(|both| both.of(1));
    check_eq("CH-1", "one account twice", &Ok(5), &twice);
}
