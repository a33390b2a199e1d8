//! MB-1 to MB-13, OT-1 to OT-4, SV-1 to SV-10: our own implementations obey every clause that the kit knows, one test each.
//! Those on our chain store and on our node are judged once, with the table.
//!
//! Engine: sequential

mod mailbox {
    alys_conformance::mailbox_tests!(alys_conformance::adapters::AlysMailbox);
}

mod supervisor {
    alys_conformance::supervisor_tests!(alys_conformance::adapters::AlysSupervisor);
}

mod tracker {
    alys_conformance::tracker_tests!(alys_conformance::adapters::AlysTracker);
}
