//! What an implementation can do, as data: it decides which rules apply and what is generated.

use alys_models::mailbox::Policy;

/// What a mailbox can do.
///
/// Whatever is left out of [`Capabilities::NONE`] is neither called nor judged, and a rule that needs it is reported as
/// not applicable, with the missing capability's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Ways to offer a message without waiting, by name; the first is way 0. Empty: there is none.
    pub try_sends: &'static [&'static str],
    /// Ways to send that wait for room, by name. Empty: there is none.
    pub waiting_sends: &'static [&'static str],
    /// Whether a message can be taken without waiting.
    pub try_receive: bool,
    /// Whether a receive can wait.
    pub waiting_receive: bool,
    /// What a full mailbox does, as far as that can be configured. Empty: it is never full.
    pub policies: &'static [Policy],
    /// The number of lanes, 1 to 6.
    pub lanes: u8,
    /// Whether a lower lane can be made due after so many deliveries from above.
    pub aging: bool,
    /// Whether messages may have deadlines.
    pub expiry: bool,
    /// Whether a sender can be cloned.
    pub clone_sender: bool,
    /// Whether the mailbox ends when its last sender is dropped.
    pub ends_with_senders: bool,
    /// Whether a sender can close it.
    pub close_by_sender: bool,
    /// Whether the receiver can close it.
    pub close_by_receiver: bool,
    /// Whether a sender can take a place and keep it for a message that comes later, or give it back.
    pub places: bool,
    /// Whether a receive can take several messages at once.
    pub receive_many: bool,
    /// Whether a sender can wait for the end.
    pub watch_closed: bool,
    /// Whether the receiver can be dropped.
    pub drop_receiver: bool,
    /// Whether all queued messages can be drained.
    pub clear: bool,
    /// Whether it tells its length.
    pub len: bool,
    /// Whether it tells that it is closed.
    pub is_closed: bool,
    /// Whether it has a backpressure state by thresholds.
    pub thresholds: bool,
    /// Whether it counts what became of its messages.
    pub counters: bool,
}

impl Capabilities {
    /// Nothing at all: name what there is, and take the rest from here.
    pub const NONE: Capabilities = Capabilities {
        try_sends: &[],
        waiting_sends: &[],
        try_receive: false,
        waiting_receive: false,
        policies: &[],
        lanes: 1,
        aging: false,
        expiry: false,
        clone_sender: false,
        ends_with_senders: false,
        close_by_sender: false,
        close_by_receiver: false,
        places: false,
        receive_many: false,
        watch_closed: false,
        drop_receiver: false,
        clear: false,
        len: false,
        is_closed: false,
        thresholds: false,
        counters: false,
    };

    /// Whether messages can be offered at all.
    #[must_use]
    pub fn sends(&self) -> bool {
        !self.try_sends.is_empty() || !self.waiting_sends.is_empty()
    }

    /// Whether messages can be taken at all.
    #[must_use]
    pub fn receives(&self) -> bool {
        self.try_receive || self.waiting_receive
    }

    /// Whether it can be closed by anybody.
    #[must_use]
    pub fn closes(&self) -> bool {
        self.close_by_sender || self.close_by_receiver || self.ends_with_senders || self.drop_receiver
    }

    /// Whether a sender may wait for room.
    #[must_use]
    pub fn waits(&self) -> bool {
        !self.waiting_sends.is_empty() && self.policies.contains(&Policy::Backpressure)
    }

    /// Whether some way to be used makes a ledger of answers enough: what evicts its messages does not answer for them, so such
    /// a policy is followed by the model alone.
    #[must_use]
    pub fn has_a_ledger(&self) -> bool {
        self.policies.is_empty() || self.policies.iter().any(|policy| !evicts(*policy))
    }
}

/// Whether a full mailbox lets go of messages that it has accepted.
pub(crate) fn evicts(policy: Policy) -> bool {
    matches!(policy, Policy::DropOldest | Policy::DropLowest)
}
