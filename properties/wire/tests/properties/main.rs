//! Every property of the wire format, in one binary: `cargo test --release properties` selects by this module's name.

#[path = "."]
mod properties {
    mod house_wire;
    mod wire_bodies;
    mod wire_encoding;
    mod wire_errors;
    mod wire_fuzzing;
    mod wire_hostile;
    mod wire_rates;
    mod wire_speed;
    mod wire_streams;
    mod wire_vectors;
}
