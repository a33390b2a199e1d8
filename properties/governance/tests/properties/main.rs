//! Every property of governance, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod byzantine;
    mod faults;
    mod fuzzing;
    mod governance;
    mod laws;
    mod vectors;
}
