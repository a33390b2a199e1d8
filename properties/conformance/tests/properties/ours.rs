//! MB-1 to MB-13, OT-1 to OT-4, SV-1 to SV-10, CH-1, CH-3, CH-5 to CH-8: our own implementations obey every clause that the kit knows, one test each.
//!
//! Engine: sequential

mod mailbox {
    alys_conformance::mailbox_tests!(alys_conformance::adapters::AlysMailbox);
}

mod supervisor {
    alys_conformance::supervisor_tests!(alys_conformance::adapters::AlysSupervisor);
}

mod chain_store {
    alys_conformance::chain_store_tests!(alys_conformance::adapters::AlysStoreOnDisk);
}

mod node {
    alys_conformance::chain_store_tests!(alys_conformance::adapters::AlysNode);
}

mod tracker {
    alys_conformance::tracker_tests!(alys_conformance::adapters::AlysTracker);
}
