//! The stream of events as it comes in: octets in any pieces, messages out.
//!
//! Source: section 9.2 of the HTML standard, "Server-sent events".

/// One message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// Its kind; `message` when the stream names none.
    pub event: String,
    /// What it says: the lines of its data, with a line feed between each two.
    pub data: String,
}

/// A message is larger than allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a message of the stream has more than {limit} octets, which is what is allowed")]
pub struct TooLong {
    /// How many octets are allowed.
    pub limit: usize,
}

/// Reads a stream.
///
/// ```
/// use alys_consensus::beacon::sse::Parser;
///
/// let mut parser = Parser::new(1_000);
/// assert_eq!(parser.push(b"event: head\r\nda"), Ok(vec![]));
/// let messages = parser.push(b"ta: {}\r\n\r\n").unwrap();
/// assert_eq!((messages[0].event.as_str(), messages[0].data.as_str()), ("head", "{}"));
/// ```
#[derive(Clone, Debug)]
pub struct Parser {
    limit: usize,
    /// What has come of the line.
    line: Vec<u8>,
    /// Whether the last octet was a carriage return, after which a line feed ends nothing.
    after_return: bool,
    /// Whether no line has ended yet: the first one may begin with a byte order mark.
    is_first: bool,
    event: String,
    data: Option<String>,
}

impl Parser {
    /// Reads a stream whose messages have at most so many octets.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        let (line, event) = (Vec::new(), String::new());
        Parser { limit, line, after_return: false, is_first: true, event, data: None }
    }

    /// Takes what has come, and returns the messages that are complete with it.
    ///
    /// # Errors
    ///
    /// [`TooLong`]: the stream cannot be read on.
    pub fn push(&mut self, octets: &[u8]) -> Result<Vec<Message>, TooLong> {
        let mut messages = Vec::new();
        for octet in octets {
            match octet {
                b'\n' if self.after_return => {}
                b'\n' | b'\r' => messages.extend(self.end_line()),
                _ => self.line.push(*octet),
            }
            self.after_return = *octet == b'\r';
            let held = self.line.len() + self.data.as_ref().map_or(0, String::len);
            if held > self.limit {
                return Err(TooLong { limit: self.limit });
            }
        }
        Ok(messages)
    }

    /// A line has ended: an empty one ends a message, any other adds to it.
    fn end_line(&mut self) -> Option<Message> {
        let line = std::mem::take(&mut self.line);
        let mut line = &*String::from_utf8_lossy(&line);
        if std::mem::take(&mut self.is_first) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return self.end_message();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.event),
            "data" => match &mut self.data {
                Some(data) => {
                    data.push('\n');
                    data.push_str(value);
                }
                None => self.data = Some(value.to_owned()),
            },
            // A comment has an empty name; identities and waits are of no use here, as a head is asked for anew.
            _ => {}
        }
        None
    }

    /// A message without data is none.
    fn end_message(&mut self) -> Option<Message> {
        let event = std::mem::take(&mut self.event);
        let data = self.data.take()?;
        let event = if event.is_empty() { "message".to_owned() } else { event };
        Some(Message { event, data })
    }
}
