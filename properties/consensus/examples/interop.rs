//! Our client of the Engine API and the driver, against a real execution client: `interop/run` starts it and this.
//!
//! Arguments: the time in seconds since the Unix epoch, by which tokens are fresh; the URL of the client, the script that stops and starts
//! it, `--record FILE` to write what was asked and answered, or `--beacon` for a beacon node.

#![allow(clippy::print_stdout, reason = "it tells whoever runs it what it has done")]

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use alys_consensus::clock::Clock as _;
use alys_consensus_properties::hands::Hands;
use alys_consensus_properties::interop::{self, Outcome, Setting};
use alys_consensus_properties::stage::{Asked, Stage, Step};
use serde_json::{Value, json};

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seconds, url, script, rest @ ..] = &arguments[..] else {
        return Err("seconds since the Unix epoch, URL, script, and maybe --record FILE".into());
    };
    let setting = Setting { seconds: seconds.parse()?, url: url.clone(), script: script.into() };
    match rest {
        [] => interop::play(&setting, &mut told),
        [flag] if flag == "--beacon" => interop::beacon::play(&setting, &mut told),
        [flag, file] if flag == "--record" => {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(recorded(&setting, file))
        }
        _ => Err(format!("not understood: {rest:?}").into()),
    }
}

fn told(what: &str, holds: bool) {
    println!("{}: {what}", if holds { "ok" } else { "does not hold" });
}

/// The same without stopping it, over a stage that writes down what passes.
async fn recorded(setting: &Setting, file: &str) -> Outcome<()> {
    let (url, clock) = (&setting.url, setting.clock());
    let address = url.trim_start_matches("http://").to_owned();
    let mut file = File::create(file)?;
    let stage = Stage::open(Hands::at(clock.now()), move |asked| {
        let Ok((status, body)) = forwarded(&address, asked) else { return Step::Reset };
        let text = String::from_utf8_lossy(&body).into_owned();
        let entry = json!({ "request": asked.json(), "status": status, "body": text, "expected": expected(asked, status, &body) });
        // What cannot be written is missed when it is replayed.
        let _ = writeln!(file, "{entry}");
        Step::Answer(status, body)
    });
    let stage = stage.await;
    interop::refusals(&stage.url, clock, &mut told).await?;
    let (realm, mut driver) = interop::driver(&stage.url, clock)?;
    for slot in 1..=2 {
        driver.propose(realm.time(slot)).await?;
    }
    told("blocks are built over the recorder", driver.node().engine().head().height == 2);
    Ok(())
}

/// Sends a request on, and reads the answer to its end.
fn forwarded(address: &str, asked: &Asked) -> std::io::Result<(u16, Vec<u8>)> {
    let mut line = TcpStream::connect(address)?;
    line.set_read_timeout(Some(Duration::from_secs(10)))?;
    let token = asked.header("authorization").unwrap_or_default();
    let head = format!(
        "POST / HTTP/1.1\r\nhost: {address}\r\nauthorization: {token}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\nconnection: close\r\n\r\n",
        asked.body.len()
    );
    line.write_all(head.as_bytes())?;
    line.write_all(&asked.body)?;
    let mut answer = Vec::new();
    line.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap_or(0);
    let status =
        String::from_utf8_lossy(&answer[..end]).split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok((status.unwrap_or(0), answer.split_off((end + 4).min(answer.len()))))
}

/// What an answer must come to, read from its JSON alone.
fn expected(asked: &Asked, status: u16, body: &[u8]) -> String {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let result = &said["result"];
    if status == 401 {
        return "unauthorised".to_owned();
    }
    if let Some(code) = said["error"]["code"].as_i64() {
        return format!("rpc {code}");
    }
    let word = |status: &Value| match status["status"].as_str() {
        Some("VALID") => "Valid",
        Some("INVALID") => "Invalid",
        Some("SYNCING") => "Syncing",
        Some("ACCEPTED") => "Accepted",
        _ => "misread",
    };
    let method = asked.json()["method"].as_str().unwrap_or_default().to_owned();
    let come = match &*method {
        "engine_exchangeCapabilities" => "has all",
        "engine_getPayloadV2" => "Built",
        "engine_newPayloadV2" => word(result),
        _ if !result["payloadId"].is_null() => "Builds",
        _ => word(&result["payloadStatus"]),
    };
    come.to_owned()
}
