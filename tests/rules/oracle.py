"""A second, slow engine to hold the first against: every completion of the blanks, each decided in two values.

It shares no code with ``countermark.rules``: a case and its rule are the plain JSON they are written in, and a rule is
true or false once every fact is known. ``World.ask`` gives a fact, and stops the evaluation where the fact is still open;
``completions`` then goes on with each value the fact can have. So only blanks that matter are filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, combinations, product
from typing import Any

Plain = dict[str, Any]
Key = tuple[Any, ...]

UNIVERSE = ("190531", "190590", "190410", "110100", "040210", "170199", "190110")
"""The codes that a blank or shortened code may turn out to be."""
AMOUNTS = (0, 5, 41, 10**6)
"""What a blank value or weight may turn out to be."""
TODAY = "2026-05-04"
LEVELS = {"CC": 2, "CTH": 4, "CTSH": 6, "@chapter": 2, "@heading": 4, "@subheading": 6}


class Open(Exception):
    """A fact is needed that this world does not hold yet."""

    def __init__(self, key: Key, values: tuple[Any, ...]) -> None:
        self.key = key
        self.values = values


@dataclass
class World:
    """A case, and the blanks filled so far."""

    case: Plain
    filled: dict[Key, Any] = field(default_factory=dict)

    def ask(self, key: Key, values: tuple[Any, ...] = (True, False)) -> Any:
        if key not in self.filled:
            raise Open(key, values)
        return self.filled[key]

    @property
    def lines(self) -> range:
        return range(len(self.case["materials"]))

    def line(self, n: int) -> Plain:
        material: Plain = self.case["materials"][n]
        return material

    def standing(self, n: int) -> str:
        """``wholly``, ``own`` or ``foreign``."""
        stated = self.line(n)
        if yes(stated.get("wo")):
            return "wholly"
        origin = stated.get("originating")
        if origin is None:
            standing: str = self.ask(("origin", n), ("wholly", "own", "foreign"))
            return standing if stated.get("wo") is None or standing != "wholly" else "own"
        if not yes(origin):
            return "foreign"
        if stated.get("wo") is None:
            return "wholly" if self.ask(("wholly", n)) else "own"
        return "own"

    def foreign(self, n: int) -> bool:
        return self.standing(n) == "foreign"

    def amount(self, n: int, measure: str) -> Decimal:
        stated = self.line(n).get(measure)
        return Decimal(str(self.ask((measure, n), AMOUNTS) if stated is None else stated))

    def code(self, n: int) -> str:
        stated = self.line(n).get("hs") or ""
        if len(stated) >= 6:
            return str(stated)
        found: str = self.ask(("hs", n), tuple(code for code in UNIVERSE if code.startswith(stated)))
        return found

    def said(self, n: int, about: str, words: str) -> bool:
        """What a person says of a material (or of the good, ``n`` = -1)."""
        holder = self.case["good"] if n < 0 else self.line(n)
        answer = holder.get("named", {}).get(words)
        if answer is None:
            line = "good" if n < 0 else f"material:{n + 1}"
            answer = self.answer(f"{line}:{about}:{words}")
        return self.ask((about, n, words)) if answer is None else yes(answer)

    def answer(self, id: str) -> Any:
        attested = self.case.get("attested", {})
        return attested.get(id, attested.get(id.removeprefix("process:")))

    def price(self) -> Decimal:
        stated = self.case["good"].get("value_basis")
        return Decimal(str(self.ask(("price",), AMOUNTS) if stated is None else stated["amount"]))

    def weight(self) -> Decimal:
        stated = self.case["good"].get("weight")
        return Decimal(str(self.ask(("good weight",), AMOUNTS) if stated is None else stated))


def yes(answer: Any) -> bool:
    """``unestablished`` is no."""
    return answer in (True, "yes")


def completions(case: Plain, most: int = 4000) -> Iterator[tuple[dict[Key, Any], bool]]:
    """Every filling of the blanks that matter, with what it comes to. Stops with ``OverflowError`` beyond ``most``."""
    yield from outcomes(case, {}, [most])


def outcomes(case: Plain, filled: dict[Key, Any], left: list[int]) -> Iterator[tuple[dict[Key, Any], bool]]:
    try:
        result = met(case, World(case, filled))
    except Open as blank:
        for value in blank.values:
            yield from outcomes(case, {**filled, blank.key: value}, left)
        return
    left[0] -= 1
    if left[0] < 0:
        raise OverflowError
    yield filled, result


def matters(case: Plain, key: Key, values: tuple[Any, ...], most: int = 4000) -> bool:
    """Whether two fillings that differ in this fact alone come to different answers."""
    left = [most]
    for value in values:
        for filled, result in outcomes(case, {key: value}, left):
            for other in values:
                if any(again is not result for _, again in outcomes(case, {**filled, key: other}, left)):
                    return True
    return False


def met(case: Plain, world: World) -> bool:
    """Whether the good originates: the rule, or the rule with the tolerance."""
    if holds(case["rule"], world, frozenset(), ()):
        return True
    tolerance = case.get("tolerance")
    return tolerance is not None and any(
        repaired(way, world, tolerance) for way in ways(case["rule"], world, ())
    )


def holds(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    """One node. ``skipped`` are lines that a permission passes over; ``path`` names the parts nobody could read."""
    lead = next(name for name in _NODES if name in rule)
    return _NODES[lead](rule, world, skipped, path)


def failing(rule: Plain, world: World, skipped: frozenset[int]) -> list[int]:
    """The lines that fail a node which looks at each line."""
    lead = next(name for name in LINE_NODES if name in rule)
    return [n for n in world.lines if n not in skipped and not LINE_NODES[lead](rule, world, n)]


def _wo(rule: Plain, world: World, n: int) -> bool:
    return not _among(rule["wo"], rule, world, n) or world.standing(n) == "wholly"


def _originating(rule: Plain, world: World, n: int) -> bool:
    return not world.foreign(n) or not _among(rule["originating"], rule, world, n)


def _among(selectors: list[Any], rule: Plain, world: World, n: int) -> bool:
    return is_one(selectors, world, n) and not is_one(rule.get("except", []), world, n)


def _ctc(rule: Plain, world: World, n: int) -> bool:
    if not world.foreign(n):
        return True
    digits = LEVELS[rule["ctc"]]
    changed = world.code(n)[:digits] != world.case["good"]["hs"][:digits]
    allowed = not rule.get("only_from") or is_one(rule["only_from"], world, n)
    barred = is_one(rule.get("except", []), world, n)
    return (changed and allowed and not barred) or is_one(rule.get("also_from", []), world, n)


def _any_heading(rule: Plain, world: World, n: int) -> bool:
    return not world.foreign(n) or not is_one(rule.get("except", []), world, n)


def _from_materials(rule: Plain, world: World, n: int) -> bool:
    if not world.foreign(n) or is_one(rule["from_materials"], world, n):
        return True
    if world.code(n)[:4] == world.case["good"]["hs"][:4]:
        return False
    answer = world.answer(f"material:{n + 1}:earlier-stage")
    return world.ask(("earlier", n)) if answer is None else yes(answer)


LINE_NODES = {
    "ctc": _ctc,
    "any_heading": _any_heading,
    "from_materials": _from_materials,
    "wo": _wo,
    "originating": _originating,
}


def is_one(selectors: list[Any], world: World, n: int) -> bool:
    return any(_is(selector, world, n) for selector in selectors)


def _is(selector: Any, world: World, n: int) -> bool:
    if selector == "*":
        return True
    if isinstance(selector, dict):
        return _as_described(selector, world, n)
    code = world.case["good"]["hs"] if n < 0 else world.code(n)
    if selector.startswith("@"):
        digits = LEVELS[selector]
        return bool(code[:digits] == world.case["good"]["hs"][:digits])
    first, dash, last = selector.partition("-")
    if not dash:
        return bool(code.startswith(first))
    return first.ljust(10, "0") <= code.ljust(10, "0") and code.ljust(10, "9") <= last.ljust(10, "9")


def _as_described(wanted: Plain, world: World, n: int) -> bool:
    if wanted.get("codes") and not is_one(wanted["codes"], world, n):
        return False
    if "when" in wanted and not _as_described(wanted["when"], world, -1):
        return False
    if is_one(wanted.get("except", []), world, n):
        return False
    if "named" in wanted and not world.said(n, "named", wanted["named"]):
        return False
    if "same" in wanted and not world.said(n, "same", wanted["same"]):
        return False
    return all(
        world.said(n, "prop", f"{name} {comparison} {figure}")
        for name, bounds in wanted.get("prop", {}).items()
        for comparison, figure in bounds.items()
    )


def _sum(
    world: World, measure: str, selectors: list[Any] | None = None, foreign: bool | None = None
) -> Decimal:
    return sum(
        (
            world.amount(n, measure)
            for n in world.lines
            if (foreign is None or world.foreign(n) is foreign)
            and (selectors is None or is_one(selectors, world, n))
        ),
        Decimal(0),
    )


def within(part: Decimal, pct: str, whole: Decimal, strict: bool = False) -> bool:
    """Whether a part is at most a share of the whole."""
    return 100 * part < Decimal(pct) * whole if strict else 100 * part <= Decimal(pct) * whole


def _max_nom(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    node = rule["max_nom"]
    foreign = _sum(world, "value", node.get("materials"), foreign=True)
    return within(foreign, node["pct"], world.price(), node.get("strict", False))


def _rvc(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    node, price = rule["rvc"], world.price()
    if node["formula"] == "build-up":
        part = _sum(world, "value", foreign=False)
    else:
        part = price - _sum(world, "value", node.get("materials"), foreign=True)
    need = Decimal(node["pct"]) * price
    return 100 * part > need if node.get("strict") else 100 * part >= need


def _max_weight(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    node = rule["max_weight"]
    of = node.get("of", "good")
    whole = world.weight() if of == "good" else _sum(world, "weight", of)
    groups = [[each] for each in node["materials"]] if node.get("each") else [node["materials"]]
    strict = node.get("strict", False)
    return all(within(_sum(world, "weight", g, foreign=True), node["pct"], whole, strict) for g in groups)


def _min_share(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    node = rule["min_share"]
    measure = node["measure"]
    among = [n for n in world.lines if is_one(node["of"], world, n)]
    held = ("wholly",) if node["status"] == "wo" else ("wholly", "own")
    counted = [n for n in among if is_one(node["materials"], world, n) and world.standing(n) in held]
    part = 100 * sum((world.amount(n, measure) for n in counted), Decimal(0))
    need = Decimal(node["pct"]) * sum((world.amount(n, measure) for n in among), Decimal(0))
    return part > need if node.get("strict") else part >= need


def _process(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    answer = world.answer(f"process:{rule['process']}")
    return world.ask(("process", rule["process"])) if answer is None else yes(answer)


def _permit(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    if holds(rule["rule"], world, skipped, (*path, "rule")):
        return True
    chosen = frozenset(n for n in world.lines if is_one(rule["permit"], world, n))
    if "if" in rule and not holds(rule["if"], world, skipped, (*path, "if")):
        return False
    limit = rule.get("limit")
    if limit is not None:
        measure, whole = ("weight", world.weight) if limit["base"] == "weight" else ("value", world.price)
        if not within(_sum(world, measure, rule["permit"], foreign=True), limit["pct"], whole()):
            return False
    return holds(rule["rule"], world, skipped | chosen, (*path, "rule"))


def _when(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    condition = rule["when"]
    described = not any(name in condition for name in _NODES)
    held = (
        _as_described(condition, world, -1)
        if described
        else holds(condition, world, skipped, (*path, "when"))
    )
    if held:
        return holds(rule["then"], world, skipped, (*path, "then"))
    if "else" not in rule:
        return bool(world.ask(("unread", path)))
    return holds(rule["else"], world, skipped, (*path, "else"))


def _dated(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    for period in rule["dated"]:
        if period.get("from", "") <= TODAY <= period.get("until", "9999"):
            return holds(period["rule"], world, skipped, (*path, "dated"))
    return bool(world.ask(("unread", path)))


def _each(rule: Plain, name: str, world: World, skipped: frozenset[int], path: Key) -> Iterator[bool]:
    return (holds(part, world, skipped, (*path, n)) for n, part in enumerate(rule[name]))


def _by_line(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    if rule.get("wo") is True:
        stated = world.case["good"].get("wo")
        return all(world.standing(n) == "wholly" for n in world.lines) if stated is None else yes(stated)
    return not failing(rule, world, skipped)


def _unread(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    return bool(world.ask(("unread", path)))


def _inner(rule: Plain, world: World, skipped: frozenset[int], path: Key) -> bool:
    return holds(rule["rule"], world, skipped, (*path, "rule"))


_NODES: dict[str, Any] = {
    "permit": _permit,
    "no_tolerance": _inner,
    "quota": _inner,
    "when": _when,
    "dated": _dated,
    "any": lambda rule, *rest: any(_each(rule, "any", *rest)),
    "all": lambda rule, *rest: all(_each(rule, "all", *rest)),
    "at_least": lambda rule, *rest: sum(_each(rule["at_least"], "of", *rest)) >= rule["at_least"]["n"],
    **dict.fromkeys(LINE_NODES, _by_line),
    "max_nom": _max_nom,
    "rvc": _rvc,
    "max_weight": _max_weight,
    "min_share": _min_share,
    "min_count": lambda rule, world, *_: sum(not world.foreign(n) for n in world.lines) >= rule["min_count"]["n"],
    "nom_within_om": lambda rule, world, *_: _sum(world, "value", foreign=True) <= _sum(world, "value", foreign=False),
    "set": lambda rule, world, *_: within(_sum(world, "value", foreign=True), rule["set"]["pct"], world.price()),
    "process": _process,
    "not_only": lambda rule, world, *_: any(op not in rule["not_only"] for op in world.case["operations"]),
    **dict.fromkeys(("retain", "pending", "manual", "ref"), _unread),
}  # fmt: skip


def ways(rule: Plain, world: World, barred: tuple[Any, ...], path: Key = ()) -> list[list[Any]]:
    """The ways to meet a rule, each a list of (node, barred from the tolerance, path) that must all hold."""
    if "permit" in rule:
        if any(is_one(rule["permit"], world, n) for n in world.lines):
            return [[(rule, barred, path)]]
        return ways(rule["rule"], world, barred, (*path, "rule"))
    if "no_tolerance" in rule:
        return ways(rule["rule"], world, (*barred, *rule["no_tolerance"]), (*path, "rule"))
    if "quota" in rule:
        return ways(rule["rule"], world, barred, (*path, "rule"))
    if "any" in rule:
        return [way for n, part in enumerate(rule["any"]) for way in ways(part, world, barred, (*path, n))]
    if "all" in rule or "at_least" in rule:
        parts = rule["all"] if "all" in rule else rule["at_least"]["of"]
        each = [ways(part, world, barred, (*path, n)) for n, part in enumerate(parts)]
        chosen = [each] if "all" in rule else combinations(each, rule["at_least"]["n"])
        return [list(chain(*way)) for some in chosen for way in product(*some)]
    if "dated" in rule and any(p.get("from", "") <= TODAY <= p.get("until", "9999") for p in rule["dated"]):
        period = next(p for p in rule["dated"] if p.get("from", "") <= TODAY <= p.get("until", "9999"))
        return ways(period["rule"], world, barred, (*path, "dated"))
    return [[(rule, barred, path)]]


def repaired(way: list[Any], world: World, tolerance: Plain) -> bool:
    """All that fails by code or origin, taken together, is within the tolerance; everything else holds."""
    lines: set[int] = set()
    barred: list[Any] = []
    for node, kept, path in way:
        barred += kept
        if any(name in node for name in LINE_NODES) and node.get("wo") is not True:
            lines |= set(failing(node, world, frozenset()))
        elif not holds(node, world, frozenset(), path):
            return False
    if any(is_one(barred, world, n) for n in lines):
        return False
    if tolerance.get("same_heading_only"):
        own = world.case["good"]["hs"][:4]
        if any(world.code(n)[:4] != own for n in lines):
            return False
    measure, whole = ("weight", world.weight) if tolerance["base"] == "weight" else ("value", world.price)
    if lines and not within(
        sum((world.amount(n, measure) for n in lines), Decimal(0)), str(tolerance["pct"]), whole()
    ):
        return False
    return not lines or all(
        world.ask(("attestation", id)) if world.answer(id) is None else yes(world.answer(id))
        for id in tolerance.get("attestations", [])
    )
