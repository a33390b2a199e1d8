//! A small real state: balances, and transfers between them.

use alys_wire::containers::{BlockBody, Hash256, Transaction};

use super::StateTransition;
use super::trie::Trie;

/// The length of a transfer in bytes.
pub const TRANSFER_BYTES: usize = 24;

/// Moves an amount from one account to another.
///
/// ```
/// use alys_chain::transition::Transfer;
///
/// let transfer = Transfer { from: 1, to: 2, amount: 3 };
/// assert_eq!(Transfer::read(&transfer.to_bytes()), Some(transfer));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Whose balance falls.
    pub from: u64,
    /// Whose balance rises.
    pub to: u64,
    /// By how much.
    pub amount: u64,
}

impl Transfer {
    /// Three numbers, little-endian.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; TRANSFER_BYTES] {
        let mut bytes = [0; TRANSFER_BYTES];
        for (place, number) in bytes.chunks_exact_mut(8).zip([self.from, self.to, self.amount]) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// The same as a transaction of a block.
    #[must_use]
    pub fn to_transaction(&self) -> Transaction {
        let mut transaction = Transaction::default();
        for byte in self.to_bytes() {
            // A transfer is far shorter than a transaction may be.
            let _ = transaction.push(byte);
        }
        transaction
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote; `None` for anything of another length.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let (numbers, rest) = bytes.as_chunks::<8>();
        match (numbers, rest) {
            ([from, to, amount], []) => Some(Transfer {
                from: u64::from_le_bytes(*from),
                to: u64::from_le_bytes(*to),
                amount: u64::from_le_bytes(*amount),
            }),
            _ => None,
        }
    }
}

/// Why a body cannot be executed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransferError {
    /// A transaction is no transfer.
    #[error("transaction {index} has {len} bytes, a transfer has {TRANSFER_BYTES}")]
    Malformed {
        /// Which transaction.
        index: usize,
        /// How long it is.
        len: usize,
    },
    /// An account has less than is to be moved.
    #[error("transaction {index} moves {amount} from account {from}, which has {balance}")]
    Insufficient {
        /// Which transaction.
        index: usize,
        /// Whose balance it is.
        from: u64,
        /// What the account has.
        balance: u64,
        /// What is to be moved.
        amount: u64,
    },
}

/// More is given out at genesis than a balance can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the balances at genesis add up to more than {}", u64::MAX)]
pub struct SupplyOverflow;

/// Balances by account, in a Merkle trie. Clones share what they have in common.
///
/// ```
/// use alys_chain::transition::Balances;
///
/// let balances = Balances::genesis(&[(1, 100), (2, 50)]).unwrap();
/// assert_eq!(balances.of(1), 100);
/// assert_eq!(balances.of(3), 0);
/// assert_eq!(Balances::genesis(&[(2, 50), (1, 100)]).unwrap().root(), balances.root());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balances {
    // invariant: nothing in it is 0, and all of it adds up to at most u64::MAX, so no transfer overflows
    trie: Trie,
}

impl Balances {
    /// Gives out what there will ever be. An account that is named twice gets both amounts.
    ///
    /// # Errors
    ///
    /// [`SupplyOverflow`] when it adds up to more than a balance can hold.
    pub fn genesis(accounts: &[(u64, u64)]) -> Result<Self, SupplyOverflow> {
        let mut balances = Balances::default();
        let mut supply = 0_u64;
        for (account, amount) in accounts {
            supply = supply.checked_add(*amount).ok_or(SupplyOverflow)?;
            balances.set(*account, balances.of(*account) + amount);
        }
        Ok(balances)
    }

    /// The balance of an account, 0 if it has never been heard of.
    #[must_use]
    pub fn of(&self, account: u64) -> u64 {
        self.trie.get(account).unwrap_or(0)
    }

    /// The root of the trie: a function of the balances, however they came about.
    #[must_use]
    pub fn root(&self) -> Hash256 {
        self.trie.root()
    }

    /// All accounts that have something, in order: what [`genesis`](Self::genesis) makes the same balances from.
    #[must_use]
    pub fn accounts(&self) -> Vec<(u64, u64)> {
        self.trie.entries()
    }

    fn set(&mut self, account: u64, balance: u64) {
        self.trie = match balance {
            0 => self.trie.without(account),
            _ => self.trie.with(account, balance),
        };
    }
}

/// The transition that executes [`Transfer`]s. Who may move what is not its business: nothing is signed by accounts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transfers;

impl StateTransition for Transfers {
    type State = Balances;
    type Error = TransferError;

    fn apply(&self, state: &Balances, body: &BlockBody) -> Result<Balances, TransferError> {
        let mut next = state.clone();
        for (index, transaction) in body.transactions.iter().enumerate() {
            let malformed = TransferError::Malformed { index, len: transaction.len() };
            let Transfer { from, to, amount } = Transfer::read(transaction).ok_or(malformed)?;
            let balance = next.of(from);
            let insufficient = TransferError::Insufficient { index, from, balance, amount };
            next.set(from, balance.checked_sub(amount).ok_or(insufficient)?);
            next.set(to, next.of(to) + amount);
        }
        Ok(next)
    }

    fn root(&self, state: &Balances) -> Hash256 {
        state.root()
    }
}
