//! Reference models.
