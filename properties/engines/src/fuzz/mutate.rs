//! Mutations that know how an input is laid out: a beginning, then blocks of which each is one transition.
//!
//! A fuzzer that inserts one byte moves all that follow it, and every later transition becomes another. So most
//! mutations here take, leave and move whole blocks, or change one in its place; the fuzzer's own come in between.

use std::ops::Range;

use crate::{
    bytes::{BLOCK, START},
    draw::SplitMix,
};

/// The most blocks that one mutation moves.
const RUN_MAX: usize = 6;

/// Mutates the first `size` bytes of `data` in place and returns how many there are afterwards, at most `size_max`.
///
/// `plain` is the fuzzer's own mutation, which takes and returns the same. An input with no whole block, or sizes that do
/// not fit, are left to it.
pub fn mutated(
    data: &mut [u8],
    size: usize,
    size_max: usize,
    seed: u32,
    plain: impl FnOnce(&mut [u8], usize, usize) -> usize,
) -> usize {
    let size_max = size_max.min(data.len());
    let mut layout = Layout { blocks: size.saturating_sub(START) / BLOCK, mix: SplitMix(seed.into()) };
    if layout.blocks == 0 || size > size_max {
        return plain(data, size, size_max);
    }
    let end = at(layout.blocks);
    match layout.mix.next() % 8 {
        0 | 1 => plain(data, size, size_max),
        2 | 3 => {
            let place = layout.place();
            changed(&mut data[place], plain);
            size
        }
        4 => {
            let place = layout.run();
            data.copy_within(place.end..end, place.start);
            end - place.len()
        }
        5 => {
            let (place, to) = (layout.run(), layout.place().start);
            if end + place.len() <= size_max {
                repeated(data, place, to, end)
            } else {
                data.copy_within(place, at(0));
                end
            }
        }
        6 => {
            let (from, to) = (layout.place(), layout.place());
            let kept = block(data, to.start);
            data.copy_within(from.clone(), to.start);
            data[from].copy_from_slice(&kept);
            end
        }
        _ => {
            let (from, to) = (layout.place(), layout.place().start);
            data.copy_within(from, to);
            end
        }
    }
}

/// Which blocks there are, and where the next choice among them comes from.
struct Layout {
    blocks: usize,
    mix: SplitMix,
}

impl Layout {
    fn below(&mut self, bound: usize) -> usize {
        (self.mix.next() % bound as u64) as usize
    }

    /// The bytes of one block.
    fn place(&mut self) -> Range<usize> {
        let block = self.below(self.blocks);
        at(block)..at(block + 1)
    }

    /// The bytes of some blocks in a row.
    fn run(&mut self) -> Range<usize> {
        let first = self.below(self.blocks);
        let count = 1 + self.below(RUN_MAX.min(self.blocks - first));
        at(first)..at(first + count)
    }
}

/// Where a block begins.
const fn at(block: usize) -> usize {
    START + block * BLOCK
}

fn block(data: &[u8], start: usize) -> [u8; BLOCK] {
    std::array::from_fn(|index| data[start + index])
}

/// Changes bytes without moving those behind them; what the fuzzer leaves out counts as zeros.
fn changed(place: &mut [u8], plain: impl FnOnce(&mut [u8], usize, usize) -> usize) {
    let len = place.len();
    let left = plain(place, len, len).min(len);
    place[left..].fill(0);
}

/// Inserts a copy of some blocks at the beginning of a block.
fn repeated(data: &mut [u8], place: Range<usize>, to: usize, end: usize) -> usize {
    let copy = data[place].to_vec();
    data.copy_within(to..end, to + copy.len());
    data[to..to + copy.len()].copy_from_slice(&copy);
    end + copy.len()
}
