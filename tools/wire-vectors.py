#!/usr/bin/env python3
"""Writes properties/wire/tests/vectors/{frames,ssz}.json: what other implementations make of the wire format.

Raw blocks come from Google's snappy, the original in C++, through its C interface (Debian package libsnappy1v5); the
framing and its checksums are written here from framing_format.txt, without any library. SSZ bytes and hash-tree roots
come from remerkleable, which is pure Python. None of them is a binding of a Rust crate.

    apt-get install libsnappy1v5 && pip install remerkleable==0.1.28
    tools/wire-vectors.py
"""

import ctypes
import json
import random
from pathlib import Path

from remerkleable.basic import uint32, uint64
from remerkleable.bitfields import Bitlist, Bitvector
from remerkleable.byte_arrays import ByteList, ByteVector, Bytes4, Bytes32
from remerkleable.complex import Container, List

FOLDER = Path(__file__).resolve().parent.parent / "properties/wire/tests/vectors"
Signature = ByteVector[96]


class BlockHeader(Container):
    parent_root: Bytes32
    height: uint64
    slot: uint64
    proposer_index: uint64
    state_root: Bytes32
    body_root: Bytes32
    timestamp: uint64


class BlockBody(Container):
    transactions: List[ByteList[65536], 1024]


class Block(Container):
    header: BlockHeader
    body: BlockBody


class SignedBlock(Container):
    block: Block
    signature: Signature


class AggregateApproval(Container):
    block_root: Bytes32
    slot: uint64
    bits: Bitlist[256]
    signature: Signature


class CertifiedBlock(Container):
    signed_block: SignedBlock
    certificate: AggregateApproval


class Approval(Container):
    block_root: Bytes32
    slot: uint64
    validator_index: uint64
    signature: Signature


class AuxPow(Container):
    coinbase: ByteList[65536]
    coinbase_branch: List[Bytes32, 32]
    coinbase_index: uint64
    chain_branch: List[Bytes32, 32]
    chain_index: uint64
    parent_header: ByteVector[80]


class PowAnchor(Container):
    first_height: uint64
    last_height: uint64
    range_root: Bytes32
    bits: uint32
    chain_id: uint32
    aux_pow: AuxPow


class PegoutSignature(Container):
    txid: Bytes32
    inputs: List[ByteVector[64], 256]


class PegoutSignatures(Container):
    signer_index: uint64
    pegouts: List[PegoutSignature, 64]


class Status(Container):
    fork_digest: Bytes4
    finalised_root: Bytes32
    finalised_height: uint64
    head_root: Bytes32
    head_slot: uint64


class BlocksByRange(Container):
    start: uint64
    count: uint64
    step: uint64


BlocksByRoot = List[Bytes32, 1024]


class MetaData(Container):
    sequence: uint64
    topics: Bitvector[64]


def numbered(begin, count):
    """Bytes that count from `begin`: no two fields look alike."""
    return bytes((begin + i) % 256 for i in range(count))


def header(n):
    return BlockHeader(
        parent_root=numbered(n, 32), height=1000 + n, slot=2000 + n, proposer_index=n % 7,
        state_root=numbered(n + 64, 32), body_root=numbered(n + 128, 32), timestamp=1_700_000_000 + n)


def signed(n, sizes):
    body = BlockBody(transactions=[numbered(n + i, size) for i, size in enumerate(sizes)])
    return SignedBlock(block=Block(header=header(n), body=body), signature=numbered(n + 9, 96))


def aggregate(n, bits):
    return AggregateApproval(
        block_root=numbered(n, 32), slot=3000 + n, bits=[i % 3 == 0 for i in range(bits)], signature=numbered(n + 5, 96))


def certified(n, sizes, bits):
    return CertifiedBlock(signed_block=signed(n, sizes), certificate=aggregate(n, bits))


def anchor(n, coinbase, branches):
    branch = [numbered(n + i, 32) for i in range(branches)]
    aux = AuxPow(
        coinbase=numbered(n, coinbase), coinbase_branch=branch, coinbase_index=n, chain_branch=branch[:3],
        chain_index=n + 1, parent_header=numbered(n + 2, 80))
    return PowAnchor(
        first_height=100 + n, last_height=200 + n, range_root=numbered(n + 3, 32), bits=0x1d00ffff, chain_id=n,
        aux_pow=aux)


def pegouts(n, inputs):
    return PegoutSignatures(
        signer_index=n,
        pegouts=[PegoutSignature(txid=numbered(n + i, 32), inputs=[numbered(j, 64) for j in range(count)])
                 for i, count in enumerate(inputs)])


