//! What an answer means. An answer is described by what matters of it.

/// What stands where the id of the request should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// The id that was asked with.
    Ours,
    /// Another number.
    Other,
    /// The same number as a text.
    Text,
    /// Null.
    Null,
    /// Nothing.
    Missing,
}

/// What stands where an error may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// Nothing.
    Missing,
    /// Null.
    Null,
    /// An error of this code.
    Code(i64),
    /// Something that is no error: it has no code, or no message.
    Garbled,
}

/// What stands where a result may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing.
    Missing,
    /// Null.
    Null,
    /// Something.
    Something,
}

/// An answer of JSON-RPC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status of HTTP.
    pub status: u16,
    /// Whether the body is JSON at all.
    pub json: bool,
    /// Whether it says that it is version 2.0.
    pub version: bool,
    /// Its id.
    pub id: Id,
    /// Its error.
    pub error: Error,
    /// Its result.
    pub result: Outcome,
}

/// What it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// There is a result.
    Result,
    /// It is an error of this code.
    Rpc(i64),
    /// The token is refused.
    Unauthorised,
    /// HTTP says no.
    Status(u16),
    /// It is to another request.
    OtherRequest,
    /// It is no answer.
    Malformed,
}

impl Answer {
    /// Everything that may be said of it. Where several things are wrong, any of them may be named; with a result there is
    /// nothing else.
    #[must_use]
    pub fn meanings(&self) -> Vec<Meaning> {
        if self.status == 401 {
            return vec![Meaning::Unauthorised];
        }
        if self.status != 200 {
            return vec![Meaning::Status(self.status)];
        }
        let mut wrong = Vec::new();
        let has_error = matches!(self.error, Error::Code(_) | Error::Garbled);
        let neither = self.result == Outcome::Missing && !has_error;
        let both = self.result == Outcome::Something && has_error;
        if !self.json || !self.version || self.error == Error::Garbled || neither || both {
            wrong.push(Meaning::Malformed);
        }
        // "If there was an error in detecting the id in the Request object (e.g. Parse error/Invalid Request), it MUST be Null."
        let unread = matches!(self.error, Error::Code(-32_700 | -32_600));
        let nameless = matches!(self.id, Id::Null | Id::Missing) && unread;
        if self.json && self.id != Id::Ours && !nameless {
            wrong.push(Meaning::OtherRequest);
        }
        match (wrong.is_empty(), self.error) {
            (false, _) => wrong,
            (true, Error::Code(code)) => vec![Meaning::Rpc(code)],
            (true, _) => vec![Meaning::Result],
        }
    }
}

/// The hash that is said to be the latest valid one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Latest {
    /// None.
    Null,
    /// The one that was asked about.
    Asked,
    /// Another one.
    Other,
}

/// What is said to a payload or a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Valid.
    Valid,
    /// Not valid, with the latest valid hash.
    Invalid(Latest),
    /// Not known.
    Syncing,
    /// Kept.
    Accepted,
}

/// What a status means that is said to a payload; `None` when it means nothing that the specification allows.
#[must_use]
pub fn to_payload(word: &str, latest: Latest) -> Option<Verdict> {
    match (word, latest) {
        ("VALID", Latest::Asked) => Some(Verdict::Valid),
        ("INVALID", latest) => Some(Verdict::Invalid(latest)),
        ("INVALID_BLOCK_HASH", _) => Some(Verdict::Invalid(Latest::Null)),
        ("SYNCING", _) => Some(Verdict::Syncing),
        ("ACCEPTED", _) => Some(Verdict::Accepted),
        _ => None,
    }
}

/// The same said to a choice, with or without a payload that is being built.
#[must_use]
pub fn to_choice(word: &str, latest: Latest, builds: bool) -> Option<Verdict> {
    let verdict = to_payload(word, latest).filter(|_| word != "INVALID_BLOCK_HASH")?;
    match verdict {
        Verdict::Accepted => None,
        Verdict::Valid => Some(verdict),
        _ if builds => None,
        _ => Some(verdict),
    }
}
