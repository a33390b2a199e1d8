//! Writes the golden frames anew: `cargo run --release -p alys-wire-properties --example golden`.
//!
//! They are committed because they must not change: a difference is another wire format.

use std::{fs, io};

use alys_wire_properties::laws::encoding;
use alys_wire_properties::real::Wire;

fn main() -> io::Result<()> {
    fs::write(encoding::vectors().join("golden.txt"), encoding::golden_text::<Wire>())
}
