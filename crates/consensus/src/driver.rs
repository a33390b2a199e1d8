//! The chain and its execution client: blocks are proposed with payloads that the client has built, taken in only when it
//! says that their payloads are valid, and the client follows the tip over every reorg.
//!
//! The chain leads. When the client does not answer, nothing is proposed or taken in that needs it, and nothing is lost of what
//! the chain has: [`Driver::follow`] hands the client whatever it lacks when it is back.

pub mod body;
pub mod error;
mod gate;
mod replay;
pub mod transition;

use alys_chain::candidate::BlockRefusal;
use alys_chain::engine::{Effect, Event};
use alys_chain::node::{Durable, Node};
use alys_chain::scheme::SignatureScheme;
use alys_wire::containers::{BlockHeader, SignedBlock};

use crate::engine::{
    EngineClient, Fork, ForkchoiceOutcome, ForkchoiceState, PayloadAttributes, PayloadOutcome,
};
use crate::number::Quantity;
use crate::octets::{Address, Hash};

use body::Carried;
pub use error::{DriveError, PayloadMismatch, RefusedBlock};
pub use transition::{ExecutionTip, Payloads, Unfit};

/// What is left to be sent or made known.
pub type Effects = Vec<Effect<Unfit>>;

/// What has become of a proposal that came in.
#[derive(Clone, Debug, PartialEq)]
pub enum Received {
    /// Its payload is valid, and the chain has it, or keeps it until it can be judged.
    Taken(Effects),
    /// The chain does not take the block, whatever its payload: the effects say why.
    RefusedByChain(Effects),
    /// Its payload is not valid: the chain never sees it.
    Refused {
        /// The last valid block before it, if the client knows.
        latest_valid: Option<Hash>,
        /// Why, if the client says.
        reason: Option<String>,
    },
    /// Nothing is known of its payload yet: it must come in again.
    Undecided,
}

/// A node of the chain with its execution client.
#[derive(Debug)]
pub struct Driver<S: SignatureScheme, D: Durable> {
    node: Node<S, Payloads, D>,
    client: EngineClient,
    fee_recipient: Address,
    is_behind: bool,
    refused: Option<RefusedBlock>,
}

impl<S: SignatureScheme, D: Durable> Driver<S, D> {
    /// Joins a node to a client, which is taken to know nothing yet.
    #[must_use]
    pub fn new(node: Node<S, Payloads, D>, client: EngineClient, fee_recipient: Address) -> Self {
        Driver { node, client, fee_recipient, is_behind: true, refused: None }
    }

    /// The same node with another client, which is taken to know nothing yet: of another execution client, or of the same one with a
    /// clock that was set anew.
    #[must_use]
    pub fn with_client(self, client: EngineClient) -> Self {
        Driver { client, is_behind: true, refused: None, ..self }
    }

    /// The node.
    #[must_use]
    pub fn node(&self) -> &Node<S, Payloads, D> {
        &self.node
    }

    /// Whether the client may not know the tip: [`follow`](Self::follow) tells it.
    #[must_use]
    pub fn is_behind(&self) -> bool {
        self.is_behind
    }

    /// What of the chain the client calls invalid, if it said so the last time that it answered [`follow`](Self::follow), by which
    /// [`hand`](Self::hand) tells it each new tip. The chain does not give up what was certified: somebody has to look.
    #[must_use]
    pub fn refused(&self) -> Option<&RefusedBlock> {
        self.refused.as_ref()
    }

    /// Proposes a block at a time, in seconds since the Unix epoch, if it is our turn.
    ///
    /// # Errors
    ///
    /// [`DriveError`] says what has kept the client from building a payload, or the node from taking the block in; then nothing
    /// is proposed.
    pub async fn propose(&mut self, now: u64) -> Result<Effects, DriveError<D::Error>> {
        if self.is_behind {
            self.follow().await?;
        }
        let carried = match self.build(now).await {
            Err(DriveError::ClientSyncing) => self.build_again(now).await?,
            built => built?,
        };
        let body = carried.to_body().map_err(DriveError::Body)?;
        self.hand(Event::Propose(body), now).await
    }

