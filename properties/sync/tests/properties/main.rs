//! The properties of sync: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod fuzzing;
    mod house_faults;
    mod laws;
    mod plans;
    mod plans_failing;
    mod tcp;
}
