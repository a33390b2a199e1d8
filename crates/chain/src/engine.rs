//! The engine: events and the time in, effects out.
