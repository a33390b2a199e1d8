//! The one row about the chain, and the values of the finalised state.

use redb::{ReadTransaction, WriteTransaction};

use super::{
    Damage, Root, StateChange, StoreError, Tip, What,
    kept::Kept,
    schema::{CHAIN, CHAIN_KEY, STATE},
    sealed::{Fields, Kind, seal, unsealed},
};
use crate::checkpoint::Interval;
use crate::pow::Anchored;

/// What is known of the chain beside its blocks. It is written with every transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ChainRow {
    pub(super) genesis: Root,
    pub(super) interval: Interval,
    pub(super) head: Tip,
    pub(super) finalised: Tip,
    /// The height below which blocks were pruned.
    pub(super) base: u64,
    /// The height up to which checkpoints were verified by reading them again.
    pub(super) verified_up_to: u64,
    /// The last slot with a vote.
    pub(super) voted_slot: u64,
    /// The height of the last anchored block.
    pub(super) anchored: u64,
}

const DAMAGED: Damage = Damage { what: What::Chain, height: 0 };

impl ChainRow {
    /// A chain that has its genesis.
    pub(super) fn new(genesis: Root, interval: Interval) -> Self {
        let tip = Tip { height: 0, root: genesis };
        ChainRow {
            genesis,
            interval,
            head: tip,
            finalised: tip,
            base: 0,
            verified_up_to: 0,
            voted_slot: 0,
            anchored: 0,
        }
    }

    pub(super) fn anchored(&self) -> Anchored {
        Anchored { anchored: self.anchored, finalised: self.finalised.height }
    }

    /// Whether a canonical height is stored: it is neither above the head nor pruned.
    pub(super) fn keeps(&self, height: u64) -> bool {
        height <= self.head.height && (height >= self.base || height == 0 || self.interval.is_due(height))
    }

    fn to_row(&self) -> Vec<u8> {
        let mut row = self.genesis.to_vec();
        row.extend(self.interval.get().to_le_bytes());
        for tip in [self.head, self.finalised] {
            row.extend(tip.height.to_le_bytes());
            row.extend(tip.root);
        }
        for number in [self.base, self.verified_up_to, self.voted_slot, self.anchored] {
            row.extend(number.to_le_bytes());
        }
        seal(Kind::Chain, CHAIN_KEY.as_bytes(), &mut row);
        row
    }

    fn from_row(row: &[u8]) -> Option<Self> {
        let mut fields = Fields(unsealed(Kind::Chain, CHAIN_KEY.as_bytes(), row)?);
        let genesis = fields.bytes()?;
        let interval = Interval::new(fields.number()?).ok()?;
        let head = Tip { height: fields.number()?, root: fields.bytes()? };
        let finalised = Tip { height: fields.number()?, root: fields.bytes()? };
        Some(ChainRow {
            genesis,
            interval,
            head,
            finalised,
            base: fields.number()?,
            verified_up_to: fields.number()?,
            voted_slot: fields.number()?,
            anchored: fields.number()?,
        })
    }

    pub(super) fn read(transaction: &ReadTransaction) -> Result<Self, StoreError> {
        let table = transaction.open_table(CHAIN)?;
        let row = table.get(CHAIN_KEY)?.ok_or(DAMAGED)?;
        Ok(ChainRow::from_row(row.value()).ok_or(DAMAGED)?)
    }

    pub(super) fn write(&self, transaction: &WriteTransaction) -> Result<(), StoreError> {
        Kept::new(transaction.open_table(CHAIN)?).insert(CHAIN_KEY, self.to_row().as_slice())?;
        Ok(())
    }
}

/// Applies changes of the finalised state.
pub(super) fn change(transaction: &WriteTransaction, changes: &[StateChange]) -> Result<(), StoreError> {
    let mut table = Kept::new(transaction.open_table(STATE)?);
    for (key, value) in changes {
        match value {
            Some(value) => {
                let mut row = value.clone();
                seal(Kind::State, key, &mut row);
                table.insert(key.as_slice(), row.as_slice())?;
            }
            None => drop(table.remove(key.as_slice())?),
        }
    }
    Ok(())
}

/// Reads a value of the finalised state.
pub(super) fn value(transaction: &ReadTransaction, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
    let table = transaction.open_table(STATE)?;
    let Some(row) = table.get(key)? else { return Ok(None) };
    let value = unsealed(Kind::State, key, row.value()).ok_or(Damage { what: What::State, height: 0 })?;
    Ok(Some(value.to_vec()))
}
