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
