//! The messages of a stream of events, read as a whole.

/// A message: its kind and its data.
pub type Message = (String, String);

/// The messages that are complete in a stream, by section 9.2.6 of the HTML standard.
#[must_use]
pub fn messages(octets: &[u8]) -> Vec<Message> {
    let text = String::from_utf8_lossy(octets).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    // What comes after the last empty line is not complete.
    let mut blocks: Vec<&str> = text.split_inclusive('\n').collect();
    if blocks.last().is_some_and(|line| !line.ends_with('\n')) {
        blocks.pop();
    }
    let mut messages = Vec::new();
    let (mut kind, mut data): (&str, Vec<&str>) = ("", Vec::new());
    for line in blocks.iter().map(|line| line.trim_end_matches('\n')) {
        if line.is_empty() {
            if !data.is_empty() {
                let kind = if kind.is_empty() { "message" } else { kind };
                messages.push((kind.to_owned(), data.join("\n")));
            }
            (kind, data) = ("", Vec::new());
        } else {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => kind = value,
                "data" => data.push(value),
                _ => {}
            }
        }
    }
    messages
}
