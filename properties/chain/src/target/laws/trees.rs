//! Trees, asked about blocks that are not there.

use alys_engines::violation::check_eq;
use alys_wire::containers::{BlockHeader, Hash256};

use super::super::alys::tree::{Node, Tree};

pub(super) fn strangers() {
    let genesis = BlockHeader::default();
    let (base, stranger) = (genesis.root(), Hash256::repeat_byte(9));
    let node = |header: BlockHeader| Node { header, block: None, state: () };
    let mut tree = Tree::new(base, node(genesis));
    let above = BlockHeader { parent_root: base, height: 1, slot: 1, ..BlockHeader::default() };
    let top = above.root();
    tree.insert(top, node(above));
    check_eq("CH-3", "how many there are", &2, &tree.len());
    for (of, ancestor, expected) in [
        (top, base, true),
        (top, top, true),
        (base, top, false),
        (stranger, base, false),
        (base, stranger, false),
        (stranger, stranger, false),
    ] {
        check_eq("CH-3", "whether one descends from the other", &expected, &tree.descends(of, ancestor));
    }
    check_eq("CH-3", "a chain of nothing", &0, &tree.chain(stranger).count());
    check_eq("CH-3", "whether a chain is better than itself", &false, &tree.better(top, top));
    check_eq("CH-3", "whether a longer chain is better", &true, &tree.better(top, base));
    check_eq("CH-3", "whether any chain is better than none", &true, &tree.better(base, stranger));
    check_eq("CH-3", "the way to itself", &(vec![], vec![]), &tree.path(top, top));
    check_eq("CH-3", "the way up", &(vec![], vec![top]), &tree.path(base, top));
    check_eq("CH-3", "the way down", &(vec![top], vec![]), &tree.path(top, base));
    check_eq("CH-3", "the way to nowhere", &(vec![top, base], vec![]), &tree.path(top, stranger));
}
