"""Jobs without a database: verify, issue, append in memory, prove, determine."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from countermark.adapters.nomenclature import hs_2022
from countermark.adapters.packs import load_agreement
from countermark.cli.bench.samples import DAY, application, certificate, signers
from countermark.cli.bench.timing import Job
from countermark.document.certificate import encode_certificate, read_certificate
from countermark.goods.application import Application
from countermark.goods.read import read_application
from countermark.rules.determination import Verdict
from countermark.rules.determine import determine
from countermark.rules.reader import Status, read_rule
from countermark.trust import statement
from countermark.trust.algorithm import KeySigner, public_key
from countermark.trust.statement import Statement
from countermark.trust.tiles import TileEdge, TileReader, grow
from countermark.trust.tree import inclusion_proof

SLICE = 200
TREE = 20_000
BATCH = 256


def verify(algorithm: str) -> Job:
    """The statement strictly, its signature, its content with values, as a receiver does."""
    signer = signers()[algorithm]
    content = encode_certificate(certificate(), bytes(16))
    leaf = _signed(signer, content).leaf
    key = public_key(signer.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    def job() -> int:
        for _ in range(SLICE):
            read = statement.read(leaf)
            if not (statement.verify(read, key) and statement.matches(read, content)):
                raise ArithmeticError("the sample does not verify")
            read_certificate(content)
        return SLICE

    return job


def issue() -> Job:
    """Encode the certificate and sign it with a seal."""
    signer, made = signers()["es256"], certificate()

    def job() -> int:
        for n in range(SLICE):
            _signed(signer, encode_certificate(made, n.to_bytes(16)))
        return SLICE

    return job


def append() -> Job:
    """Leaves into tiles in batches of 256, with the root of each batch; in memory."""
    leaf = _signed(signers()["es256"], encode_certificate(certificate(), bytes(16))).leaf
    edge = TileEdge()

    def job() -> int:
        nonlocal edge
        for _ in range(16):
            edge = grow(edge, [leaf] * BATCH).edge
            edge.edge().root()
        return 16 * BATCH

    return job


def proof() -> Job:
    """Inclusion proofs in order, tiles kept in memory."""
    files: dict[str, bytes] = {}
    edge = TileEdge()
    for start in range(0, TREE, BATCH):
        growth = grow(edge, [n.to_bytes(8) for n in range(start, min(start + BATCH, TREE))])
        files.update(growth.files)
        edge = growth.edge
    reader = TileReader(files.get, TREE)
    at = 0

    def job() -> int:
        nonlocal at
        for _ in range(1000):
            inclusion_proof(at, TREE, reader)
            at = (at + 1) % TREE
        return 1000

    return job


def determination(*, trace: bool) -> Job:
    """One good of ten materials under the list's row of 9403."""
    agreement = load_agreement("cis-2009")
    found = read_application(application("bench", goods=1, materials=10), hs_2022())
    if not isinstance(found, Application):
        raise ArithmeticError(f"the sample has mistakes: {found}")
    good = found.goods[0]

    def job() -> int:
        for _ in range(SLICE):
            if determine(found, good, agreement, DAY, trace=trace).verdict is not Verdict.ORIGINATING:
                raise ArithmeticError("the sample does not originate")
        return SLICE

    return job


RULES = (
    "CC; or RVC {pct}%",
    "Manufacture from materials of any heading, except that of the product and heading {heading}",
    "Manufacture from materials of any heading, except those of heading {heading} or heading {other}",
    "Manufacture in which the value of all the materials used does not exceed {pct}% of the ex-works price of the product",
    "Production from materials of any heading, except that of the product. However, materials of heading {heading} may be "
    "used, provided that their total value does not exceed {pct}% of the ex-works price of the product",
    "Manufacture in which:\n- all the materials of chapter 4 used are wholly obtained, and\n- the value of all the "
    "materials of heading {heading} used does not exceed {pct}% of the ex-works price of the product",
    "A change to heading {heading} from any other heading, except from heading {other}",
    "Cutting of blanks of heading {heading}",
)
"""Rules in the manner of several families; no two texts of a slice are the same."""


def reading() -> Job:
    """Rule texts into expressions, each read once."""
    at = 0

    def job() -> int:
        nonlocal at
        for _ in range(SLICE):
            form, at = RULES[at % len(RULES)], at + 1
            heading = f"{10 + at // 89 % 80}{10 + at % 89}"
            text = form.format(pct=20 + at % 70, heading=heading, other=f"{heading[:2]}99") + "." * (
                at // 7_000 % 3
            )
            if read_rule(text).status is Status.MANUAL:
                raise ArithmeticError(f"the sample is not read: {text}")
        return SLICE

    return job


JOBS: dict[str, tuple[Callable[[], Job], str]] = {
    "verify-eddsa": (lambda: verify("eddsa"), "0.62"),
    "verify-es256": (lambda: verify("es256"), "0.70"),
    "issue": (issue, "0.60"),
    "append": (append, ""),
    "proof": (proof, "40,000/s"),
    "determine": (lambda: determination(trace=False), "5,000/s"),
    "rules-read": (reading, "2,000/s"),
    "determine-trace": (lambda: determination(trace=True), "1,000/s"),
}
"""By name: how to prepare the job, and its target where the design names one."""


def _signed(signer: KeySigner, content: bytes) -> Statement:
    return statement.sign(
        kind="issued",
        iss="by.countermark.example/log/1",
        sub="co:00112233445566778899aabbccddeeff",
        aud="AZ",
        iat=1_795_000_000,
        cti=bytes(16),
        content=content,
        signer=signer,
    )
