//! BLS held to vectors of other implementations (CL-3).

use alloy_primitives::B256;
use alys_engines::violation::{check_eq, violated};
use blst::BLST_ERROR;
use blst::min_pk::{PublicKey, Signature as Point};
use serde_json::Value;

use super::alys::message::{Choice, vote_message};
use super::alys::registry::{Application, Registry};
use super::alys::scheme::{
    Bls, BlsSecretKey, Claim, Hashed, KeyError, PublicKeyBytes, SIGNATURE_DST, Scheme, SignatureBytes,
    coefficients,
};
use super::alys::terms::{Draft, Share};
use super::keys::seed;
use crate::vectors::{PublicVector, bytes, fixed, list};

const RULE: &str = "CL-3";

fn key(value: &Value) -> Option<PublicKey> {
    Bls::key(&bytes(value)).ok()
}

fn signature(value: &Value) -> SignatureBytes {
    SignatureBytes::new(fixed(value).unwrap_or([0xFF; 96]))
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| violated(RULE, format!("{value} is no number")))
}

/// Whether one key, a message and a signature go together; a key that is none has signed nothing.
fn verify(key: Option<PublicKey>, message: &[u8], signature: &SignatureBytes) -> bool {
    key.is_some_and(|key| Bls.verify(&key, message, signature))
}

fn together(keys: &Value, message: &[u8], signature: &SignatureBytes) -> bool {
    let keys: Option<Vec<PublicKey>> = list(keys).iter().map(key).collect();
    keys.is_some_and(|keys| Bls.verify_aggregate(&keys.iter().collect::<Vec<_>>(), message, signature))
}

/// Holds BLS to one public vector.
///
/// # Panics
///
/// Raises a violation when something else comes out.
pub fn public(vector: &PublicVector) {
    let PublicVector { function, name, input, output } = vector;
    let came = match function.as_str() {
        "sign" => {
            let secret = fixed(&input["privkey"]).and_then(|secret| BlsSecretKey::from_bytes(&secret));
            secret.map_or(Value::Null, |secret| hex(Bls.sign(&secret, &bytes(&input["message"])).as_slice()))
        }
        "verify" => {
            let (message, signature) = (bytes(&input["message"]), signature(&input["signature"]));
            verify(key(&input["pubkey"]), &message, &signature).into()
        }
        "aggregate" => {
            let parts: Vec<_> = list(input).iter().map(signature).collect();
            Bls.aggregate(&parts).map_or(Value::Null, |sum| hex(sum.as_slice()))
        }
        "fast_aggregate_verify" => {
            let (message, signature) = (bytes(&input["message"]), signature(&input["signature"]));
            together(&input["pubkeys"], &message, &signature).into()
        }
        "aggregate_verify" => different(input).into(),
        "batch_verify" => batch(input).into(),
        "deserialization_G1" => {
            // Infinity is a point, and still no key.
            let read = Bls::key(&bytes(&input["pubkey"]));
            (read.is_ok() || read == Err(KeyError::Infinity)).into()
        }
        "deserialization_G2" => Bls::point(&bytes(&input["signature"])).is_some().into(),
        "hash_to_G2" => hashed(input),
        other => violated(RULE, format!("nobody knows what {other} is")),
    };
    let expected = if function == "hash_to_G2" { point(output) } else { output.clone() };
    check_eq(RULE, &format!("{function}/{name}"), &expected, &came);
}

