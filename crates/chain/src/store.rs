//! The store: what is durable of the chain, and in which order it becomes so.
