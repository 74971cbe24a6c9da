"""Writes the vectors of statements, checkpoints and trees, by cbor2 and cryptography alone.

Run ``python tests/vectors/generate.py`` after changing a case; a test compares every byte. A folder whose
name ends in ``_fail`` holds what every implementation must refuse; ``case.json`` says why.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

HERE = Path(__file__).parent
ED = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"vector statement key").digest())
EC = ec.derive_private_key(int.from_bytes(hashlib.sha256(b"vector P-256 key").digest()), ec.SECP256R1())
LOG = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"vector log key").digest())
WITNESS = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"vector witness key").digest())
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493
ED25519_SPKI = bytes.fromhex("302a300506032b6570032100")
CONTENT = cbor2.dumps({1: "vector", 2: bytes(16)})
CLAIMS = {1: "log.example/exports", 2: "co:" + "00112233" * 4, 3: "partner.example", 6: 1_790_000_000}
CTI = bytes(range(16))


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def as_json(facts: dict[str, Any]) -> bytes:
    return (json.dumps(facts, indent=1, ensure_ascii=False) + "\n").encode()


def spki(key: Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def protected(alg: int = -8, kind: str = "issued", **changes: Any) -> dict[int, Any]:
    """The header of a good statement; ``l<label>`` and ``c<claim>`` replace or add, ``None`` takes away."""
    claims: dict[int, Any] = {**CLAIMS, 7: CTI}
    header: dict[int, Any] = {1: alg, 4: b"\x01" * 8, 15: claims, 258: -16}
    header[259] = f"application/vnd.countermark.{kind}+cbor"
    for name, value in changes.items():
        where = header if name[0] == "l" else claims
        where[int(name[1:])] = value
        if value is None:
            del where[int(name[1:])]
    if 15 in header:
        header[15] = dict(sorted(claims.items()))
    return dict(sorted(header.items()))


def ed_signature(message: bytes) -> bytes:
    return ED.sign(message)


def ec_signature(message: bytes) -> bytes:
    r, s = decode_dss_signature(EC.sign(message, ec.ECDSA(hashes.SHA256(), deterministic_signing=True)))
    return r.to_bytes(32) + min(s, P256_ORDER - s).to_bytes(32)


def leaf(
    header: dict[int, Any] | bytes,
    sign: Callable[[bytes], bytes] = ed_signature,
    digest: bytes = hashlib.sha256(CONTENT).digest(),
) -> bytes:
    raw = header if isinstance(header, bytes) else cbor2.dumps(header)
    signature = sign(cbor2.dumps(["Signature1", raw, b"", digest]))
    return b"\xd2" + cbor2.dumps([raw, {}, digest, signature])


def statement_cases() -> dict[str, dict[str, bytes]]:
    cases: dict[str, dict[str, bytes]] = {}

    def add(name: str, what: str, data: bytes, refused: str = "", key: bytes = spki(ED)) -> None:
        facts = {"what": what, "spki": key.hex(), "content": CONTENT.hex()}
        if refused:
            facts["refused"] = refused
        cases[name + "_fail" * bool(refused)] = {"leaf.bin": data, "case.json": as_json(facts)}

    good = protected()
    raw = cbor2.dumps(good)
    whole = leaf(good)
    add("eddsa-issued", "an addressed statement, COSE algorithm -8", whole)
    add("ed25519-used", "COSE algorithm -19", leaf(protected(-19, "used")))
    add("es256-used", "COSE algorithm -7", leaf(protected(-7, "used"), ec_signature), key=spki(EC))
    add("esp256-issued", "COSE algorithm -9", leaf(protected(-9), ec_signature), key=spki(EC))
    add("public", "a kind without aud", leaf(protected(kind="outage-start", c3=None)))
    add("iat-zero", "the earliest time", leaf(protected(c6=0)))

    loose = "cbor-not-canonical"
    iat = bytes.fromhex("061a") + CLAIMS[6].to_bytes(4)
    add(
        "integer-long",
        "iat in 8 bytes where 4 do",
        leaf(raw.replace(iat, b"\x06\x1b" + CLAIMS[6].to_bytes(8))),
        loose,
    )
    add("array-length-long", "the array's length in a second byte", b"\xd2\x98\x04" + whole[2:], loose)
    add("header-unsorted", "the header's labels in another order", leaf(dict(reversed(good.items()))), loose)
    add("trailing-byte", "a byte after the statement", whole + b"\x00", loose)
    add("header-trailing-byte", "a byte after the header", leaf(raw + b"\x00"), loose)
    odd = "cbor-unreadable"
    add("cut", "the last byte is missing", whole[:-1], odd)
    add("duplicate-key", "the label 258 twice", leaf(b"\xa6" + raw[1:] + b"\x19\x01\x02\x2f"), odd)
    add("indefinite-array", "the array without a length", b"\xd2\x9f" + whole[2:] + b"\xff", odd)
    add("indefinite-header", "the header without a length", leaf(b"\xbf" + raw[1:] + b"\xff"), odd)
    add("bignum", "iat as a bignum", leaf(raw.replace(iat, b"\x06\xc2\x49\x01" + bytes(8))), odd)
    add("float", "iat as a float", leaf(protected(c6=1.5)), odd)
    add("date", "iat under tag 1", leaf(raw.replace(iat, b"\x06\xc1" + iat[1:])), odd)
    add("untagged", "no tag 18", whole[1:], "statement-tag")
    add("other-tag", "tag 17", b"\xd1" + whole[1:], "statement-tag")
    add("three-parts", "no signature", b"\xd2\x83" + whole[2:-66], "statement-form")
    add("unprotected", "kid also unprotected", whole.replace(b"\xa0\x58\x20", b"\xa1\x04\x41\x01\x58\x20"),
        "statement-unprotected")  # fmt: skip
    add("digest-31", "a payload of 31 bytes", leaf(good, digest=bytes(31)), "statement-digest")
    add(
        "signature-63",
        "a signature of 63 bytes",
        leaf(good, lambda m: ED.sign(m)[:-1]),
        "statement-signature",
    )
    add("label-unknown", "the label 99", leaf(protected(l99=1)), "statement-header")
    add("claim-unknown", "the claim exp", leaf(protected(c4=1_800_000_000)), "statement-header")
    add("hash-other", "SHA-512 as the hash", leaf(protected(l258=-44)), "statement-header")
    add("claims-missing", "no CWT claims", leaf(protected(l15=None)), "statement-header")
    add("type-other", "another content type", leaf(protected(l259="application/json")), "statement-kind")
    add("kind-unknown", "a kind not in the table", leaf(protected(kind="approved")), "statement-kind")
    add("aud-missing", "issued without aud", leaf(protected(c3=None)), "statement-aud")
    add("aud-forbidden", "a trust list with aud", leaf(protected(kind="trust-list")), "statement-aud")
    add("aud-space", "aud with a space", leaf(protected(c3="partner example")), "statement-name")
    add("kid-7", "a kid of 7 bytes", leaf(protected(l4=bytes(7))), "statement-kid")
    add("cti-15", "a cti of 15 bytes", leaf(protected(c7=bytes(15))), "statement-cti")
    add("iat-negative", "iat before 1970", leaf(protected(c6=-1)), "statement-iat")
    add("iat-53", "iat of 2 to the 53", leaf(protected(c6=1 << 53)), "statement-iat")
    add("alg-es384", "COSE algorithm -35", leaf(protected(-35)), "statement-alg")
    _bad_signatures(add, whole)
    return cases


def _bad_signatures(add: Callable[..., None], whole: bytes) -> None:
    def high_s(message: bytes) -> bytes:
        raw = ec_signature(message)
        return raw[:32] + (P256_ORDER - int.from_bytes(raw[32:])).to_bytes(32)

    def beyond_order(message: bytes) -> bytes:
        raw = ED.sign(message)
        return raw[:32] + (int.from_bytes(raw[32:], "little") + ED25519_ORDER).to_bytes(32, "little")

    def neutral(message: bytes) -> bytes:
        return b"\x01" + bytes(63)

    wrong = "signature"
    flipped = whole.replace(hashlib.sha256(CONTENT).digest(), hashlib.sha256(b"another").digest())
    add("digest-changed", "another content's hash", flipped, wrong)
    add("s-high", "s above half the order", leaf(protected(-7), high_s), wrong, spki(EC))
    add("s-beyond-order", "s plus the order of the group", leaf(protected(), beyond_order), wrong)
    add(
        "r-zero",
        "r of zero",
        leaf(protected(-7), lambda m: bytes(32) + ec_signature(m)[32:]),
        wrong,
        spki(EC),
    )
    add("alg-other-family", "-8 in the header, P-256 key", leaf(protected(-8), ec_signature), wrong, spki(EC))
    small = "key-small-order"
    add("key-neutral", "the neutral point as key: one signature fits all", leaf(protected(), neutral), small,
        ED25519_SPKI + b"\x01" + bytes(31))  # fmt: skip
    add("key-not-canonical", "the neutral point as p + 1", leaf(protected(), neutral), "key-not-canonical",
        ED25519_SPKI + b"\xee" + b"\xff" * 30 + b"\x7f")  # fmt: skip


def vkey(name: str, key: Ed25519PrivateKey, kind: int) -> str:
    raw = bytes([kind]) + key.public_key().public_bytes_raw()
    key_id = hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8]
    return f"{name}+{key_id}+{b64(raw)}"


ORIGIN, WITNESS_NAME, TIME = "log.example/exports", "witness.example/w1", 1_790_000_060
LOG_KEY, WITNESS_KEY = vkey(ORIGIN, LOG, 1), vkey(WITNESS_NAME, WITNESS, 4)
ROOT = hashlib.sha256(b"root").digest()


def line(vkey: str, signature: bytes) -> str:
    name, key_id, _ = vkey.split("+", 2)
    return f"— {name} {b64(bytes.fromhex(key_id) + signature)}\n"


def log_line(body: str) -> str:
    return line(LOG_KEY, LOG.sign(body.encode()))


def witness_line(body: str, time: int = TIME, written: int | None = None, key: str = WITNESS_KEY) -> str:
    signature = WITNESS.sign(f"cosignature/v1\ntime {time}\n{body}".encode())
    return line(key, (written or time).to_bytes(8) + signature)


def checkpoint_cases() -> dict[str, dict[str, bytes]]:
    cases: dict[str, dict[str, bytes]] = {}

    def add(name: str, what: str, text: str, refused: str = "", **facts: Any) -> None:
        facts = {"what": what, "log": LOG_KEY, "cosigner": WITNESS_KEY, **facts}
        if refused:
            facts["refused"] = refused
        cases[name + "_fail" * bool(refused)] = {"note.txt": text.encode(), "case.json": as_json(facts)}

    def body(size: Any = 777, root: str = b64(ROOT), origin: str = ORIGIN, more: str = "") -> str:
        return f"{origin}\n{size}\n{root}\n{more}"

    good = body()
    signed = f"{good}\n{log_line(good)}"
    add("signed", "signed by the log", signed, size=777, root=ROOT.hex())
    add("cosigned", "and by a witness", signed + witness_line(good), size=777, root=ROOT.hex(), time=TIME)
    empty, extended = body(0, b64(hashlib.sha256().digest())), body(more="extension\n")
    add(
        "empty",
        "a log without entries",
        f"{empty}\n{log_line(empty)}",
        size=0,
        root=hashlib.sha256().hexdigest(),
    )
    add("extended", "an extension line", f"{extended}\n{log_line(extended)}", size=777, root=ROOT.hex())
    for name, what, text in (
        ("size-zero-first", "a leading zero", body("0777")),
        ("size-negative", "a negative size", body(-1)),
        ("size-sign", "a plus before the size", body("+777")),
        ("size-other-digits", "digits of another script", body("٧٧٧")),
        ("size-64-bits", "a size of 2 to the 63", body(1 << 63)),
        ("root-31", "a root of 31 bytes", body(root=b64(ROOT[:31]))),
        ("no-origin", "an empty first line", body(origin="")),
        ("extension-empty", "an empty extension line", body(more="\nmore\n")),
    ):
        add(name, what, f"{text}\n{log_line(text)}", "checkpoint-form")
    loose = body(root=b64(ROOT)[:-2] + "9=")
    add("root-base64-loose", "unused bits set", f"{loose}\n{log_line(loose)}", "checkpoint-root")
    carriage, tab = good.replace("\n", "\r\n"), body(more="a\tb\n")
    add(
        "carriage-return",
        "lines end as on another system",
        f"{carriage}\n{log_line(carriage)}",
        "note-control",
    )
    add("tab", "a control character", f"{tab}\n{log_line(tab)}", "note-control")
    add("blank-line-missing", "no blank line", good + log_line(good), "note-form")
    add("unsigned", "no signature line", good + "\n", "note-form")
    add("newline-missing", "no newline at the end", signed[:-1], "note-form")
    add("text-after", "text after the signatures", signed + "more\n", "note-signature")
    add("hyphen", "a hyphen for the dash", signed.replace("—", "-"), "note-signature")
    add(
        "two-spaces",
        "two spaces before the signature",
        signed.replace(f"{ORIGIN} ", f"{ORIGIN}  "),
        "note-signature",
    )
    add("base64-loose", "unused bits set in the signature", signed[:-3] + "B=\n", "note-signature")
    add("twice", "the same signature twice", signed + log_line(good), "note-duplicate")
    add("size-changed", "another size than was signed", signed.replace("777", "778"), "signature")
    name, key_id, _ = LOG_KEY.split("+", 2)
    other = f"{name}+{int(key_id, 16) ^ 1:08x}+"
    add("key-id-wrong", "another key id", f"{good}\n{line(other, LOG.sign(good.encode()))}", "signature")
    moved = body(origin="log.example/imports")
    add("origin-other", "another origin than the key's name", f"{moved}\n{log_line(moved)}", "signature")
    add(
        "time-changed",
        "another time than was signed",
        signed + witness_line(good, written=TIME + 1),
        "cosignature",
    )
    add("cosigned-other", "a cosignature of another size", signed + witness_line(body(776)), "cosignature")
    as_log = vkey(WITNESS_NAME, WITNESS, 1)
    add(
        "cosigned-type-1",
        "a cosignature under a log key's id",
        signed + witness_line(good, key=as_log),
        "cosignature",
    )
    return cases


LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
"""The eight leaves of the well-known Certificate Transparency vectors, in hexadecimal."""


def root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written."""
    if len(leaves) < 2:
        return hashlib.sha256(b"\x00" + leaves[0]).digest() if leaves else hashlib.sha256().digest()
    k = split(len(leaves))
    return hashlib.sha256(b"\x01" + root(leaves[:k]) + root(leaves[k:])).digest()


