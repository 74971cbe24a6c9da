"""Worked examples of official guides as bare cases: the facts as the source gives them, the rule as an expression.

The rule's expression stands in a table here, by the example's id, so that an example tests how rules are decided and
not how texts are read. Nothing is taken from the verdict or the reason a source gives, but for the attestations of
``ATTESTED``, which are facts a person states.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

Plain = dict[str, Any]

CTH = {"ctc": "CTH"}
FORTY = {"max_nom": {"pct": "40", "base": "EXW"}}
RVC_40 = {
    # Build-up as this handbook reckons it counts own costs and profit beside own materials: the direct formula.
    "any": [
        {"rvc": {"pct": "40", "formula": "direct", "base": "FOB"}},
        {"rvc": {"pct": "40", "formula": "build-down", "base": "FOB"}},
    ]
}
CURLER = {
    "any": [
        {"ctc": "CTH", "also_from": ["851680"]},
        {
            "all": [
                # From 8516.90, "whether or not there is also a change from" the others: those may be there too.
                {"ctc": "CTH", "also_from": ["851680", "851690"]},
                {
                    "any": [
                        {"rvc": {"pct": "60", "formula": "build-down", "base": "TV"}},
                        {"rvc": {"pct": "50", "formula": "net-cost", "base": "net cost"}},
                    ]
                },
            ]
        },
    ]
}
YARN = ["5004-5006", "5106-5110", "5204-5207", "5306-5308", "5401-5406", "5508-5511"]
RULES: Mapping[str, Plain] = {
    "sg-A1": {"ctc": "CC"},
    "sg-A2": CTH,
    "sg-B": RVC_40,
    "sg-F": RVC_40,
    "sg-C": {
        "any": [
            {"process": "chemical-reaction"},
            {"process": "purification"},
            {"process": "isomer-separation"},
            {"process": "biotechnological-processes"},
        ]
    },
    "sg-E": CTH,
    "sg-G0": CTH,
    "sg-G": CTH,
    "wco-porcelain": CTH,
    "wco-drill": FORTY,
    "wco-drill-1": FORTY,
    "wco-curler-tv": CURLER,
    "wco-curler-nc": CURLER,
    "wco-pullover-1": {"from_materials": YARN},
    "wco-pullover-0": {"from_materials": YARN},
    "wco-rollup": FORTY,
    # The parts "suitable solely" for those machines are what heading 8431 holds.
    "tca-bulldozer": {"ctc": "CTH", "except": ["8431"]},
    "tca-bulldozer-x": {"ctc": "CTH", "except": ["8431"]},
    "tca-starch": {"ctc": "CTH", "except": ["1108"]},
    "tca-starch-x": {"ctc": "CTH", "except": ["1108"]},
    # The source does not give the rule of 5112; it says that the synthetic yarn does not meet it. A rule that no
    # foreign yarn meets stands for it, and the tolerance by weight is the example's own.
    "tca-wool": {"originating": ["*"]},
    # Note 8.2: where yarn must be used, materials outside chapters 50 to 63 are free.
    "tca-trousers": {"permit": ["01-49", "64-97"], "rule": {"from_materials": YARN}},
    # "All the materials" are foreign ones: those that acquired origin are not looked into again (note 3.1).
    "pem-engine": FORTY,
    "pem-engine-x": FORTY,
}
ATTESTED: Mapping[str, Plain] = {
    "sg-C": {"process:chemical-reaction": True},
    # Knitted fabric is a later stage than yarn, not an earlier one.
    "wco-pullover-0": {"material:1:earlier-stage": False},
}


def examples(file: Path) -> dict[str, Plain]:
    """The records by id; numbers keep their digits."""
    lines = file.read_text(encoding="utf-8").splitlines()
    records = [json.loads(line, parse_float=Decimal) for line in lines]
    return {record["id"]: record for record in records}


def as_case(record: Plain, rule: Plain | str) -> Plain:
    """The example in the form of a bare case."""
    case: Plain = {
        "rule": rule,
        "good": _good(record),
        "materials": [_material(material) for material in record["materials"]],
        "costs": record.get("costs", {}),
        "method": record.get("method"),
        "attested": ATTESTED.get(record["id"], {}),
    }
    if "tolerance" in record:
        limit = record["tolerance"]
        base = "weight" if limit["kind"] == "weight" else limit["of"]
        case["tolerance"] = {"pct": limit["percent"], "base": base}
    return case


def _good(record: Plain) -> Plain:
    good: Plain = {"hs": record["good_hs"]}
    basis = record.get("value_basis")
    if basis is not None and basis["type"].startswith("weight"):
        good["weight"] = basis["amount"]
    elif basis is not None:
        currency = basis["currency"][:3] if "currency" in basis else None
        good["value_basis"] = {"type": basis["type"], "amount": basis["amount"], "currency": currency}
    return good


def _material(record: Plain) -> Plain:
    kept = ("value", "weight", "originating")
    return {"hs": record["hs"], "name": record["desc"]} | {k: record[k] for k in kept if k in record}
