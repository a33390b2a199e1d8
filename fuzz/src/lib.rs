//! The frame for the fuzz targets.
//!
//! A target is at most 30 lines and calls a body in `alys-properties`, so that a plain test replays its corpus. There
//! is none yet: the first ones come with the wire codec.
