"""The tables of one party.

``Statement`` is the truth: the bytes of every signed fact, ours and our partners', once each. ``Head`` says which
checkpoint of a log is the one we stand by; it changes by compare-and-set only. All other legal tables are indexes.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import BinaryField, IntegerField, TextField


class Statement(models.Model):
    """A statement of any log we hold. ``index`` is empty until the sequencer has given our own one its place."""

    seq = models.BigAutoField(primary_key=True)
    origin = TextField()
    index = models.BigIntegerField(null=True, db_column="idx")
    leaf_hash = BinaryField(max_length=32)
    kind = TextField()
    sub = TextField()
    aud = TextField()
    iat = models.BigIntegerField()
    cti = BinaryField(max_length=16)
    leaf = BinaryField()
    content = BinaryField(null=True)
    refusal = TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "index"], name="statement_once_per_index"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["leaf_hash"], name="statement_leaf"),
            models.Index(fields=["origin", "cti"], name="statement_cti"),
            models.Index(fields=["sub"], name="statement_sub"),
            models.Index(fields=["origin"], condition=models.Q(index=None), name="statement_pending"),
            models.Index(
                fields=["origin", "index"],
                condition=models.Q(kind__in=["trust-list", "policy", "key-event"]),
                name="statement_public",
            ),
        ]


class Head(models.Model):
    """The checkpoint we stand by for one log, and the tree's right edge that the next one grows from."""

    origin = TextField(primary_key=True)
    version = models.BigIntegerField()
    size = models.BigIntegerField()
    root = BinaryField(max_length=32)
    note = TextField()
    edge = BinaryField()
    files = BinaryField()


class Cosignature(models.Model):
    """A witness's signed line on one checkpoint: trusted time and consistency."""

    origin = TextField()
    size = models.BigIntegerField()
    witness = TextField()
    time = models.BigIntegerField()
    note = TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "size", "witness", "time"], name="cosigned_once"),
        ]


class Partner(models.Model):
    """The other side of a corridor: where it answers, the roots pinned for it, and what it said it received."""

    party = TextField(primary_key=True)
    origin = TextField(unique=True)
    card = TextField()
    state = TextField(default="idle")
    fault = TextField(default="")
    received_size = models.BigIntegerField(default=0)
    answered_size = models.BigIntegerField(default=0)


class Series(models.Model):
    """The counter of one number series: every number up to ``last`` has exactly one statement."""

    name = TextField(primary_key=True)
    last = models.BigIntegerField()


class Application(models.Model):
    """A submitted application and what was decided on it."""

    id = TextField(primary_key=True)
    exporter = TextField()
    reference = TextField()
    plain = TextField()
    submitted = models.BigIntegerField()
    determinations = BinaryField(null=True)
    stated = TextField(default="[]")
    state = TextField(default="submitted")
    number = TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["exporter", "reference"], name="applied_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["number"], name="application_number")]


class Certificate(models.Model):
    """Index of certificates by number, ours and received."""

    leaf_hash = BinaryField(primary_key=True, max_length=32)
    origin = TextField()
    sub = TextField()
    number = TextField()
    dated = TextField()
    kind = TextField()
    party = TextField()
    destination = TextField()
    status = TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin", "number"], name="number_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["number"], name="certificate_number"),
            models.Index(fields=["sub"], name="certificate_sub"),
        ]


class Balance(models.Model):
    """How much of one item has been drawn: by imports (``use``) or by goods that rely on it (``reliance``).

    Quantities are whole millionths of the item's unit, so that one conditional UPDATE decides exactly.
    """

    ledger = TextField()
    family = TextField()
    item = IntegerField()
    unit = TextField()
    most = models.BigIntegerField()
    drawn = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "family", "item"], name="balance_once"),
            models.CheckConstraint(
                condition=models.Q(drawn__gte=0) & models.Q(drawn__lte=models.F("most")),
                name="never_overdrawn",
            ),
        ]


class Drawing(models.Model):
    """One line drawn from a balance, and the statement or application that drew it."""

    ledger = TextField()
    family = TextField()
    item = IntegerField()
    amount = models.BigIntegerField()
    cause = TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ledger", "family", "item", "cause"], name="drawn_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["ledger", "cause"], name="drawing_cause")]


class Inquiry(models.Model):
    """A verification request, ours or the partner's, with its reply."""

    id = TextField(primary_key=True)
    ours = models.BooleanField()
    partner = TextField()
    number = TextField()
    request = BinaryField(max_length=32)
    reply = BinaryField(max_length=32, null=True)


class Access(models.Model):
    """A bearer token of the HTTP API: only its SHA-256 is kept."""

    digest = BinaryField(primary_key=True, max_length=32)
    name = TextField()
    role = TextField()
