//! Checkpoints: what they bind, how they chain, and how they are verified.
