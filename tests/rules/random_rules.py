"""Random rules of every kind of node, and random goods, for properties that hold for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Plain = dict[str, Any]

CODES = ["1905", "190531", "190590", "1904", "1101", "0402", "17"]
WHOLE_CODES = ["190531", "190590", "190410", "110100", "040210", "170199", "190110"]
PCT = st.sampled_from(["0", "20", "40", "50", "100"])
NAMED: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"codes": ["11", "19"], "named": "flour"},
        {"named": "flour", "except": ["1101"]},
        {"codes": ["*"], "except": [{"codes": ["19"], "when": {"named": "organic"}}]},
        {"codes": ["04", "19"], "prop": {"milk_pct": {"gt": "10"}}},
        {"codes": ["1905"], "same": "species"},
    ]
)
PLAIN_SELECTORS = ["1905", "11", "0401-1904", "190531-1905", "@heading", "@chapter", "@subheading", "*"]
S = st.lists(st.one_of(st.sampled_from(PLAIN_SELECTORS), NAMED), min_size=1, max_size=2)
LIMIT = {"pct": PCT, "base": st.just("EXW")}
STRICT = {"strict": st.booleans()}


def inside(lead: str, optional: dict[str, Any] | None = None, **fields: Any) -> st.SearchStrategy[Plain]:
    return st.fixed_dictionaries({lead: st.fixed_dictionaries(fields, optional=optional or {})})


LINE_LEAVES = st.one_of(
    st.fixed_dictionaries(
        {"ctc": st.sampled_from(["CC", "CTH", "CTSH"])},
        optional={"except": S, "also_from": S, "only_from": S},
    ),
    st.fixed_dictionaries({"any_heading": st.just(True)}, optional={"except": S}),
    st.fixed_dictionaries({"from_materials": S}),
    st.fixed_dictionaries({"wo": S}, optional={"except": S}),
    st.fixed_dictionaries({"originating": S}, optional={"except": S}),
)
VALUE_LEAVES = st.one_of(
    inside("max_nom", {"materials": S, **STRICT}, **LIMIT),
    inside("rvc", STRICT, **LIMIT, formula=st.sampled_from(["build-down", "build-up"])),
    inside("rvc", STRICT, **LIMIT, formula=st.just("focused"), materials=S),
    inside("max_weight", {"of": S, "each": st.booleans(), **STRICT}, pct=PCT, materials=S),
    inside(
        "min_share",
        STRICT,
        pct=PCT,
        materials=S,
        status=st.sampled_from(["wo", "originating"]),
        of=S,
        measure=st.sampled_from(["value", "weight"]),
    ),
    inside("min_count", n=st.integers(1, 3)),
    st.just({"nom_within_om": True}),
    inside("set", **LIMIT),
)
OTHER_LEAVES = st.one_of(
    st.fixed_dictionaries({"process": st.sampled_from(["a", "b"])}),
    st.just({"wo": True}),
    st.just({"not_only": ["packing"]}),
)
READABLE = st.one_of(LINE_LEAVES, VALUE_LEAVES, OTHER_LEAVES)
UNREAD: st.SearchStrategy[Plain] = st.sampled_from(
    [
        {"manual": "not read", "text": "some words"},
        {"retain": "the essential character"},
        {"pending": True},
        {"ref": "another row"},
        {"dated": [{"until": "2020-01-01", "rule": {"any_heading": True}}]},
    ]
)
LEAVES = READABLE | UNREAD


def joined(e: st.SearchStrategy[Plain]) -> st.SearchStrategy[Plain]:
    """Every node that holds others, but ``when`` with a rule as its condition."""
    return st.one_of(
        st.fixed_dictionaries({"any": st.lists(e, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"all": st.lists(e, min_size=1, max_size=3)}),
        inside("at_least", n=st.integers(1, 2), of=st.lists(e, min_size=2, max_size=3)),
        st.fixed_dictionaries(
            {"permit": S, "rule": e},
            optional={
                "limit": st.fixed_dictionaries({"pct": PCT, "base": st.sampled_from(["EXW", "weight"])}),
                "if": e,
            },
        ),
        st.fixed_dictionaries({"when": st.just({"named": "organic"}), "then": e}, optional={"else": e}),
        st.fixed_dictionaries(
            {
                "dated": st.tuples(e, e).map(
                    lambda two: [
                        {"until": "2026-05-03", "rule": two[0]},
                        {"from": "2026-05-04", "rule": two[1]},
                    ]
                )
            }
        ),
        st.fixed_dictionaries({"no_tolerance": S, "rule": e}),
        st.fixed_dictionaries({"quota": st.just("q"), "rule": e}),
    )


def branching(e: st.SearchStrategy[Plain]) -> st.SearchStrategy[Plain]:
    """Also ``when`` with a rule as its condition, the one node that may lose by a gain of origin."""
    return joined(e) | st.fixed_dictionaries({"when": e, "then": e}, optional={"else": e})


RULES = st.recursive(READABLE, joined, max_leaves=4)
"""Every node that decides, but for ``when`` with a rule as its condition."""
ALL_RULES = st.recursive(LEAVES, branching, max_leaves=4)
"""Every node there is."""

AMOUNTS = st.integers(0, 60)
SAID = {
    "flour": st.booleans(),
    "species": st.booleans(),
    "milk_pct gt 10": st.booleans(),
}
MATERIAL = st.fixed_dictionaries(
    {
        "hs": st.sampled_from(CODES),
        "value": AMOUNTS,
        "weight": AMOUNTS,
        "originating": st.booleans(),
        "wo": st.just(False),
    },
    optional={"named": st.fixed_dictionaries({}, optional=SAID)},
)
WHOLE_MATERIAL = st.fixed_dictionaries(
    {
        "hs": st.sampled_from(WHOLE_CODES),
        "value": AMOUNTS,
        "weight": AMOUNTS,
        "originating": st.booleans(),
        "wo": st.just(False),
        "named": st.fixed_dictionaries(SAID),
    }
)
"""A material of which nothing is blank."""
BILLS = st.lists(MATERIAL, min_size=1, max_size=4)
TOLERANCES: st.SearchStrategy[Any] = st.sampled_from(
    [
        None,
        {"pct": 10, "base": "EXW"},
        {"pct": 10, "base": "weight"},
        {"pct": 10, "base": "EXW", "same_heading_only": True},
        {"pct": 10, "base": "EXW", "attestations": ["tolerance:paper"]},
    ]
)


def case(rule: Any, materials: list[Plain], tolerance: Any = None, **more: Any) -> Plain:
    good = {"hs": "190531", "value_basis": {"type": "EXW", "amount": 100}, "weight": 100}
    stated = {
        "rule": rule,
        "good": good,
        "materials": materials,
        "attested": {"a": True},
        "operations": ["packing", "baking"],
        **more,
    }
    return stated if tolerance is None else stated | {"tolerance": tolerance}
