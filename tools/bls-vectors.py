#!/usr/bin/env python3
"""Writes properties/governance/tests/vectors/bls.json: what another implementation makes of BLS signatures and of votes.

Points, pairings and hashing to curves come from py_ecc, which is pure Python and no binding of anything; hashes from
Python's hashlib. What a vote signs, what stands for a proposal and how coefficients are made is written here from
docs/governance.md.

    pip install py_ecc==8.0.0
    tools/bls-vectors.py
"""

import hashlib
import json
from pathlib import Path

from py_ecc.bls import G2ProofOfPossession as bls
from py_ecc.bls.g2_primitives import G1_to_pubkey, G2_to_signature, signature_to_G2
from py_ecc.bls.point_compression import decompress_G1, decompress_G2
from py_ecc.optimized_bls12_381 import add, curve_order, field_modulus, is_inf, multiply, neg, G1, G2

FILE = Path(__file__).resolve().parent.parent / "properties/governance/tests/vectors/bls.json"
# Of the curve of the signatures, from the parameter of BLS12-381.
X = -0xD201000000010000
COFACTOR = (X**8 - 4 * X**7 + 5 * X**6 - 4 * X**4 + 6 * X**3 - 4 * X**2 - 4 * X + 13) // 9
INFINITY_KEY = bytes([0xC0] + [0] * 47)
INFINITY = bytes([0xC0] + [0] * 95)


def le(number, size=8):
    return number.to_bytes(size, "little")


def sha256(data):
    return hashlib.sha256(data).digest()


def seed(who):
    return le(who) + bytes([9]) * 24


def vote_message(chain_id, proposal, content, choice):
    return b"alys/gov" + le(chain_id) + le(proposal) + content + bytes([choice])


def registry_root(members):
    return sha256(b"alys/gov/registry" + b"".join(le(n) + key + le(weight) for n, key, weight in members))


def content(root, draft):
    numbers = [*draft["threshold"], draft["quorum"], draft["opens"], draft["closes"]]
    return sha256(b"alys/gov/content" + root + b"".join(map(le, numbers)) + bytes.fromhex(draft["payload"]))


def coefficients(claims):
    start = b"".join(key + le(len(message)) + message + signature for key, message, signature in claims)
    start = sha256(b"alys/gov/batch" + start)
    return [sha256(b"alys/gov/batch" + start + le(place))[:16] for place in range(len(claims))]


def shifted(signature, by):
    return bytes(G2_to_signature(add(signature_to_G2(signature), by)))


def outside_the_subgroup():
    """The first x whose point is on the curve of the keys and not in their group."""
    for x in range(1, 100):
        key = (x + (1 << 383)).to_bytes(48, "big")
        try:
            decompress_G1(int.from_bytes(key, "big"))
        except ValueError:
            continue
        if not bls.KeyValidate(key):
            return key
    raise AssertionError("half of all numbers are a point's")


