//! A node of the chain with an execution client in process, which does on the line what a test wants.

use std::sync::Arc;

use alys_chain::{engine::Effect, node::Node, scheme::Ideal};
use alys_consensus::{
    driver::{Driver, ExecutionTip, Payloads, Received},
    engine::Fork,
    octets::{Address, Fixed, Hash},
};
use alys_consensus_properties::{
    execution::{Execution, Wrong, genesis},
    hands::Hands,
    real::{
        deeds::{LONG, ms},
        laws_driver::wrong,
        laws_engine::client,
        laws_token::issued_at,
        support::BEGIN,
    },
    realm::{Nowhere, Realm},
    stage::{Asked, Stage as Server, Step},
};
use alys_wire::containers::{BlockHeader, SignedBlock};
use parking_lot::Mutex;
use serde_json::Value;

use super::notes::at;
use crate::stage::DriveError;

/// Who gets the fees.
pub(super) const FEES: Address = Fixed([0x77; 20]);

/// How far from its own time an execution client believes a token, in seconds, by the specification.
const TOKEN_SECONDS: u64 = 60;

/// How many requests a test may need.
const REQUESTS: usize = 1000;

/// What is done to every request, before the execution client sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing: it is handed on, if its token is believed.
    #[default]
    Open,
    /// Nothing is answered in time.
    Silent,
    /// What is answered is no JSON.
    Garbled,
    /// The connection ends within the answer.
    Cut,
    /// No token is believed.
    Refused,
}

/// A node with its execution client.
pub(super) struct Pair {
    pub(super) realm: Realm,
    pub(super) driver: Driver<Ideal, Nowhere>,
    pub(super) execution: Execution,
    /// The clock of the execution client, and of the node unless it was given another one.
    pub(super) hands: Hands,
    line: Arc<Mutex<Line>>,
    server: Server,
    fork: Fork,
}

/// The block that the chain of every execution client begins with.
fn start() -> Result<ExecutionTip, DriveError> {
    let hash = genesis().parse().map_err(at("the first block"))?;
    Ok(ExecutionTip { hash, number: 0, timestamp: 5 })
}

/// Whether an execution client of this time believes the token of a request.
fn is_believed(asked: &Asked) -> bool {
    let token = asked.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    let issued = token.and_then(issued_at);
    issued.is_some_and(|issued| issued.abs_diff(asked.at.as_secs()) <= TOKEN_SECONDS)
}

impl Pair {
    /// A node of the realm that knows nothing yet.
    pub(super) async fn open(realm: &Realm, fork: Fork) -> Result<Self, DriveError> {
        let (execution, line, hands) =
            (Execution::default(), Arc::<Mutex<Line>>::default(), Hands::at(BEGIN));
        let (answering, state) = (execution.clone(), Arc::clone(&line));
        let script = move |asked: &Asked| match *state.lock() {
            Line::Open if is_believed(asked) => answering.step(asked),
            Line::Open | Line::Refused => Step::Answer(401, Vec::new()),
            Line::Silent => Step::Silent(ms(LONG)),
            Line::Garbled => Step::Answer(200, b"{\"jsonrpc\":".to_vec()),
            Line::Cut => Step::Cut(200, b"{}".to_vec()),
        };
        let server = Server::open_for(hands.clone(), REQUESTS, script).await;
        let node = Node::new(realm.engine(Payloads, start()?), Nowhere);
        let driver = Driver::new(node, client(&server.url, fork, &hands), FEES);
        Ok(Pair { realm: realm.clone(), driver, execution, hands, line, server, fork })
    }

    /// Lets something happen to every request from now on.
    pub(super) fn is_on(&self, line: Line) {
        *self.line.lock() = line;
    }

    /// The same node whose own clock is another one from now on.
    pub(super) fn with_clock(self, hands: &Hands) -> Self {
        let client = client(&self.server.url, self.fork, hands);
        Pair { driver: self.driver.with_client(client), ..self }
    }

    /// Proposes in a slot; the proposal, or what was wrong as a word.
    pub(super) async fn propose(&mut self, slot: u64) -> Result<SignedBlock, String> {
        let effects = self.driver.propose(self.realm.time(slot)).await.map_err(wrong)?;
        let sent = effects.iter().find_map(|effect| match effect {
            Effect::SendBlock(block) => Some(block.clone()),
            _ => None,
        });
        sent.ok_or_else(|| format!("nothing is sent: {effects:?}"))
    }

    /// The same where nothing may be wrong.
    pub(super) async fn proposed(&mut self, slot: u64) -> Result<SignedBlock, DriveError> {
        self.propose(slot).await.map_err(at("a proposal"))
    }

    /// Takes a proposal in; what came of it as a word.
    pub(super) async fn receive(&mut self, block: &SignedBlock) -> String {
        let now = block.block.header.timestamp;
        match self.driver.receive(block.clone(), now).await {
            Ok(Received::Taken(_)) => "taken".to_owned(),
            Ok(Received::RefusedByChain(_)) => "refused by the chain".to_owned(),
            Ok(Received::Refused { latest_valid, .. }) => {
                let is_tip = latest_valid == Some(self.tip().hash);
                format!("refused, {} is the last valid one", if is_tip { "the tip" } else { "another" })
            }
            Ok(Received::Undecided) => "undecided".to_owned(),
            Err(error) => wrong(error),
        }
    }

    /// Takes a certified block in, whatever the execution client says.
    pub(super) async fn import(&mut self, block: SignedBlock) -> Result<(), DriveError> {
        let now = block.block.header.timestamp;
        let event = self.realm.import(block);
        self.driver.hand(event, now).await.map(drop).map_err(|error| DriveError(wrong(error)))
    }

    /// The height of the chain.
    pub(super) fn height(&self) -> u64 {
        self.driver.node().engine().head().height
    }

    /// The header of the tip.
    pub(super) fn header(&self) -> BlockHeader {
        let engine = self.driver.node().engine();
        engine.tree().get(&engine.head().root).map(|node| node.header.clone()).unwrap_or_default()
    }

    /// The tip's block of the execution layer.
    pub(super) fn tip(&self) -> ExecutionTip {
        let engine = self.driver.node().engine();
        let tip = engine.tree().get(&engine.head().root).map(|node| node.state);
        tip.unwrap_or(ExecutionTip { hash: Hash::default(), number: 0, timestamp: 0 })
    }

    /// Whether the execution client was told the tip last.
    pub(super) fn is_told(&self) -> bool {
        self.execution.head() == Value::String(self.tip().hash.to_string())
    }

    /// The number of the block that the execution client was told to be final last; 0 for none.
    pub(super) fn final_number(&self) -> u64 {
        let known = self.execution.known();
        let hash = known.choice.as_ref().and_then(|choice| choice["finalizedBlockHash"].as_str());
        let block = hash.and_then(|hash| known.blocks.get(hash));
        let number = block.and_then(|block| block["blockNumber"].as_str());
        number.and_then(|number| u64::from_str_radix(number.trim_start_matches("0x"), 16).ok()).unwrap_or(0)
    }

    /// The requests of a kind that came so far, by the beginning of their method's name.
    pub(super) fn requests(&self, kind: &str) -> Vec<Asked> {
        let is_of =
            |asked: &Asked| asked.json()["method"].as_str().is_some_and(|method| method.starts_with(kind));
        self.server.asked().into_iter().filter(is_of).collect()
    }

    /// Lets the execution client lie from now on.
    pub(super) fn lies(&self, wrong: Wrong) {
        self.execution.does(wrong);
    }
}
