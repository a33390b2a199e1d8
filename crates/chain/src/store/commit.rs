//! One commit: blocks first, then the head, then what is final.

use redb::WriteTransaction;

use super::{
    Commit, CommitRefused, Root, StoreError, Tip, schema,
    schema::Writing,
    state::{self, ChainRow},
};

/// Applies a commit inside a transaction; what it refuses is given up with the transaction.
pub(super) fn apply(
    transaction: &WriteTransaction,
    chain: &mut ChainRow,
    commit: &Commit,
) -> Result<(), StoreError> {
    let mut tables = schema::writing(transaction)?;
    for block in &commit.blocks {
        tables.insert(chain, block)?;
    }
    if let Some(head) = &commit.head {
        move_head(&mut tables, chain, head)?;
    }
    if let Some(finalised) = &commit.finalised {
        finalise(&mut tables, chain, finalised)?;
    }
    state::change(transaction, &commit.state)
}

fn known(tables: &Writing<'_>, root: &Root) -> Result<Tip, StoreError> {
    let height = tables.height(root)?.ok_or(CommitRefused::UnknownBlock { root: *root })?;
    Ok(Tip { height, root: *root })
}

/// Makes the way to a new head canonical: disconnects what it leaves, connects what it takes.
fn move_head(tables: &mut Writing<'_>, chain: &mut ChainRow, root: &Root) -> Result<(), StoreError> {
    let head = known(tables, root)?;
    let finalised = chain.finalised.height;
    let mut connected = Vec::new();
    let mut at = head;
    while tables.indexed(at.height)? != Some(at.root) {
        if at.height <= finalised {
            return Err(CommitRefused::CrossesFinalised { finalised }.into());
        }
        connected.push(at);
        let parent = tables.block(at.height, &at.root)?.parent;
        at = Tip { height: at.height - 1, root: parent };
    }
    if head.height < finalised {
        return Err(CommitRefused::CrossesFinalised { finalised }.into());
    }
    for height in head.height + 1..=chain.head.height {
        tables.canonical.remove(height)?;
    }
    for tip in connected.iter().rev() {
        tables.canonical.insert(tip.height, &tip.root)?;
    }
    chain.head = head;
    Ok(())
}

/// Makes a canonical block final, with the checkpoints that become due.
fn finalise(tables: &mut Writing<'_>, chain: &mut ChainRow, root: &Root) -> Result<(), StoreError> {
    let tip = known(tables, root)?;
    let (height, finalised) = (tip.height, chain.finalised.height);
    if height < finalised {
        return Err(CommitRefused::FinalisedBefore { height, finalised }.into());
    }
    if tables.indexed(height)? != Some(tip.root) {
        return Err(CommitRefused::NotCanonical { height }.into());
    }
    tables.make_due(chain, height)?;
    chain.finalised = tip;
    Ok(())
}