    /// Takes a proposal in, once the client has called its payload valid. What nobody has signed, and what no client could be handed,
    /// is refused before the client is asked.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when the client says nothing, or the body holds no payload; then the chain has not seen it.
    pub async fn receive(
        &mut self,
        proposal: SignedBlock,
        now: u64,
    ) -> Result<Received, DriveError<D::Error>> {
        if let Err(refusal) = self.node.engine().check_proposal(&proposal) {
            return Ok(refused(&proposal, refusal));
        }
        let carried = Carried::of(&proposal.block.body).map_err(DriveError::Body)?;
        if let Err(unfit) = gate::check(self.client.fork(), &carried, &proposal.block.header) {
            return Ok(refused(&proposal, BlockRefusal::Transition(unfit)));
        }
        match self.judge(&carried, &proposal.block.header).await? {
            PayloadOutcome::Valid => self.take(proposal, now).await,
            PayloadOutcome::Invalid { latest_valid, reason } => {
                Ok(Received::Refused { latest_valid, reason })
            }
            outcome @ (PayloadOutcome::Syncing | PayloadOutcome::Accepted) => {
                self.is_behind |= outcome == PayloadOutcome::Syncing;
                Ok(Received::Undecided)
            }
        }
    }

    /// Hands the chain a proposal whose payload is valid, and tells whether it is refused all the same.
    async fn take(&mut self, proposal: SignedBlock, now: u64) -> Result<Received, DriveError<D::Error>> {
        let ours = proposal.block.root();
        let effects = self.hand(Event::Block(proposal), now).await?;
        let refuses =
            |effect: &Effect<Unfit>| matches!(effect, Effect::BlockRefused { root, .. } if *root == ours);
        Ok(match effects.iter().any(refuses) {
            true => Received::RefusedByChain(effects),
            false => Received::Taken(effects),
        })
    }

    /// Hands the node an event whose payload, if it brings one, is judged: an approval, a certified block, or that time has
    /// passed. A block with a payload of another fork or another time, or with other randomness than its header says, is refused.
    ///
    /// # Errors
    ///
    /// [`DriveError::Node`] when something could not be made durable.
    pub async fn hand(&mut self, event: Event, now: u64) -> Result<Effects, DriveError<D::Error>> {
        if let Some(refused) = gate::refused(self.client.fork(), &event) {
            return Ok(vec![refused]);
        }
        let mut effects = Vec::new();
        self.node.handle(event, now, |effect| effects.push(effect)).map_err(DriveError::Node)?;
        if effects.iter().any(|effect| matches!(effect, Effect::HeadChanged(_) | Effect::Finalised(_))) {
            // The chain has what it has: when the client does not answer it is told later, and what it refuses is kept.
            self.is_behind = true;
            let _ = self.follow().await;
        }
        Ok(effects)
    }

    /// Tells the client the tip, and hands it what it lacks of the chain up to there.
    ///
    /// # Errors
    ///
    /// [`DriveError`] when it does not answer, or calls something of the chain invalid; [`refused`](Self::refused) keeps that.
    pub async fn follow(&mut self) -> Result<(), DriveError<D::Error>> {
        let told = self.tell().await;
        if told.is_ok() {
            (self.is_behind, self.refused) = (false, None);
        }
        // Whoever does not answer has not thought otherwise.
        if let Err(DriveError::TipRefused(block) | DriveError::BlockRefused(block)) = &told {
            self.refused = Some(block.clone());
        }
        told
    }

