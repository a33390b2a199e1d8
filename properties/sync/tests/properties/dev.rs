//! dev
use alys_sync_properties::{planted::Engine, real::laws};
#[test]
fn dev() {
    for engine in [
        Engine::Rules,
        Engine::Proofs,
        Engine::Peers,
        Engine::Download,
        Engine::Serving,
        Engine::Nodes,
        Engine::Network,
    ] {
        for (name, law) in laws::laws(engine) {
            if let Err(message) = alys_engines::violation::caught(law) {
                alys_engines::sequential::announce(&format!("FAIL {name}: {message}"));
            } else {
                alys_engines::sequential::announce(&format!("ok {name}"));
            }
        }
    }
}

#[test]
fn hunting() {
    use alys_sync_properties::{hunt::hunt, planted::CATALOGUE};
    alys_engines::sequential::announce(&format!("stale {:?}", CATALOGUE.stale));
    let only = std::env::var("FAULT").unwrap_or_default();
    for fault in CATALOGUE.live().filter(|it| it.id.contains(&*only)) {
        alys_engines::sequential::announce(&format!("hunting {}", fault.id));
        let kill = hunt(fault);
        match kill { None => alys_engines::sequential::announce(&format!("SURVIVED {}", fault.id)), Some(kill) => alys_engines::sequential::announce(&format!("  {:.150}", kill.message)) }
    }
}