fn hex(bytes: &[u8]) -> Value {
    format!("0x{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>()).into()
}

/// A sum of signatures over different messages: what no certificate is, read with this crate's keys and points.
fn different(input: &Value) -> bool {
    let keys: Option<Vec<PublicKey>> = list(&input["pubkeys"]).iter().map(key).collect();
    let point = Point::sig_validate(&bytes(&input["signature"]), true).ok();
    let (Some(keys), Some(point)) = (keys, point) else { return false };
    let messages: Vec<Vec<u8>> = list(&input["messages"]).iter().map(bytes).collect();
    let (keys, messages): (Vec<_>, Vec<_>) =
        (keys.iter().collect(), messages.iter().map(Vec::as_slice).collect());
    point.aggregate_verify(false, &messages, SIGNATURE_DST, &keys, false) == BLST_ERROR::BLST_SUCCESS
}

fn batch(input: &Value) -> bool {
    let keys: Option<Vec<PublicKey>> = list(&input["pubkeys"]).iter().map(key).collect();
    let messages: Vec<Vec<u8>> = list(&input["messages"]).iter().map(bytes).collect();
    let signatures: Vec<_> = list(&input["signatures"]).iter().map(signature).collect();
    let Some(keys) = keys else { return false };
    let claims: Vec<_> = keys
        .iter()
        .zip(&messages)
        .zip(&signatures)
        .map(|((key, message), signature)| Claim { key, message, signature })
        .collect();
    Bls.verify_batch(&claims)
}

/// The point that a message is hashed to: what the secret key 1 signs, under the vectors' own domain.
fn hashed(input: &Value) -> Value {
    const DST: &[u8] = b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_";
    let mut one = [0; 32];
    one[31] = 1;
    let one = blst::min_pk::SecretKey::from_bytes(&one)
        .unwrap_or_else(|error| violated(RULE, format!("1 is no key: {error:?}")));
    let message = input["msg"].as_str().unwrap_or_default();
    hex(&one.sign(message.as_bytes(), DST, &[]).serialize())
}

/// A point of the vectors as it is serialised: of each coordinate the second number first.
fn point(output: &Value) -> Value {
    let coordinate = |name: &str| {
        let (first, second) = output[name].as_str().and_then(|text| text.split_once(',')).unwrap_or_default();
        [second, first].map(|number| number.trim_start_matches("0x").to_owned()).concat()
    };
    format!("0x{}{}", coordinate("x"), coordinate("y")).into()
}

/// Holds BLS, votes, registries and coefficients to the committed vectors.
///
/// # Panics
///
/// Raises a violation when something else comes out.
pub fn committed(vectors: &Value) {
    for vector in list(&vectors["keys"]) {
        let owner = number(&vector["owner"]);
        let secret = BlsSecretKey::from_seed(&bytes(&vector["seed"])).expect("32 bytes are enough");
        let read = fixed(&vector["secret"]).and_then(|secret| BlsSecretKey::from_bytes(&secret));
        let public = Bls.public_key(&secret);
        check_eq(RULE, "what a case derives keys from", &seed(owner).to_vec(), &bytes(&vector["seed"]));
        check_eq(RULE, "a public key", &bytes(&vector["public"])[..], public.as_slice());
        let other = read.map(|secret| Bls.public_key(&secret));
        check_eq(RULE, "the public key of the number", &Some(public), &other);
        let possession = Bls.prove_possession(&secret);
        check_eq(RULE, "a proof of possession", &bytes(&vector["possession"])[..], possession.as_slice());
    }
    for vector in list(&vectors["signatures"]) {
        let secret = secret(number(&vector["owner"]));
        let signed = Bls.sign(&secret, &bytes(&vector["message"]));
        check_eq(RULE, "a signature", &bytes(&vector["signature"])[..], signed.as_slice());
    }
    for vector in list(&vectors["aggregate"]) {
        let parts: Vec<_> = list(&vector["signatures"]).iter().map(signature).collect();
        let sum = Bls.aggregate(&parts).map(|sum| sum.to_vec());
        check_eq(RULE, "a sum of signatures", &Some(bytes(&vector["sum"])), &sum);
    }
    for vector in list(&vectors["verify"]) {
        let (message, signature) = (bytes(&vector["message"]), signature(&vector["signature"]));
        let came = verify(key(&vector["key"]), &message, &signature);
        check_eq(RULE, "whether a signature verifies", &vector["valid"].as_bool(), &Some(came));
    }
    for vector in list(&vectors["together"]) {
        let (message, signature) = (bytes(&vector["message"]), signature(&vector["signature"]));
        let came = together(&vector["keys"], &message, &signature);
        check_eq(RULE, "whether a sum verifies", &vector["valid"].as_bool(), &Some(came));
    }
    for vector in list(&vectors["admission"]) {
        let stated = PublicKeyBytes::new(fixed(&vector["key"]).unwrap_or([0; 48]));
        let came = Bls.admit(&stated, &signature(&vector["possession"])).is_ok();
        check_eq(RULE, "whether a key is admitted", &vector["valid"].as_bool(), &Some(came));
    }
    cancelled(&vectors["cancelled"]);
    governed(vectors);
}

/// A signature that was shifted by a point of order 13: its coefficient is a multiple of 13, so who does not look whether
/// it is of the group sees nothing of the shift in a batch.
fn cancelled(vector: &Value) {
    let (message, signature) = (bytes(&vector["message"]), signature(&vector["signature"]));
    let Some(key) = key(&vector["key"]) else { violated(RULE, "a sound key is refused") };
    check_eq(RULE, "whether it is a point of the group", &None, &Bls::point(signature.as_slice()).map(drop));
    let claim = Claim { key: &key, message: &message, signature: &signature };
    check_eq("GV-4", "whether a shift that cancels passes", &false, &Bls.verify_batch(&[claim]));
    check_eq("GV-7", "whether it verifies alone", &false, &Bls.verify(&key, &message, &signature));
}

fn secret(owner: u64) -> BlsSecretKey {
    BlsSecretKey::from_seed(&seed(owner)).expect("32 bytes are enough")
}

/// What stands for registries, proposals and votes.
fn governed(vectors: &Value) {
    let content = &vectors["content"];
    let numbers = |name: &str| number(&content[name]);
    let share = list(&content["threshold"]);
    let draft = Draft {
        payload: bytes(&content["payload"]),
        threshold: Share::new(number(&share[0]), number(&share[1])).expect("two thirds"),
        quorum: numbers("quorum"),
        opens: numbers("opens"),
        closes: numbers("closes"),
    };
    let root = B256::from_slice(&bytes(&vectors["registry"]["root"]));
    let hash = B256::from_slice(&bytes(&content["hash"]));
    check_eq(RULE, "what stands for a proposal", &hash, &draft.content(root));
    check_eq(RULE, "what stands for a registry", &root, &registry(&vectors["registry"]["members"]));
    for vector in list(&vectors["votes"]) {
        let (chain_id, proposal) = (number(&vector["chain_id"]), number(&vector["proposal"]));
        let choice = Choice::from_byte(number(&vector["choice"]) as u8).expect("1 to 3");
        let message = vote_message(chain_id, proposal, hash, choice);
        check_eq(RULE, "what a vote signs", &bytes(&vector["message"])[..], &message[..]);
        let signed = Bls.sign(&secret(number(&vector["owner"])), &message);
        check_eq(RULE, "a vote's signature", &bytes(&vector["signature"])[..], signed.as_slice());
    }
    let claims: Vec<_> = list(&vectors["batch"]["claims"])
        .iter()
        .map(|claim| {
            (
                fixed(&claim["key"]).unwrap_or([0; 48]),
                bytes(&claim["message"]),
                signature(&claim["signature"]),
            )
        })
        .collect();
    let hashed: Vec<_> = claims
        .iter()
        .map(|(key, message, signature)| Hashed { key: (*key).into(), message, signature })
        .collect();
    let expected: Vec<u8> = list(&vectors["batch"]["coefficients"]).iter().flat_map(bytes).collect();
    check_eq(RULE, "the coefficients of a batch", &expected, &coefficients(&hashed));
}

/// The root of a registry with these members; where their numbers leave gaps, the key was admitted and removed before.
fn registry(members: &Value) -> B256 {
    let mut registry = Registry::default();
    for (owner, member) in (0..).zip(list(members)) {
        let (wanted, weight, secret) = (number(&member[0]), number(&member[2]), secret(owner));
        let (key, possession) = (Bls.public_key(&secret), Bls.prove_possession(&secret));
        let application = Application { key, possession, weight };
        while registry.admit(&Bls, &application).expect("a sound application and a free key") < wanted {
            registry.remove(registry.members().map(|(last, _)| last).max().unwrap_or_default());
        }
    }
    registry.root()
}
