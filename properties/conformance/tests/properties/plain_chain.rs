//! A plain chain store: a journal on the disk of the kit, and everything else read off it. It obeys the rules, and each of
//! its faults is one line that breaks one of them.

use std::collections::BTreeMap;

use alys_conformance::chain::{
    ChainAnswer, ChainBlock, ChainCapabilities, ChainParameters, ChainStoreUnderTest, ChainTip, Disk, File,
    FinalityRule, Harm, ReadCheckpoint, Root, SeenCheckpoint, TipRule,
};

use super::{
    plain_chain_faults::{
        BINDS_ANOTHER_BLOCK, CHECKPOINT_AT_THE_TIP, CHOOSES_THE_LARGER_ROOT, COUNTS_INTO_CHECKPOINTS,
        DOES_NOT_SYNC, DOUBTS_THE_THIRD, ENTERS_WITH_A_GAP, ENTERS_WITHOUT_A_PARENT, FINALISES_A_FORK,
        FINALISES_BY_ARRIVAL, FINALISES_OVER_A_GAP, FINALITY_GOES_BACK, FORGETS_FORKS, FORGETS_THE_LAST,
        INDEX_KEEPS_THE_OLD, INDEX_WITHOUT_GENESIS, KEEPS_THE_REFUSED, LEAVES_THE_FINAL_BLOCK,
        MISSING_IS_NOT_DUE, NAMES_A_GOOD_ONE, NAMES_NOTHING, ONE_HEIGHT_OFF, READS_HALF_AN_ENTRY,
        REBUILDS_ANOTHER, REBUILDS_TOO_FEW, REFUSED_AND_MOVED, REFUSES_A_TORN_END, REFUSES_HEIGHT_THREE,
        REOPENS_WITHOUT_FINALITY, REOPENS_WITHOUT_VOTES, SERVES_DAMAGE, SHOWS_EARLY, STAYS_HIGH,
        STAYS_WITH_THE_FIRST, VERIFIES_TOO_FEW, VOTES_TOO_SELDOM, VOTES_TWICE,
    },
    plain_journal::{ENTRY, Entry, sum},
};

/// The file.
const NAME: &str = "journal";

/// What follows from the journal.
#[derive(Clone, Debug)]
struct Held {
    blocks: BTreeMap<Root, ChainBlock>,
    head: Root,
    finalised: Root,
    voted: u64,
    /// What is left in the index, with the fault.
    stale: BTreeMap<u64, Root>,
    last: Root,
}

/// The store; `CHOOSES`: its tip and final block follow from the blocks, else it is told.
#[derive(Debug)]
pub(super) struct PlainChain<const CHOOSES: bool, const FAULT: usize> {
    genesis: ChainBlock,
    interval: u64,
    disk: Disk,
    file: File,
    len: u64,
    held: Held,
    /// How checkpoints are damaged: what was stored of them is what they are made from again.
    damaged: BTreeMap<u64, Harm>,
    /// Whether some were rebuilt.
    rebuilt: bool,
}

impl Held {
    fn chain(&self, of: Root) -> Vec<ChainBlock> {
        let mut chain = Vec::new();
        let mut at = self.blocks.get(&of);
        while let Some(block) = at {
            chain.push(*block);
            at = self.blocks.get(&block.parent).filter(|_| block.height > 0);
        }
        chain
    }

    fn on_chain(&self, root: Root, of: Root) -> bool {
        self.chain(of).iter().any(|block| block.root == root)
    }

    fn height(&self, root: Root) -> u64 {
        self.blocks.get(&root).map_or(0, |block| block.height)
    }
}

impl<const CHOOSES: bool, const FAULT: usize> PlainChain<CHOOSES, FAULT> {
    fn is(fault: usize) -> bool {
        FAULT == fault
    }

