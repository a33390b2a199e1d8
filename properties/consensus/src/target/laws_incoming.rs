//! Blocks of others that come in: what the chain makes of them once the client has called their payloads valid.

use alys_chain::candidate::BlockRefusal;
use alys_chain::engine::{Effect, Event};
use alys_engines::violation::check_eq;

use super::alys::driver::Received;
use super::laws_driver::Pair;
use crate::stage::run;

/// A proposal whose payload is valid is taken only when the chain takes the block: the client cannot know who must sign.
pub fn the_chain_may_refuse_what_the_client_takes() -> u64 {
    run(async {
        let mut pair = Pair::new().await;
        check_eq("CL-2", "a block", &true, &pair.propose(1).await.is_ok());
        let block = pair.foreign(2).await;
        let now = pair.realm.time(2);
        let mut unsigned = block.clone();
        unsigned.signature = Default::default();
        let refused = Received::RefusedByChain(vec![Effect::BlockRefused {
            root: block.block.root(),
            refusal: BlockRefusal::BadProposerSignature { proposer: 0 },
        }]);
        let received = pair.driver.receive(unsigned, now).await;
        check_eq("CL-2", "a proposal that nobody has signed", &Ok(refused), &received);
        check_eq("CL-2", "the height", &1, &pair.height());
        let taken = pair.driver.receive(block.clone(), now).await;
        check_eq("CL-2", "the same, signed", &true, &matches!(taken, Ok(Received::Taken(_))));
        check_eq("CL-2", "the height", &2, &pair.height());
        let again = pair.driver.receive(block, now).await;
        check_eq("CL-2", "the same again", &true, &matches!(again, Ok(Received::Taken(_))));
        // A block of the same slot that has waited for this one is refused with it: that is not this one.
        let (next, now) = (pair.foreign(3).await, pair.realm.time(3));
        let child = pair.realm.proposal(&next.block.header, 3, Default::default(), Default::default());
        let waits = pair.driver.hand(Event::Block(child), now).await;
        check_eq(
            "CL-2",
            "that one waits",
            &true,
            &matches!(waits.as_deref(), Ok([Effect::BlockWaits { .. }])),
        );
        let taken = pair.driver.receive(next, now).await;
        let Ok(Received::Taken(effects)) = taken else { panic!("it is not taken: {taken:?}") };
        let refuses = effects.iter().any(|effect| matches!(effect, Effect::BlockRefused { .. }));
        check_eq("CL-2", "whether another one is refused", &(true, 3), &(refuses, pair.height()));
    });
    4
}
