"""What the reader does not read yet: ``PYTHONPATH=src:tests python -m reading.tail --most 60``."""

from __future__ import annotations

import argparse
import time
from collections import Counter

from reading.corpus import Text, texts
from reading.readings import STATUSES, Result, read_all
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
    _print_unread(found, results, asked)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="reading.tail", description=__doc__)
    parser.add_argument("--most", type=int, default=40, help="how many to list")
    parser.add_argument("--scheme", default="", help="only rule sets whose name holds this")
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
    for entry in [e for e in found if results[e.text].crash][:10]:
        print(f"\nCRASH {entry.count} x {entry.text!r}\n{results[entry.text].crash}")


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


if __name__ == "__main__":
    main()
