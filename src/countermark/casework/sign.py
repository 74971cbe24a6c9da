"""Make a statement of ours: the right key for its kind, the day's time, a fresh identifier, unsequenced."""

from __future__ import annotations

from countermark.casework.ports import NewStatement, Office
from countermark.trust import kinds, statement

FAMILY = "co:"
"""Begins the name of every family of certificates, and of nothing else."""
SUB_BYTES = 16
SALT_BYTES = 16
CTI_BYTES = 16


def new_subject(office: Office) -> str:
    """The name shared by all statements of one certificate's family: never a number, so it reveals nothing."""
    return FAMILY + office.ids.random(SUB_BYTES).hex()


def sign(office: Office, kind: str, content: bytes, *, sub: str, aud: str | None) -> NewStatement:
    """A signed statement ready to be stored; the signer is the first of our keys that may sign this kind."""
    role = next(role for role in kinds.KINDS[kind].roles if role in office.signers)
    made = statement.sign(
        kind=kind,
        iss=office.origin,
        sub=sub,
        aud=aud,
        iat=int(office.clock.now().timestamp()),
        cti=office.ids.random(CTI_BYTES),
        content=content,
        signer=office.signers[role],
    )
    return NewStatement(office.origin, None, made.header, made.leaf, content)
