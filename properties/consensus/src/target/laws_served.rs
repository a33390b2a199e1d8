//! Our client and our server, over HTTP: what one shows the other reads, and heads arrive.

use alys_engines::violation::check_eq;
use serde_json::Value;
use tokio::net::TcpListener;

use super::alys::beacon::types::Health;
use super::alys::beacon::{BlockId, StateId};
use super::alys::server::{ChainView, Published, SyncView, router};
use super::laws_beacon::client;
use super::shown::Chain;
use super::support::BEGIN;
use crate::hands::Hands;
use crate::stage::run;

/// Serves a view.
///
/// # Panics
///
/// When loopback has no room.
pub async fn served(view: ChainView) -> (String, Published) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port of loopback");
    let url = format!("http://{}", listener.local_addr().expect("its address"));
    let published = Published::new(view);
    let service = router(published.clone());
    tokio::spawn(async move { axum::serve(listener, service).await });
    (url, published)
}

/// What the client reads is what the server shows.
pub fn the_client_reads_the_server() -> u64 {
    let chain = Chain::default();
    run(async {
        let (url, published) = served(chain.view(SyncView::Synced)).await;
        let client = client(&url, &Hands::at(BEGIN));
        check_eq("CL-1", "the health", &Ok(Health::Ready), &client.health().await);
        let version = client.version().await.map(|found| found.map(|it| it.version));
        check_eq("CL-1", "the version", &Ok(Some("Alys/0.1.0".to_owned())), &version);
        let head = client.header(BlockId::Head).await.map(|found| found.map(|it| it.data.root));
        check_eq("CL-1", "the head", &Ok(Some(chain.root(6))), &head);
        let root = client.block_root(BlockId::Slot(3)).await;
        check_eq("CL-1", "the root of a slot", &Ok(Some(chain.root(3))), &root);
        check_eq("CL-1", "a slot without a block", &Ok(None), &client.block_root(BlockId::Slot(4)).await);
        let finality = client.finality(StateId::Of(BlockId::Head)).await;
        let finalized = finality.map(|found| found.map(|it| it.data.finalized.root));
        check_eq("CL-1", "what is final", &Ok(Some(chain.root(2))), &finalized);
        let count = |found: Option<usize>| found;
        let peers = client.peers().await.map(|found| count(found.map(|it| it.len())));
        check_eq("CL-1", "the peers", &Ok(Some(1)), &peers);
        let validators =
            client.validators(StateId::Justified).await.map(|found| found.map(|it| it.data.len()));
        check_eq("CL-1", "the validators", &Ok(Some(2)), &validators);
        let duties = client.proposer_duties(1).await.map(|found| found.map(|it| it.data.len()));
        check_eq("CL-1", "the duties", &Ok(Some(32)), &duties);
        let headers = client.headers().await.map(|found| found.map(|it| it.data.len()));
        check_eq("CL-1", "the headers", &Ok(Some(1)), &headers);
        let forks = client.fork_schedule().await.map(|found| found.map(|it| it.len()));
        check_eq("CL-1", "the forks", &Ok(Some(1)), &forks);
        let known = [
            client.syncing().await.is_ok_and(|it| it.is_some()),
            client.identity().await.is_ok_and(|it| it.is_some()),
            client.genesis().await.is_ok_and(|it| it.is_some()),
            client.spec().await.is_ok_and(|it| it.is_some()),
        ];
        check_eq("CL-1", "everything else", &[true; 4], &known);
        published.publish(chain.view(SyncView::Behind(3)));
        check_eq("CL-1", "the health later", &Ok(Health::Syncing), &client.health().await);
        published.publish(chain.view(SyncView::NotReady));
        check_eq("CL-1", "the health at last", &Ok(Health::NotReady), &client.health().await);
    });
    18
}

/// Whoever watches the server is told its head, and each one after it.
pub fn heads_arrive_from_the_server() -> u64 {
    let chains = Chain::growing(4);
    run(async {
        let (url, published) = served(chains[0].clone()).await;
        let mut watch = client(&url, &Hands::at(BEGIN)).watch();
        check_eq("CL-1", "the head at first", &chains[0].head(), &watch.next().await.root);
        for view in &chains[1..] {
            // A view with the same tip tells nothing.
            published.publish(view.clone());
            published.publish(view.clone());
            check_eq("CL-1", "the next head", &view.head(), &watch.next().await.root);
        }
        check_eq("CL-1", "what is shown", &chains[3].head(), &published.view().head());
    });
    4
}

