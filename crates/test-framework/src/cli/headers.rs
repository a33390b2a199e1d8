//! `alys-test headers`.

use std::path::PathBuf;

use alys_chain::pow::Network;
use alys_test_framework::{Wanted, write_headers};
use clap::{Args, ValueEnum};

use super::output::{complain, say};

/// Writes raw headers of Bitcoin to a file, from the REST interface of a node; every one is validated.
#[derive(Debug, Args)]
pub(super) struct Headers {
    /// Where the node listens, as in `http://127.0.0.1:8332`; it must run with `-rest`.
    #[arg(long, value_name = "URL")]
    from: String,
    /// The file; it takes its name when it is whole.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// How many headers at most; all when it is left out.
    #[arg(long)]
    count: Option<u64>,
    /// The height of the first one: 0, or a multiple of 2016, which is then trusted.
    #[arg(long, default_value_t = 0)]
    first: u64,
    /// Which chain the node has.
    #[arg(long, value_enum, default_value_t = Chain::Mainnet)]
    network: Chain,
}

/// A chain that can be asked for.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Chain {
    /// Bitcoin itself.
    Mainnet,
    /// A private chain.
    Regtest,
}

impl Headers {
    pub(super) fn run(self) -> u8 {
        let network = match self.network {
            Chain::Mainnet => Network::Mainnet,
            Chain::Regtest => Network::Regtest,
        };
        let from = self.from.trim_end_matches('/').to_owned();
        let wanted = Wanted { from, network, first: self.first, count: self.count };
        match write_headers(&wanted, &self.out) {
            Ok(count) => {
                say(&format!("{count} headers from height {} in {}", self.first, self.out.display()));
                0
            }
            Err(error) => {
                complain(&format!("error: {error}"));
                2
            }
        }
    }
}
