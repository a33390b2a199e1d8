//! Who may come in, and whom we may go to.

use alys_sync::peer::PeerId;

use super::{Bans, Refusal};

/// Lets connections come up, or not.
///
/// ```
/// use alys_p2p::core::{Door, Refusal};
/// use alys_sync::peer::PeerId;
///
/// let mut door = Door::new(false, 10);
/// door.ban(PeerId(1), 100, 0);
/// assert_eq!(door.admits(PeerId(1), true, 50), Err(Refusal::Banned));
/// assert_eq!(door.admits(PeerId(2), false, 50), Err(Refusal::NotLoopback));
/// assert_eq!(door.admits(PeerId(2), true, 50), Ok(()));
/// ```
#[derive(Clone, Debug)]
pub struct Door {
    beyond_loopback: bool,
    bans: Bans,
}

impl Door {
    /// Nobody is banned. Whether connections may be with other machines, and how many bans are kept.
    #[must_use]
    pub fn new(beyond_loopback: bool, bans: usize) -> Self {
        Door { beyond_loopback, bans: Bans::new(bans) }
    }

    /// Bans a peer until a time.
    pub fn ban(&mut self, peer: PeerId, until: u64, now: u64) {
        self.bans.ban(peer, until, now);
    }

    /// Whether an address may be connected with, by whether it is of this machine.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotLoopback`].
    pub fn reaches(&self, loopback: bool) -> Result<(), Refusal> {
        if loopback || self.beyond_loopback { Ok(()) } else { Err(Refusal::NotLoopback) }
    }

    /// Whether a connection with a peer may come up, in whichever direction.
    ///
    /// # Errors
    ///
    /// [`Refusal::NotLoopback`] or [`Refusal::Banned`].
    pub fn admits(&self, peer: PeerId, loopback: bool, now: u64) -> Result<(), Refusal> {
        self.reaches(loopback)?;
        if self.bans.is_banned(peer, now) { Err(Refusal::Banned) } else { Ok(()) }
    }
}
