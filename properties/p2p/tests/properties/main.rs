//! The properties of the network: `cargo test --release --workspace properties` selects by this module's name.

#[path = "."]
mod properties {
    mod house_faults;
    mod laws;
}
