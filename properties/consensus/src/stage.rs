//! A server on loopback that does to each request what its script says.

use std::fmt;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::task::{JoinHandle, yield_now};

use crate::hands::Hands;

/// How often a server that says nothing lets others go on before it gives up: whoever still waits then waits for ever.
const PATIENCE: u32 = 2_000;

/// After how many turns nothing happens any more.
const TURNS: u32 = 200_000;

/// How many requests a script is asked about: whoever asks more often does so for ever.
const REQUESTS_MAX: usize = 40;

/// A request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Duration,
    /// `GET` or `POST`.
    pub method: String,
    /// The path with the query.
    pub target: String,
    /// Its headers, with names in small letters.
    pub headers: Vec<(String, String)>,
    /// Its body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null when it is none.
    #[must_use]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

/// What is done to a request.
#[derive(Clone, Debug)]
pub enum Step {
    /// It is answered.
    Answer(u16, Vec<u8>),
    /// Time passes first.
    Late(Duration, Box<Step>),
    /// The connection is reset.
    Reset,
    /// The answer ends before its end.
    Cut(u16, Vec<u8>),
    /// Time passes, and nothing is answered.
    Silent(Duration),
    /// The head of an answer comes, then time passes, and nothing more is said.
    Held(u16, Duration),
    /// A stream of events begins: these pieces, and then this.
    Stream(Vec<Vec<u8>>, Box<Step>),
    /// Somewhere else is pointed to.
    Redirect(String),
}

impl Step {
    /// An answer of JSON.
    #[must_use]
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Step::Answer(status, body.to_string().into_bytes())
    }
}

/// What is done to each request.
pub type Script = Box<dyn FnMut(&Asked) -> Step + Send>;

/// A server with a script.
pub struct Stage {
    /// Where it listens.
    pub url: String,
    hands: Hands,
    asked: Arc<Mutex<Vec<Asked>>>,
    task: JoinHandle<()>,
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("url", &self.url).finish()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Runs something on a runtime of its own, on this thread: that is where a fault is planted.
///
/// # Panics
///
/// When there is no runtime to be had, and when nothing happens any more although the work is not done: both ends of every line
/// are on this thread, so what has not happened after so many turns never will.
pub fn run<T>(work: impl Future<Output = T>) -> T {
    let bounded = async {
        tokio::select! {
            biased;
            done = work => done,
            () = turns(TURNS) => panic!("nothing happens any more: somebody waits for ever"),
        }
    };
    Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(bounded)
}

/// Lets others go on so often.
pub async fn turns(count: u32) {
    for _ in 0..count {
        yield_now().await;
    }
}

impl Stage {
    /// Begins to serve.
    ///
    /// # Panics
    ///
    /// When loopback has no room.
    pub async fn open(hands: Hands, script: impl FnMut(&Asked) -> Step + Send + 'static) -> Self {
        Self::open_for(hands, REQUESTS_MAX, script).await
    }

    /// The same for a script that is asked about so many requests.
    ///
    /// # Panics
    ///
    /// When loopback has no room.
    pub async fn open_for(
        hands: Hands,
        requests: usize,
        script: impl FnMut(&Asked) -> Step + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
        let url = format!("http://{}", listener.local_addr().expect("its address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script: Arc<Mutex<Script>> = Arc::new(Mutex::new(Box::new(script)));
        let (noted, clock) = (Arc::clone(&asked), hands.clone());
        let task = tokio::spawn(async move {
            while let Ok((line, _)) = listener.accept().await {
                let (noted, clock, script) = (Arc::clone(&noted), clock.clone(), Arc::clone(&script));
                tokio::spawn(async move {
                    let _ = serve(line, &clock, &noted, requests, &script).await;
                });
            }
        });
        Stage { url, hands, asked, task }
    }

    /// What was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The clock.
    #[must_use]
    pub fn hands(&self) -> &Hands {
        &self.hands
    }
}

async fn serve(
    mut line: TcpStream,
    hands: &Hands,
    noted: &Mutex<Vec<Asked>>,
    requests: usize,
    script: &Mutex<Script>,
) -> io::Result<()> {
    let asked = read(&mut line, hands).await?;
    let step = {
        let mut noted = noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.push(asked.clone());
        match noted.len() > requests {
            true => Step::Answer(400, b"too many requests for a script".to_vec()),
            false => script.lock().unwrap_or_else(PoisonError::into_inner)(&asked),
        }
    };
    act(&mut line, hands, step).await
}

/// Does what a script says.
async fn act(line: &mut TcpStream, hands: &Hands, mut step: Step) -> io::Result<()> {
    loop {
        step = match step {
            Step::Answer(status, body) => return write(line, status, &body, body.len()).await,
            Step::Cut(status, body) => return write(line, status, &body, body.len() + 7).await,
            Step::Late(by, step) => {
                hands.pass(by);
                *step
            }
            Step::Reset => return line.set_zero_linger(),
            Step::Silent(by) => {
                hands.pass(by);
                return hold(line).await;
            }
            Step::Held(status, by) => {
                line.write_all(format!("HTTP/1.1 {status} -\r\ncontent-length: 7\r\n\r\n").as_bytes())
                    .await?;
                // The head is read before time passes.
                turns(20).await;
                hands.pass(by);
                return std::future::pending().await;
            }
            Step::Redirect(to) => {
                let head = format!("HTTP/1.1 302 -\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
                return line.write_all(head.as_bytes()).await;
            }
            Step::Stream(pieces, then) => {
                line.write_all(b"HTTP/1.1 200 -\r\ncontent-type: text/event-stream\r\n\r\n").await?;
                for piece in pieces {
                    line.write_all(&piece).await?;
                    turns(20).await;
                }
                *then
            }
        }
    }
}

/// Says nothing until the other side has gone, or waits for ever.
async fn hold(line: &mut TcpStream) -> io::Result<()> {
    for _ in 0..PATIENCE {
        yield_now().await;
        match line.try_read(&mut [0; 64]) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => return Ok(()),
            _ => {}
        }
    }
    Ok(())
}

async fn write(line: &mut TcpStream, status: u16, body: &[u8], stated: usize) -> io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status} -\r\ncontent-type: application/json\r\ncontent-length: {stated}\r\nconnection: close\r\n\r\n"
    );
    line.write_all(head.as_bytes()).await?;
    line.write_all(body).await?;
    line.shutdown().await
}

/// Reads a request: its head, and as much as that says.
async fn read(line: &mut TcpStream, hands: &Hands) -> io::Result<Asked> {
    let mut octets = Vec::new();
    let end = loop {
        if let Some(at) = octets.windows(4).position(|four| four == b"\r\n\r\n") {
            break at;
        }
        if line.read_buf(&mut octets).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    };
    let head = String::from_utf8_lossy(&octets[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
    let header =
        |line: &str| line.split_once(": ").map(|(key, value)| (key.to_lowercase(), value.to_owned()));
    let mut asked = Asked {
        at: hands.now(),
        method: first.next().unwrap_or_default(),
        target: first.next().unwrap_or_default(),
        headers: lines.filter_map(header).collect(),
        body: octets.split_off(end + 4),
    };
    let length: usize = asked.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
    while asked.body.len() < length {
        if line.read_buf(&mut asked.body).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(asked)
}