def split(count: int) -> int:
    k = 1
    while k * 2 < count:
        k *= 2
    return k


def inclusion(index: int, leaves: list[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1, as it is written."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if index < k:
        return [*inclusion(index, leaves[:k]), root(leaves[k:])]
    return [*inclusion(index - k, leaves[k:]), root(leaves[:k])]


def consistency(old: int, leaves: list[bytes], whole: bool = True) -> list[bytes]:
    """RFC 9162, 2.1.4.1, as it is written."""
    if old == len(leaves):
        return [] if whole else [root(leaves)]
    k = split(len(leaves))
    if old <= k:
        return [*consistency(old, leaves[:k], whole), root(leaves[k:])]
    return [*consistency(old - k, leaves[k:], False), root(leaves[:k])]


def tree_cases() -> dict[str, dict[str, bytes]]:
    leaves = [bytes.fromhex(leaf) for leaf in LEAVES]
    cases: dict[str, dict[str, bytes]] = {}

    def add(name: str, **facts: Any) -> None:
        cases[name] = {"case.json": as_json({"leaves": LEAVES, **facts})}

    add("roots", roots=[root(leaves[:n]).hex() for n in range(9)])
    for index, size in ((0, 1), (0, 8), (5, 8), (2, 3), (4, 5), (6, 7)):
        path = [node.hex() for node in inclusion(index, leaves[:size])]
        facts = {"index": index, "size": size, "root": root(leaves[:size]).hex()}
        add(f"inclusion-{index}-{size}", inclusion=path, **facts)
        add(f"inclusion-{index}-{size}-longer_fail", inclusion=[*path, ROOT.hex()], **facts)
        add(f"inclusion-{index}-{size}-elsewhere_fail", inclusion=path, **{**facts, "index": (index + 1) % 8})
    for old, new in ((1, 8), (6, 8), (2, 5), (4, 8), (3, 7), (8, 8), (0, 8)):
        path = [node.hex() for node in consistency(old, leaves[:new])] if old else []
        facts = {
            "old": old,
            "new": new,
            "old_root": root(leaves[:old]).hex(),
            "new_root": root(leaves[:new]).hex(),
        }
        add(f"consistency-{old}-{new}", consistency=path, **facts)
        add(f"consistency-{old}-{new}-longer_fail", consistency=[*path, ROOT.hex()], **facts)
        add(f"consistency-{old}-{new}-fork_fail", consistency=path, **{**facts, "old_root": ROOT.hex()})
    return cases


def files() -> dict[str, bytes]:
    """Every file by its path below this folder."""
    formats = {"statement": statement_cases(), "checkpoint": checkpoint_cases(), "tree": tree_cases()}
    return {
        f"{name}/{case}/{file}": data
        for name, cases in formats.items()
        for case, contents in cases.items()
        for file, data in contents.items()
    }


if __name__ == "__main__":
    for path, data in files().items():
        (HERE / path).parent.mkdir(parents=True, exist_ok=True)
        (HERE / path).write_bytes(data)