/// A head is told once on the line, however often a view with this tip is published.
pub fn a_head_is_told_once() -> u64 {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let chains = Chain::growing(3);
    run(async {
        let (url, published) = served(chains[0].clone()).await;
        let line = tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await;
        let Ok(mut line) = line else { panic!("there is no server") };
        let request = b"GET /eth/v1/events?topics=block&topics=head HTTP/1.1\r\nhost: x\r\n\r\n";
        let sent = line.write_all(request).await;
        check_eq("CL-1", "whether it is asked", &true, &sent.is_ok());
        let mut octets = Vec::new();
        while !octets.ends_with(b":\n\n\r\n") {
            let _ = line.read_buf(&mut octets).await;
        }
        for view in [0, 1, 1, 2, 2] {
            published.publish(chains[view].clone());
        }
        let last = chains[2].head().to_string();
        let text = loop {
            let _ = line.read_buf(&mut octets).await;
            let text = String::from_utf8_lossy(&octets).into_owned();
            if text.contains(&last) {
                break text;
            }
        };
        check_eq("CL-1", "how many heads are told", &2, &text.matches("event: head\n").count());
        check_eq("CL-1", "the kind of content", &true, &text.contains("content-type: text/event-stream\r\n"));
    });
    3
}

/// Whoever has fallen too far behind is told the last head all the same.
pub fn who_falls_behind_hears_the_last_head() -> u64 {
    let chains = Chain::growing(90);
    run(async {
        let (url, published) = served(chains[0].clone()).await;
        let mut watch = client(&url, &Hands::at(BEGIN)).watch();
        check_eq("CL-1", "the head at first", &chains[0].head(), &watch.next().await.root);
        chains[1..].iter().for_each(|view| published.publish(view.clone()));
        while watch.next().await.root != chains[89].head() {}
    });
    1
}

/// What is asked of events and methods that there are not.
pub fn the_shell_refuses_as_the_specification_says() -> u64 {
    let requests = [
        ("GET /eth/v1/events", 400),
        ("GET /eth/v1/events?topics=head,block", 400),
        ("GET /eth/v1/events?topics=nothing", 400),
        ("GET /eth/v1/events?topics=head&topics=nothing", 400),
        ("POST /eth/v1/node/version", 405),
        ("POST /eth/v1/events?topics=head", 405),
        ("DELETE /eth/v1/events", 405),
        ("HEAD /eth/v1/events?topics=head", 405),
        ("GET /eth/v1/node/health?syncing_status=100", 400),
        ("GET /eth/v1/node/health?syncing_status=199", 400),
        ("GET /eth/v1/node/version?x=1", 200),
        ("GET /eth/v1/nothing", 404),
        ("GET /", 404),
    ];
    run(async {
        let (url, _published) = served(Chain::default().view(SyncView::Synced)).await;
        for (request, status) in requests {
            let (real, head, body) = raw(&url, request).await;
            check_eq("CL-1", &format!("the status of {request}"), &status, &real);
            check_eq(
                "CL-1",
                &format!("the content of {request}"),
                &Some("application/json"),
                &header(&head, "content-type"),
            );
            let allowed = (status == 405).then_some("GET");
            check_eq(
                "CL-1",
                &format!("what is allowed instead of {request}"),
                &allowed,
                &header(&head, "allow"),
            );
            let has_body = status >= 400 && !request.starts_with("HEAD");
            let code = has_body.then_some(u64::from(status));
            check_eq("CL-1", &format!("the code of {request}"), &code, &body["code"].as_u64());
        }
    });
    requests.len() as u64
}

/// The value of a header.
#[must_use]
pub fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let pairs = head.lines().filter_map(|line| line.split_once(": "));
    pairs.filter(|(key, _)| *key == name).map(|(_, value)| value).next()
}

/// Sends a request of one line, and reads the status, the head and the body.
///
/// # Panics
///
/// When nobody answers.
pub async fn raw(url: &str, request: &str) -> (u16, String, Value) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let mut line = tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.expect("a server");
    let request = format!("{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    line.write_all(request.as_bytes()).await.expect("a line");
    let mut text = String::new();
    line.read_to_string(&mut text).await.expect("an answer");
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, head.to_owned(), serde_json::from_str(body).unwrap_or_default())
}
