//! JSON-RPC 2.0: what is asked, and what an answer means (<https://www.jsonrpc.org/specification>).

use serde_json::{Value, json};

use crate::failure::Failure;

/// The text of the request could not be read.
pub const PARSE_ERROR: i64 = -32_700;
/// What was read is no request.
pub const INVALID_REQUEST: i64 = -32_600;

/// A request as it is sent.
#[must_use]
pub fn request(id: u64, method: &str, params: &[Value]) -> String {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string()
}

/// Reads the answer to a request, with the status that came with it.
///
/// # Errors
///
/// - [`Failure::Unauthorised`] and [`Failure::Status`] for every status but 200, whatever the body says;
/// - [`Failure::Malformed`] when it is no answer, or says both yes and no;
/// - [`Failure::OtherRequest`] when it is to another one;
/// - [`Failure::Rpc`] when it is an error.
pub fn response(status: u16, body: &[u8], asked: u64) -> Result<Value, Failure> {
    match status {
        200 => {}
        401 => return Err(Failure::Unauthorised),
        status => return Err(Failure::Status { status, message: excerpt(body) }),
    }
    let answer: Value = serde_json::from_slice(body).map_err(Failure::malformed)?;
    let Value::Object(mut answer) = answer else { return Err(Failure::malformed("no object")) };
    if answer.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Err(Failure::malformed("`jsonrpc` is not \"2.0\""));
    }
    let error = answer.remove("error").filter(|error| !error.is_null()).map(read_error).transpose()?;
    let id = answer.get("id").unwrap_or(&Value::Null);
    if id.as_u64() != Some(asked) && !(id.is_null() && error.as_ref().is_some_and(names_no_request)) {
        return Err(Failure::OtherRequest { asked, found: id.to_string() });
    }
    match (answer.remove("result"), error) {
        (Some(result), None) => Ok(result),
        (None | Some(Value::Null), Some(error)) => Err(error),
        (Some(_), Some(_)) => Err(Failure::malformed("there are both `result` and `error`")),
        (None, None) => Err(Failure::malformed("there is neither `result` nor `error`")),
    }
}

fn read_error(error: Value) -> Result<Failure, Failure> {
    let code = error.get("code").and_then(Value::as_i64);
    let code = code.ok_or_else(|| Failure::malformed("the error has no `code` that is an integer"))?;
    let message = error.get("message").and_then(Value::as_str);
    let message = message.ok_or_else(|| Failure::malformed("the error has no `message` that is a text"))?;
    Ok(Failure::Rpc { code, message: message.to_owned() })
}

/// Whether it says that the request could not be read, so that its id is not known there.
fn names_no_request(error: &Failure) -> bool {
    matches!(error, Failure::Rpc { code: PARSE_ERROR | INVALID_REQUEST, .. })
}

/// How much of a body is shown of an answer that is an error.
const SHOWN: usize = 200;

/// The beginning of a body, for people.
fn excerpt(body: &[u8]) -> String {
    String::from_utf8_lossy(body).chars().take(SHOWN).collect()
}