def values():
    """Every container, empty, small and full where that is small enough."""
    yield "BlockHeader", header(1)
    yield "BlockBody", BlockBody()
    yield "BlockBody", BlockBody(transactions=[b"", numbered(3, 31), numbered(4, 32), numbered(5, 33), numbered(6, 70)])
    yield "SignedBlock", signed(2, [])
    yield "SignedBlock", signed(3, [5, 0, 1000])
    for bits in [0, 1, 7, 8, 9, 255, 256]:
        yield "AggregateApproval", aggregate(bits, bits)
    yield "CertifiedBlock", certified(4, [], 4)
    yield "CertifiedBlock", certified(5, [100, 200], 100)
    yield "Approval", Approval(block_root=numbered(6, 32), slot=7, validator_index=8, signature=numbered(9, 96))
    yield "PowAnchor", anchor(7, 0, 0)
    yield "PowAnchor", anchor(8, 300, 32)
    yield "PegoutSignatures", pegouts(9, [])
    yield "PegoutSignatures", pegouts(10, [0, 1, 3])
    yield "Status", Status(
        fork_digest=numbered(1, 4), finalised_root=numbered(2, 32), finalised_height=11, head_root=numbered(3, 32),
        head_slot=12)
    yield "BlocksByRange", BlocksByRange(start=1, count=2, step=3)
    yield "BlocksByRoot", BlocksByRoot([numbered(i, 32) for i in range(3)])
    yield "MetaData", MetaData(sequence=5, topics=[i in (0, 2, 9, 63) for i in range(64)])


def plain(view):
    """A value as JSON: containers by field, bytes as hex, bits as a string of 0 and 1."""
    if isinstance(view, Container):
        return {name: plain(getattr(view, name)) for name in view.fields()}
    if isinstance(view, (uint32, uint64)):
        return int(view)
    if isinstance(view, (Bitlist, Bitvector)):
        return "".join("1" if bit else "0" for bit in view)
    if isinstance(view, bytes):
        return bytes(view).hex()
    return [plain(part) for part in view]


def crc32c(data):
    """CRC-32C, bit by bit."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


def masked(data):
    rest = crc32c(data)
    return ((rest >> 15 | rest << 17) + 0xA282EAD8) & 0xFFFFFFFF


def raw(snappy, data):
    room = ctypes.c_size_t(snappy.snappy_max_compressed_length(ctypes.c_size_t(len(data))))
    block = ctypes.create_string_buffer(room.value)
    if snappy.snappy_compress(data, ctypes.c_size_t(len(data)), block, ctypes.byref(room)) != 0:
        raise RuntimeError("snappy refuses to compress")
    return block.raw[:room.value]


def varint(number):
    digits = []
    while number >= 128:
        digits.append(number % 128 + 128)
        number //= 128
    return bytes(digits + [number])


def frame(snappy, data, step):
    """The framing format: the identifier, then compressed chunks of at most `step` bytes."""
    chunks = [b"\xff\x06\x00\x00sNaPpY"]
    for at in range(0, len(data), step):
        piece = data[at:at + step]
        content = masked(piece).to_bytes(4, "little") + raw(snappy, piece)
        chunks.append(b"\x00" + len(content).to_bytes(3, "little") + content)
    return varint(len(data)) + b"".join(chunks)


def main():
    ssz = [
        {"type": name, "value": plain(value), "ssz": value.encode_bytes().hex(), "root": value.hash_tree_root().hex()}
        for name, value in values()
    ]
    snappy = ctypes.CDLL("libsnappy.so.1")
    snappy.snappy_max_compressed_length.restype = ctypes.c_size_t
    random.seed(7)
    texts = [b"x", b"abcd" * 20, numbered(0, 4000), random.randbytes(3000), bytes(random.choices(b"ab", k=70000))]
    frames = [
        {"payload": {"ssz": data.hex()} if len(data) < 5000 else {"letters": len(data), "sum": crc32c(data)},
         "chunk": step, "frame": frame(snappy, data, step).hex(), "raw": raw(snappy, data).hex()}
        for data in texts for step in (65536, 500) if len(data) < 5000 or step == 65536
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, origin, vectors in [
        ("ssz", "remerkleable 0.1.28 (pure Python)", ssz),
        ("frames", "Google snappy 1.1.9 (C++); framing and checksums in Python", frames),
    ]:
        text = json.dumps({"origin": origin, "script": "tools/wire-vectors.py", "vectors": vectors}, indent=1)
        (FOLDER / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