    async fn tell(&self) -> Result<(), DriveError<D::Error>> {
        let state = self.choice();
        let mut outcome = self.client.forkchoice_updated(state, None).await?;
        if outcome == ForkchoiceOutcome::Syncing {
            self.replay().await?;
            outcome = self.client.forkchoice_updated(state, None).await?;
        }
        match outcome {
            ForkchoiceOutcome::Valid { .. } => Ok(()),
            ForkchoiceOutcome::Invalid { latest_valid, reason } => {
                let hash = state.head_block_hash;
                Err(DriveError::TipRefused(RefusedBlock { hash, latest_valid, reason }))
            }
            ForkchoiceOutcome::Syncing => Err(DriveError::ClientSyncing),
        }
    }

    /// Which blocks of the client the chain has chosen.
    fn choice(&self) -> ForkchoiceState {
        let engine = self.node.engine();
        let hash_of = |root| engine.tree().get(&root).map_or(Hash::default(), |node| node.state.hash);
        let finalised = engine.finalised();
        let finalized_block_hash =
            if finalised.height == 0 { Hash::default() } else { hash_of(finalised.root) };
        ForkchoiceState {
            head_block_hash: hash_of(engine.head().root),
            safe_block_hash: finalized_block_hash,
            finalized_block_hash,
        }
    }

    /// Lets the client build a payload on the tip, and holds it to what was asked for.
    async fn build(&self, timestamp: u64) -> Result<Carried, DriveError<D::Error>> {
        let (attributes, choice) = (self.attributes(timestamp), self.choice());
        let id = match self.client.forkchoice_updated(choice, Some(&attributes)).await? {
            ForkchoiceOutcome::Valid { payload } => payload.ok_or(DriveError::NothingBuilt)?,
            ForkchoiceOutcome::Invalid { latest_valid, reason } => {
                let hash = choice.head_block_hash;
                return Err(DriveError::TipRefused(RefusedBlock { hash, latest_valid, reason }));
            }
            ForkchoiceOutcome::Syncing => return Err(DriveError::ClientSyncing),
        };
        let built = self.client.get_payload(id).await?;
        let head = self.node.engine().head().root;
        let (parent, prev_randao) = (choice.head_block_hash, attributes.prev_randao);
        let asked = error::Asked { parent, timestamp, prev_randao };
        asked.check(&built.payload)?;
        let carried = Carried { payload: built.payload, requests: built.requests };
        let parent = BlockHeader { parent_root: head, ..BlockHeader::default() };
        match self.judge(&carried, &parent).await? {
            PayloadOutcome::Valid => Ok(carried),
            outcome => Err(DriveError::OwnPayload { outcome }),
        }
    }

    /// The same with a client that lacks the tip, although it was told: it has come back without its last blocks, and is handed
    /// them first.
    async fn build_again(&mut self, timestamp: u64) -> Result<Carried, DriveError<D::Error>> {
        self.is_behind = true;
        self.follow().await?;
        self.build(timestamp).await
    }

    /// What a payload on the tip is built with. Alys has no randomness of its own: the root of the tip stands for it.
    fn attributes(&self, timestamp: u64) -> PayloadAttributes {
        let root = Hash::from(self.node.engine().head().root);
        let fork = self.client.fork();
        PayloadAttributes {
            timestamp: Quantity(timestamp),
            prev_randao: root,
            suggested_fee_recipient: self.fee_recipient,
            withdrawals: (fork >= Fork::Shanghai).then(Vec::new),
            parent_beacon_block_root: (fork >= Fork::Cancun).then_some(root),
        }
    }

    /// Asks the client what it thinks of a payload in a block with this header.
    async fn judge(
        &self,
        carried: &Carried,
        header: &BlockHeader,
    ) -> Result<PayloadOutcome, DriveError<D::Error>> {
        let requests = carried.requests.as_deref();
        Ok(self.client.new_payload(&carried.payload, header.parent_root.into(), requests).await?)
    }
}

/// A proposal that is refused before the chain sees it, as the chain would say it.
fn refused(proposal: &SignedBlock, refusal: BlockRefusal<Unfit>) -> Received {
    Received::RefusedByChain(vec![Effect::BlockRefused { root: proposal.block.root(), refusal }])
}
