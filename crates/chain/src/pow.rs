//! AuxPoW, and the headers of the parent chain.
