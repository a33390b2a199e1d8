//! MB-1 to MB-13: our own mailbox obeys every clause that the kit knows, one test each.
//!
//! Engine: sequential

alys_conformance::mailbox_tests!(alys_conformance::adapters::AlysMailbox);
