"""What the reader does not read yet, or reads wrongly: ``PYTHONPATH=src:tests python -m reading.tail --most 60``.

``--checks`` lists readings that fail an automatic check, ``--mutations`` changes of a text that change nothing,
``--oracle`` disagreements with the EU's class expressions (those explained already only with ``--explained``).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from reading.checks import CHECKS, failures, only_in_words
from reading.corpus import Text, pattern, texts
from reading.explained import explanations
from reading.mutations import KINDS, Mutation, Trial, sampled, tried
from reading.oracle import comparisons, incomparable
from reading.readings import STATUSES, Result, compact, in_two, read_all
from reading.whereabouts import rules_file


def main() -> None:
    asked = _arguments()
    found = texts(rules_file(), asked.scheme)
    begun = time.perf_counter()
    results = dict(
        zip((t.text for t in found), read_all((t.text, t.heading, t.lang) for t in found), strict=True)
    )
    _print_rates(found, results, time.perf_counter() - begun)
    _print_crashes(found, results)
    if asked.mutations:
        _print_mutations([e for e in found if results[e.text].status != "manual"], asked)
    elif asked.oracle:
        _print_oracle(found, results, asked)
    elif asked.checks:
        _print_checks(found, results, asked)
    else:
        _print_unread(found, results, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reading.tail", description=__doc__)
    parser.add_argument("--most", type=int, default=40, help="how many to list")
    parser.add_argument("--scheme", default="", help="only rule sets whose name holds this")
    parser.add_argument("--checks", action="store_true", help="list the readings that fail a check")
    parser.add_argument(
        "--mutations", action="store_true", help="list the changes of a text that change nothing"
    )
    parser.add_argument(
        "--oracle", action="store_true", help="list disagreements with the EU's class expressions"
    )
    parser.add_argument("--explained", action="store_true", help="with --oracle: those explained already too")
    parser.add_argument("--sample", type=int, default=800, help="texts whose changes are tried, 0 for all")
    parser.add_argument("--seed", type=int, default=1, help="draws the sample")
    parser.add_argument(
        "--kind",
        default="",
        help="only this check (also in-words: figures kept in words only), or kind of change",
    )
    parser.add_argument("--status", default="partial,manual", help="which statuses to list, parted by commas")
    parser.add_argument("--find", default="", help="only texts that hold these words")
    parser.add_argument("--width", type=int, default=600, help="characters shown of an example")
    return parser.parse_args()


def _print_rates(found: list[Text], results: dict[str, Result], seconds: float) -> None:
    by_frequency: Counter[str] = Counter()
    worst: dict[str, str] = {}
    order = ("crash", "manual", "partial", "attested", "exact")
    for entry in found:
        status = results[entry.text].status
        by_frequency[status] += entry.count
        held = worst.setdefault(entry.pattern, status)
        worst[entry.pattern] = min(held, status, key=order.index)
    by_pattern = Counter(worst.values())
    print(f"{by_frequency.total()} rules, {len(found)} texts, {len(worst)} patterns; read in {seconds:.1f} s")
    print(f"{'':12}{'frequency':>11}{'patterns':>11}")
    for status in (*STATUSES, "crash"):
        print(f"{status:12}{_share(by_frequency, status):>11}{_share(by_pattern, status):>11}")
    print(
        f"{'read':12}{_share(by_frequency, 'exact', 'attested'):>11}{_share(by_pattern, 'exact', 'attested'):>11}"
    )


def _share(counted: Counter[str], *names: str) -> str:
    return f"{100 * sum(counted[name] for name in names) / max(1, counted.total()):.2f} %"


def _print_crashes(found: list[Text], results: dict[str, Result]) -> None:
    """One crash of each kind; the kind is its last line."""
    kinds: dict[str, list[Text]] = {}
    for entry in found:
        if crash := results[entry.text].crash:
            kinds.setdefault(crash.splitlines()[-1], []).append(entry)
    for held in list(kinds.values())[:5]:
        print(
            f"\nCRASH of {len(held)} texts, such as {held[0].text[:200]!r}\n{results[held[0].text].crash[-400:]}"
        )


def _print_unread(found: list[Text], results: dict[str, Result], asked: argparse.Namespace) -> None:
    patterns: dict[str, list[Text]] = {}
    for entry in found:
        if results[entry.text].status in asked.status.split(",") and asked.find.lower() in entry.text.lower():
            patterns.setdefault(entry.pattern, []).append(entry)
    ordered = sorted(patterns.values(), key=lambda held: -sum(e.count for e in held))
    print(f"\n{len(patterns)} patterns are {asked.status}; the most frequent:")
    for held in ordered[: asked.most]:
        result = results[held[0].text]
        schemes = Counter[str]()
        for entry in held:
            schemes += entry.schemes
        where = ", ".join(name for name, _ in schemes.most_common(3))
        print(
            f"\n{schemes.total()} x {result.status} ({len(held)} texts; {where}; heading {held[0].heading})"
        )
        print(f"    {held[0].text[: asked.width]!r}")
        print(f"    unread: {' '.join(result.unread)[: asked.width]}")


def _print_checks(found: list[Text], results: dict[str, Result], asked: argparse.Namespace) -> None:
    """One text a pattern and check."""
    failed: dict[tuple[str, str], list[tuple[Text, str]]] = {}
    texts_failing, rules_failing = Counter[str](), Counter[str]()
    for entry in [e for e in found if asked.find.lower() in e.text.lower()]:
        for check, why in _failures(results[entry.text]).items():
            failed.setdefault((check, entry.pattern), []).append((entry, why))
            texts_failing[check] += 1
            rules_failing[check] += entry.count
    for check, n in texts_failing.most_common():
        print(f"{check:16}{n:6} texts, {rules_failing[check]:6} rules")
    shown = [
        each for (check, _), each in failed.items() if check in ((asked.kind,) if asked.kind else CHECKS)
    ]
    names = {id(each): check for (check, _), each in failed.items()}
    for each in sorted(shown, key=lambda held: -sum(e.count for e, _ in held))[: asked.most]:
        entry, why = each[0]
        result = results[entry.text]
        print(
            f"\n{sum(e.count for e, _ in each)} x {result.status} ({len(each)} texts) FAILS {names[id(each)]}: {why}"
        )
        print(f"    {entry.text[: asked.width]!r}\n    {compact(result.expression)[: asked.width]}")


def _failures(result: Result) -> dict[str, str]:
    """The failed checks; ``in-words`` is none, but worth a look."""
    found = {} if result.crash else failures(result)
    words = only_in_words(result)
    return found | ({"in-words": f"{sorted(words)} stand only in words"} if words else {})


def _print_oracle(found: list[Text], results: dict[str, Result], asked: argparse.Namespace) -> None:
    compared = list(comparisons(found, results))
    read = [c for c in compared if c.result.read]
    known, differing = explanations(), [c for c in read if not c.agrees]
    for name, of in (("records", lambda c: c.count), ("texts", lambda c: 1)):
        every, were_read, agreed = (
            sum(map(of, held)) for held in (compared, read, [c for c in read if c.agrees])
        )
        print(f"{name:8}{every:6} comparable, {were_read:6} read ({100 * were_read / max(1, every):.2f} %), "
              f"{agreed:6} of them agree ({100 * agreed / max(1, were_read):.2f} %)")  # fmt: skip
    left_out = Counter(why for e in found if e.classes and (why := incomparable(e)))
    print(
        f"not comparable: {dict(left_out)}; {len(differing)} disagree, {sum(c.key in known for c in differing)} explained"
    )
    shown = [
        c
        for c in differing
        if (asked.explained or c.key not in known) and asked.find.lower() in c.text.text.lower()
    ]
    for each in shown[: asked.most]:
        print(
            f"\n{each.key}: {each.count} x {each.classes}\n    {each.sentence()}\n    {each.text.text[: asked.width]!r}"
        )
        print(f"    {compact(each.result.expression)[: asked.width]}")
        print(f"    {known.get(each.key, '')}")


def _print_mutations(read: list[Text], asked: argparse.Namespace) -> None:
    """Of the texts that were read at least in part: the changes of a manual text change its words."""
    matching = [e for e in read if asked.find.lower() in e.text.lower()]
    sample = sampled(matching, asked.sample, asked.seed)
    trials = in_two(tried, [(e.text, e.heading, e.lang) for e in sample], 8)
    made, same = Counter[str](), Counter[str]()
    for trial in trials:
        made += trial.tried
        same.update(each.kind for each in trial.unchanged)
    print(f"\n{len(sample)} texts, {made.total()} changes")
    for kind in KINDS:
        print(f"{kind:24}{made[kind]:7} tried, {same[kind]:5} change nothing")
    failing = [(t, [each for each in t.unchanged if asked.kind in ("", each.kind)]) for t in trials]
    shown: dict[str, tuple[Trial, list[Mutation]]] = {}
    for trial, each in failing:
        if each:
            shown.setdefault(pattern(trial.text), (trial, each))
    for trial, unchanged in list(shown.values())[: asked.most]:
        print(f"\n{trial.text[: asked.width]!r}")
        for each in unchanged[:4]:
            print(f"    {each.kind}: {each.change}")


if __name__ == "__main__":
    main()
