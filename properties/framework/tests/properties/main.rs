//! Every property of the framework's own verdicts and records, in one binary.

#[path = "."]
mod properties {
    mod house_faults;
    mod laws;
}
