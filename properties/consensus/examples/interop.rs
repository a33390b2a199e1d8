//! Our client of the Engine API and the driver, against a real execution client: `interop/run` starts it and this.
//!
//! Arguments: the time in seconds since the Unix epoch, by which tokens are fresh; the URL of the client, the script that stops and starts
//! it, and `--record FILE` to write what was asked and answered.

#![allow(clippy::print_stdout, reason = "it tells whoever runs it what it has done")]

use std::error::Error;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use alys_chain::node::Node;
use alys_chain::scheme::Ideal;
use alys_consensus::clock::{Clock as _, RuntimeClock};
use alys_consensus::driver::{DriveError, Driver, ExecutionTip, Payloads};
use alys_consensus::engine::client::EngineError;
use alys_consensus::engine::{
    EngineClient, EngineSettings, Fork, ForkchoiceOutcome, ForkchoiceState, JwtSecret, PayloadOutcome,
};
use alys_consensus::failure::Failure;
use alys_consensus::number::Quantity;
use alys_consensus::octets::{Address, Fixed, Hash};
use alys_consensus::retry::Policy;
use alys_consensus_properties::hands::Hands;
use alys_consensus_properties::realm::{Nowhere, Realm};
use alys_consensus_properties::stage::{Asked, Stage, Step};
use serde_json::{Value, json};

/// The hash of the first block of `interop/genesis.json`.
const GENESIS: &str = "0x486eb26a91656708049db1500bf90ac7ef6a25bdd0309ac1ba11ad3d048410ee";

/// How many blocks are built before the client is stopped; so many again afterwards.
const BLOCKS: u64 = 10;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [seconds, url, script, rest @ ..] = &arguments[..] else {
        return Err("seconds since the Unix epoch, URL, script, and maybe --record FILE".into());
    };
    let clock = RuntimeClock::set(Duration::from_secs(seconds.parse()?));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match rest {
        [] => runtime.block_on(played(url, script, clock)),
        [flag, file] if flag == "--record" => runtime.block_on(recorded(url, file, clock)),
        _ => Err(format!("not understood: {rest:?}").into()),
    }
}

fn client(url: &str, secret: &str, clock: RuntimeClock) -> Outcome<EngineClient> {
    let policy = Policy { attempts: 2, ..Policy::default() };
    let settings = EngineSettings {
        url: url.to_owned(),
        secret: JwtSecret::from_hex(secret)?,
        fork: Fork::Shanghai,
        policy,
    };
    Ok(EngineClient::new(settings, Arc::new(clock))?)
}

/// The secret that `interop/client` writes.
fn secret() -> String {
    format!("{:064}", 7)
}

fn driver(url: &str, clock: RuntimeClock) -> Outcome<(Realm, Driver<Ideal, Nowhere>)> {
    let realm = Realm::of(1);
    let start = ExecutionTip { hash: GENESIS.parse()?, number: 0, timestamp: 0 };
    let node = Node::new(realm.engine(Payloads, start), Nowhere);
    Ok((realm, Driver::new(node, client(url, &secret(), clock)?, Address::default())))
}

fn check(what: &str, holds: bool) -> Outcome<()> {
    match holds {
        true => {
            println!("ok: {what}");
            Ok(())
        }
        false => Err(format!("does not hold: {what}").into()),
    }
}

/// Blocks are built, the client is stopped and started, and more blocks are built.
async fn played(url: &str, script: &str, clock: RuntimeClock) -> Outcome<()> {
    refusals(url, clock).await?;
    let (realm, mut driver) = driver(url, clock)?;
    for slot in 1..=BLOCKS {
        driver.propose(realm.time(slot)).await?;
    }
    check(
        &format!("{BLOCKS} blocks built, imported and chosen"),
        driver.node().engine().head().height == BLOCKS,
    )?;
    Command::new(script).arg("stop").status()?;
    let failed = driver.propose(realm.time(BLOCKS + 1)).await;
    let is_typed = matches!(&failed, Err(DriveError::Client(EngineError::Call { error, .. })) if matches!(error.failure, Failure::Connect(_)));
    check(&format!("without a client: {failed:?}"), is_typed)?;
    check("no block is lost", driver.node().engine().head().height == BLOCKS)?;
    Command::new(script).arg("start").status()?;
    driver.follow().await?;
    check("it is told the tip when it is back", !driver.is_behind())?;
    for slot in BLOCKS + 2..=2 * BLOCKS + 1 {
        driver.propose(realm.time(slot)).await?;
    }
    check(&format!("{} blocks in all", 2 * BLOCKS), driver.node().engine().head().height == 2 * BLOCKS)
}

/// A wrong secret, what is not valid, and what has no parent.
async fn refusals(url: &str, clock: RuntimeClock) -> Outcome<()> {
    let stranger = client(url, &"08".repeat(32), clock)?;
    let refused = stranger.exchange_capabilities().await;
    let is_refused =
        matches!(&refused, Err(EngineError::Call { error, .. }) if error.failure == Failure::Unauthorised);
    check(&format!("a wrong secret: {refused:?}"), is_refused)?;
    let client = client(url, &secret(), clock)?;
    let methods = client.exchange_capabilities().await?;
    check(
        "it has every method",
        Fork::Shanghai.methods().iter().all(|method| methods.iter().any(|one| one == method)),
    )?;
    let genesis: Hash = GENESIS.parse()?;
    let state = ForkchoiceState { head_block_hash: genesis, ..ForkchoiceState::default() };
    let attributes = alys_consensus::engine::PayloadAttributes {
        timestamp: Quantity(500),
        withdrawals: Some(Vec::new()),
        ..Default::default()
    };
    let ForkchoiceOutcome::Valid { payload: Some(id) } =
        client.forkchoice_updated(state, Some(&attributes)).await?
    else {
        return Err("nothing is built on genesis".into());
    };
    let built = client.get_payload(id).await?.payload;
    let mut tampered = built.clone();
    tampered.gas_used = Quantity(1);
    let said = client.new_payload(&tampered, Hash::default(), &[]).await?;
    check(&format!("a payload with another hash: {said:?}"), matches!(said, PayloadOutcome::Invalid { .. }))?;
    let said = client.new_payload(&built, Hash::default(), &[]).await?;
    check(&format!("the payload itself: {said:?}"), said == PayloadOutcome::Valid)?;
    let unknown = ForkchoiceState { head_block_hash: Fixed([9; 32]), ..state };
    let said = client.forkchoice_updated(unknown, None).await;
    check(&format!("an unknown tip: {said:?}"), matches!(said, Ok(ForkchoiceOutcome::Syncing)))
}

/// The same without stopping it, over a stage that writes down what passes.
async fn recorded(url: &str, file: &str, clock: RuntimeClock) -> Outcome<()> {
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
    refusals(&stage.url, clock).await?;
    let (realm, mut driver) = driver(&stage.url, clock)?;
    for slot in 1..=2 {
        driver.propose(realm.time(slot)).await?;
    }
    check("blocks are built over the recorder", driver.node().engine().head().height == 2)
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