    /// Whether an entry may be written.
    fn fits(&self, entry: &Entry) -> bool {
        let held = &self.held;
        match *entry {
            Entry::Block(block) if held.blocks.contains_key(&block.root) => true,
            Entry::Block(block) if Self::is(REFUSES_HEIGHT_THREE) && block.height == 3 => false,
            Entry::Block(block) => {
                let parent = held.blocks.get(&block.parent);
                let gap =
                    |parent: &ChainBlock| Self::is(ENTERS_WITH_A_GAP) && block.height == parent.height + 2;
                let behind = parent.is_some_and(|it| block.height == it.height + 1 || gap(it));
                behind || Self::is(ENTERS_WITHOUT_A_PARENT) && parent.is_none() && block.height > 0
            }
            Entry::Head(root) => {
                let lower = held.height(root) < held.height(held.head);
                let through = held.on_chain(held.finalised, root);
                let stays = Self::is(STAYS_HIGH) && lower;
                held.blocks.contains_key(&root) && (through || Self::is(LEAVES_THE_FINAL_BLOCK)) && !stays
            }
            Entry::Final(root) => {
                let back = held.height(root) < held.height(held.finalised) && !Self::is(FINALITY_GOES_BACK);
                let known = held.blocks.contains_key(&root) && Self::is(FINALISES_A_FORK);
                !back && (held.on_chain(root, held.head) || known)
            }
            Entry::Vote(slot) if Self::is(VOTES_TOO_SELDOM) => slot > held.voted + 1,
            Entry::Vote(slot) => slot > held.voted || Self::is(VOTES_TWICE) && slot == held.voted && slot > 0,
        }
    }

    /// What is held behind an entry.
    fn behind(&self, entry: &Entry) -> Held {
        let mut held = self.held.clone();
        match *entry {
            Entry::Block(block) => {
                let forgets = Self::is(FORGETS_FORKS) && block.parent != held.head;
                if !forgets && held.blocks.insert(block.root, block).is_none() && CHOOSES {
                    self.choose(&mut held, block);
                }
                held.last = block.root;
            }
            Entry::Head(root) => {
                if Self::is(INDEX_KEEPS_THE_OLD) {
                    held.stale =
                        held.chain(held.head).iter().map(|block| (block.height, block.root)).collect();
                }
                held.head = root;
            }
            Entry::Final(root) => held.finalised = root,
            Entry::Vote(slot) => held.voted = slot,
        }
        held
    }

    fn choose(&self, held: &mut Held, entered: ChainBlock) {
        for block in held.blocks.values() {
            if let [third, second, first, ..] = held.chain(block.root)[..] {
                let gap = u64::from(Self::is(FINALISES_OVER_A_GAP));
                let close = third.slot - second.slot <= 1 + gap && second.slot - first.slot == 1;
                let arrives =
                    Self::is(FINALISES_BY_ARRIVAL) && third.root == entered.root && held.last == second.root;
                let higher = second.height > held.height(held.finalised);
                if (close || arrives) && higher && held.on_chain(held.finalised, second.root) {
                    held.finalised = second.root;
                    return self.choose(held, entered);
                }
            }
        }
        let better = |one: &ChainBlock, other: &ChainBlock| {
            let smaller = (one.root < other.root) != Self::is(CHOOSES_THE_LARGER_ROOT);
            let as_long = one.height == other.height && smaller && !Self::is(STAYS_WITH_THE_FIRST);
            one.height > other.height || as_long
        };
        let mut best = if held.on_chain(held.finalised, held.head) { held.head } else { held.finalised };
        for block in held.blocks.values() {
            let through = held.on_chain(held.finalised, block.root) || Self::is(LEAVES_THE_FINAL_BLOCK);
            if through && better(block, &held.blocks[&best]) {
                best = block.root;
            }
        }
        held.head = best;
        if Self::is(FINALITY_GOES_BACK) && held.height(held.finalised) > 1 && entered.slot.is_multiple_of(2) {
            held.finalised = held.blocks[&held.finalised].parent;
        }
    }

    fn write(&mut self, entry: &Entry) -> ChainAnswer {
        if !self.fits(entry) {
            if let (Entry::Block(block), true) = (entry, Self::is(KEEPS_THE_REFUSED)) {
                self.held.blocks.insert(block.root, *block);
            }
            if let (Entry::Final(root), true) = (entry, Self::is(REFUSED_AND_MOVED)) {
                self.held.head = if self.held.blocks.contains_key(root) { *root } else { self.held.head };
            }
            return ChainAnswer::Refused;
        }
        let held = self.behind(entry);
        if Self::is(SHOWS_EARLY) {
            self.held = held.clone();
        }
        let bytes = entry.bytes();
        let written = if Self::is(READS_HALF_AN_ENTRY) || Self::is(REFUSES_A_TORN_END) {
            let (first, second) = bytes.split_at(ENTRY / 2);
            let written = self.file.write(self.len, first).and_then(|()| self.file.sync());
            written.and_then(|()| self.file.write(self.len + first.len() as u64, second))
        } else {
            self.file.write(self.len, &bytes)
        };
        let synced = if Self::is(DOES_NOT_SYNC) { Ok(()) } else { written.and_then(|()| self.file.sync()) };
        if let Err(error) = synced {
            return ChainAnswer::Failed(error.to_string());
        }
        (self.len, self.held) = (self.len + bytes.len() as u64, held);
        ChainAnswer::Done
    }