def of_order_13():
    """A point of the curve of the signatures whose order is 13: the order of the curve is that of the group times the cofactor."""
    x = 0
    while True:
        x += 1
        try:
            point = decompress_G2((x + (1 << 383), 0))
        except ValueError:
            continue
        assert is_inf(multiply(point, COFACTOR * curve_order)), "the order of the curve"
        point = multiply(point, COFACTOR * curve_order // 13**2)
        if is_inf(point):
            continue
        return point if is_inf(multiply(point, 13)) else multiply(point, 13)


def cancelled(secret, key):
    """A claim whose signature is shifted out of the group, and whose coefficient takes the shift away again."""
    shift = of_order_13()
    for number in range(1000):
        message = b"cancelled " + le(number)
        signature = shifted(bls.Sign(secret, message), shift)
        first = int.from_bytes(coefficients([(key, message, signature)])[0], "little")
        if first % 13 == 0:
            return message, signature
    raise AssertionError("one in thirteen is divisible")


def main():
    secrets = [bls.KeyGen(seed(who)) for who in range(4)]
    publics = [bls.SkToPk(secret) for secret in secrets]
    proofs = [bls.PopProve(secret) for secret in secrets]
    messages = [b"", b"abc", bytes([0xAB]) * 57, bytes(range(200))]
    signatures = [[bls.Sign(secret, message) for message in messages] for secret in secrets]

    def verified(key, message, signature):
        return {
            "key": key.hex(),
            "message": message.hex(),
            "signature": signature.hex(),
            "valid": bls.Verify(key, message, signature),
        }

    def together(keys, message, signature):
        return {
            "keys": [key.hex() for key in keys],
            "message": message.hex(),
            "signature": signature.hex(),
            "valid": bls.FastAggregateVerify(keys, message, signature),
        }

    def admitted(key, proof):
        return {"key": key.hex(), "possession": proof.hex(), "valid": bls.KeyValidate(key) and bls.PopVerify(key, proof)}

    one = messages[1]
    column = [row[1] for row in signatures]
    whole = bls.Aggregate(column)
    rogue = bytes(G1_to_pubkey(add(multiply(G1, 5), neg(multiply(G1, secrets[0])))))
    delta = multiply(G2, 12345)
    up, down = shifted(column[0], delta), shifted(column[1], neg(delta))
    x_too_large = ((1 << 383) | field_modulus).to_bytes(48, "big")
    members = [(0, publics[0], 3), (1, publics[1], 1), (4, publics[2], 100)]
    root = registry_root(members)
    draft = {"payload": "0102ff", "threshold": [2, 3], "quorum": 50, "opens": 5, "closes": 99}
    stands = content(root, draft)

    def vote(who, chain_id, proposal, choice):
        message = vote_message(chain_id, proposal, stands, choice)
        return {
            "owner": who,
            "chain_id": chain_id,
            "proposal": proposal,
            "choice": choice,
            "message": message.hex(),
            "signature": bls.Sign(secrets[who], message).hex(),
        }

    message, signature = cancelled(secrets[0], publics[0])
    claims = [(publics[who], messages[who], signatures[who][who]) for who in range(3)]
    vectors = {
        "origin": "py_ecc 8.0.0 and hashlib, by tools/bls-vectors.py",
        "keys": [
            {"owner": who, "seed": seed(who).hex(), "secret": secrets[who].to_bytes(32, "big").hex(),
             "public": publics[who].hex(), "possession": proofs[who].hex()}
            for who in range(4)
        ],
        "signatures": [
            {"owner": who, "message": messages[at].hex(), "signature": signatures[who][at].hex()}
            for who in range(2) for at in range(4)
        ],
        "verify": [
            verified(publics[0], one, column[0]),
            verified(publics[1], one, column[0]),
            verified(publics[0], messages[2], column[0]),
            verified(publics[0], one, INFINITY),
            verified(publics[0], one, up),
            verified(INFINITY_KEY, one, INFINITY),
        ],
        "aggregate": [
            {"signatures": [part.hex() for part in column[:count]], "sum": bls.Aggregate(column[:count]).hex()}
            for count in (1, 2, 4)
        ] + [{"signatures": [up.hex(), down.hex()], "sum": bls.Aggregate(column[:2]).hex()}],
        "together": [
            together(publics, one, whole),
            together(publics[:3], one, whole),
            together(publics + publics[:1], one, whole),
            together(publics, messages[2], whole),
            together(publics[:2], one, bls.Aggregate([up, down])),
            together([publics[0], rogue], one, bls.Sign(5, one)),
            # Keys that add up to nothing would have signed everything with the signature of nobody.
            together([publics[0], bls.SkToPk(curve_order - secrets[0])], one, INFINITY),
        ],
        "admission": [
            admitted(publics[0], proofs[0]),
            admitted(publics[0], proofs[1]),
            admitted(publics[0], column[0]),
            admitted(INFINITY_KEY, INFINITY),
            admitted(rogue, bls.PopProve(5)),
            admitted(outside_the_subgroup(), proofs[0]),
            admitted(x_too_large, proofs[0]),
            admitted(bytes([0]) + publics[0][1:], proofs[0]),
        ],
        "registry": {"members": [[n, key.hex(), weight] for n, key, weight in members], "root": root.hex()},
        "content": {**draft, "hash": stands.hex()},
        "votes": [vote(0, 7, 0, 1), vote(1, 7, 0, 2), vote(2, 2**64 - 1, 2**63, 3)],
        "cancelled": {"key": publics[0].hex(), "message": message.hex(), "signature": signature.hex()},
        "batch": {
            "claims": [{"key": k.hex(), "message": m.hex(), "signature": s.hex()} for k, m, s in claims],
            "coefficients": [one.hex() for one in coefficients(claims)],
        },
    }
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(json.dumps(vectors, indent=1) + "\n")


if __name__ == "__main__":
    main()
