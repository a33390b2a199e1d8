//! The adapter of the chain of headers.

use alys_conformance::chain::{
    ChainAnswer, ChainBlock, ChainCapabilities, ChainParameters, ChainStoreUnderTest, ChainTip, Root, TipRule,
};

use super::wrong::headers::{Header, Headers};

/// The chain with its three faults.
pub struct WrongHeaders(Headers);

fn header(block: &ChainBlock) -> Header {
    Header { id: block.root, parent: block.parent, height: block.height, slot: block.slot }
}

impl ChainStoreUnderTest for WrongHeaders {
    fn name() -> String {
        "bring your own headers".to_owned()
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities {
            tip: Some(TipRule::Chosen),
            forks: true,
            blocks: true,
            index: true,
            reopen: true,
            ..ChainCapabilities::NONE
        }
    }

    fn open(parameters: &ChainParameters) -> Result<Self, String> {
        Ok(WrongHeaders(Headers::new(header(&parameters.genesis))))
    }

    fn head(&self) -> Result<ChainTip, String> {
        let tip = self.0.tip();
        Ok(ChainTip { height: tip.height, root: tip.id })
    }

    fn insert(&mut self, block: &ChainBlock) -> ChainAnswer {
        if self.0.accept(header(block)) { ChainAnswer::Done } else { ChainAnswer::Refused }
    }

    fn block(&self, root: &Root) -> Result<Option<ChainBlock>, String> {
        Ok(self.0.get(root).map(|it| {
            let Header { id, parent, height, slot } = it;
            ChainBlock { root: id, parent, height, slot }
        }))
    }

    fn at(&self, height: u64) -> Result<Option<Root>, String> {
        Ok(self.0.at(height).map(|header| header.id))
    }

    fn reopen(&mut self) -> Result<(), String> {
        let mut saved = self.0.saved().into_iter();
        let genesis = saved.next().ok_or("nothing was saved")?;
        self.0 = Headers::new(genesis);
        if saved.all(|header| self.0.accept(header)) {
            Ok(())
        } else {
            Err("what was saved is refused".to_owned())
        }
    }
}