    /// Reads the journal up to the first entry that is not whole.
    fn recover(&mut self, closed: bool) -> Result<(), String> {
        let failed = |error: std::io::Error| error.to_string();
        let len = self.file.len().map_err(failed)?;
        let mut entries = Vec::new();
        let mut at = 0;
        let least = if Self::is(READS_HALF_AN_ENTRY) { ENTRY / 2 } else { ENTRY } as u64;
        while at + least <= len {
            let mut bytes = [0; ENTRY];
            let there = ENTRY.min((len - at) as usize);
            self.file.read(at, &mut bytes[..there]).map_err(failed)?;
            let Some(entry) = Entry::read(&bytes, Self::is(READS_HALF_AN_ENTRY)) else { break };
            entries.push(entry);
            at += ENTRY as u64;
        }
        if Self::is(REFUSES_A_TORN_END) && at < len {
            return Err("the journal ends within an entry".to_owned());
        }
        if closed && Self::is(FORGETS_THE_LAST) {
            entries.pop();
        }
        self.len = 0;
        self.held = fresh(&self.genesis);
        for entry in &entries {
            let final_one = Self::is(REOPENS_WITHOUT_FINALITY) && matches!(entry, Entry::Final(_));
            let vote = Self::is(REOPENS_WITHOUT_VOTES) && matches!(entry, Entry::Vote(_));
            if !closed || !final_one && !vote {
                self.held = self.behind(entry);
            }
            self.len += ENTRY as u64;
        }
        Ok(())
    }

    fn due(&self) -> Vec<u64> {
        let top = if Self::is(CHECKPOINT_AT_THE_TIP) { self.held.head } else { self.held.finalised };
        let off = u64::from(Self::is(ONE_HEIGHT_OFF));
        (1..=self.held.height(top)).filter(|height| height % self.interval == off % self.interval).collect()
    }

    /// A checkpoint as it is made.
    fn made(&self, height: u64) -> SeenCheckpoint {
        let bound = height - u64::from(Self::is(BINDS_ANOTHER_BLOCK) && height > 1);
        let chain = self.held.chain(self.held.head);
        let root = chain.iter().find(|block| block.height == bound).map_or([0; 32], |block| block.root);
        let before = self.due().into_iter().rev().find(|before| *before < height);
        let previous = match before {
            Some(_) if Self::is(NAMES_NOTHING) => Vec::new(),
            Some(before) => self.made(before).id,
            None => self.genesis.root.to_vec(),
        };
        let blocks = if Self::is(COUNTS_INTO_CHECKPOINTS) { self.held.last[0] } else { 0 };
        let blocks = if Self::is(REBUILDS_ANOTHER) && self.rebuilt { 1 } else { blocks };
        let text = [&previous[..], &height.to_le_bytes(), &root, &[blocks]].concat();
        SeenCheckpoint { height, root, id: sum(&text).to_le_bytes().to_vec(), previous }
    }
}

fn fresh(genesis: &ChainBlock) -> Held {
    Held {
        blocks: BTreeMap::from([(genesis.root, *genesis)]),
        head: genesis.root,
        finalised: genesis.root,
        voted: 0,
        stale: BTreeMap::new(),
        last: genesis.root,
    }
}

impl<const CHOOSES: bool, const FAULT: usize> ChainStoreUnderTest for PlainChain<CHOOSES, FAULT> {
    fn name() -> String {
        format!("a plain store, chooses: {CHOOSES}, fault {FAULT}")
    }

    fn capabilities() -> ChainCapabilities {
        ChainCapabilities {
            tip: Some(if CHOOSES { TipRule::Chosen } else { TipRule::Told }),
            finality: if CHOOSES { FinalityRule::Slots } else { FinalityRule::Told },
            forks: true,
            blocks: true,
            index: true,
            checkpoints: true,
            verify: true,
            rebuild: true,
            harm: true,
            votes: true,
            reopen: true,
            disk: true,
        }
    }

    fn cases() -> u32 {
        200
    }

    fn open(parameters: &ChainParameters) -> Result<Self, String> {
        let ChainParameters { genesis, interval, disk } = parameters.clone();
        let failed = |error: std::io::Error| error.to_string();
        let exists = disk.exists(NAME).map_err(failed)?;
        let file = if exists { disk.open(NAME) } else { disk.create(NAME) }.map_err(failed)?;
        disk.sync_directory().map_err(failed)?;
        let held = fresh(&genesis);
        let mut made = PlainChain {
            genesis,
            interval,
            disk,
            file,
            len: 0,
            held,
            damaged: BTreeMap::new(),
            rebuilt: false,
        };
        made.recover(false)?;
        Ok(made)
    }

    fn head(&self) -> Result<ChainTip, String> {
        Ok(ChainTip { height: self.held.height(self.held.head), root: self.held.head })
    }

    fn finalised(&self) -> Result<ChainTip, String> {
        Ok(ChainTip { height: self.held.height(self.held.finalised), root: self.held.finalised })
    }

    fn insert(&mut self, block: &ChainBlock) -> ChainAnswer {
        self.write(&Entry::Block(*block))
    }

    fn move_to(&mut self, way: &[ChainBlock]) -> ChainAnswer {
        way.last().map_or(ChainAnswer::Refused, |block| self.write(&Entry::Head(block.root)))
    }

    fn finalise(&mut self, root: &Root) -> ChainAnswer {
        self.write(&Entry::Final(*root))
    }

    fn block(&self, root: &Root) -> Result<Option<ChainBlock>, String> {
        Ok(self.held.blocks.get(root).copied())
    }

    fn at(&self, height: u64) -> Result<Option<Root>, String> {
        if Self::is(INDEX_WITHOUT_GENESIS) && height == 0 {
            return Ok(None);
        }
        let chain = self.held.chain(self.held.head);
        let found = chain.iter().find(|block| block.height == height).map(|block| block.root);
        Ok(found.or(self.held.stale.get(&height).copied()))
    }

    fn checkpoint(&self, height: u64) -> ReadCheckpoint {
        if !self.due().contains(&height) {
            return ReadCheckpoint::Absent;
        }
        match self.damaged.get(&height) {
            None if Self::is(DOUBTS_THE_THIRD) && self.due().len() > 2 => ReadCheckpoint::Damaged,
            None => ReadCheckpoint::Valid(self.made(height)),
            Some(Harm::Lost) if Self::is(MISSING_IS_NOT_DUE) => ReadCheckpoint::Absent,
            Some(Harm::Flipped(bit)) if Self::is(SERVES_DAMAGE) => {
                let mut seen = self.made(height);
                seen.id[usize::from(bit / 8 % 8)] ^= 1 << (bit % 8);
                ReadCheckpoint::Valid(seen)
            }
            Some(_) => ReadCheckpoint::Damaged,
        }
    }

    fn verify(&self) -> Result<Option<u64>, String> {
        let due = self.due();
        if Self::is(NAMES_A_GOOD_ONE) && self.damaged.is_empty() {
            return Ok(due.first().copied());
        }
        let last = if Self::is(VERIFIES_TOO_FEW) { due.last().copied() } else { None };
        Ok(due.into_iter().find(|height| self.damaged.contains_key(height) && Some(*height) != last))
    }

    fn rebuild(&mut self) -> ChainAnswer {
        self.rebuilt |= !self.damaged.is_empty();
        let first = self.damaged.pop_first();
        self.damaged.clear();
        self.damaged.extend(first.filter(|_| Self::is(REBUILDS_TOO_FEW)));
        ChainAnswer::Done
    }

    fn harm(&mut self, height: u64, harm: Harm) -> Result<(), String> {
        self.damaged.insert(height, harm);
        Ok(())
    }

    fn vote(&mut self, slot: u64) -> ChainAnswer {
        self.write(&Entry::Vote(slot))
    }

    fn voted(&self) -> Result<u64, String> {
        Ok(self.held.voted)
    }

    fn reopen(&mut self) -> Result<(), String> {
        self.file = self.disk.open(NAME).map_err(|error| error.to_string())?;
        self.recover(true)
    }
}
