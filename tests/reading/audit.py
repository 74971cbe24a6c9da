"""Readings drawn by a seed, for a person to judge: ``PYTHONPATH=src:tests python -m reading.audit --seed N --count 200``."""

from __future__ import annotations

import argparse
import random

from reading.corpus import texts
from reading.readings import bare, laid_out, read_all
from reading.whereabouts import rules_file


def main() -> None:
    parser = argparse.ArgumentParser(prog="reading.audit", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="draws the sample")
    parser.add_argument(
        "--count", type=int, default=200, help="how many; each distinct text is as likely as another"
    )
    parser.add_argument(
        "--status", default="exact,attested,partial", help="which statuses to draw from, parted by commas"
    )
    parser.add_argument("--scheme", default="", help="only rule sets whose name holds this")
    asked = parser.parse_args()
    found = texts(rules_file(), asked.scheme)
    results = zip(found, read_all((t.text, t.heading, t.lang) for t in found), strict=True)
    held = sorted(
        ((e, r) for e, r in results if r.status in asked.status.split(",")), key=lambda pair: pair[0].text
    )
    drawn = random.Random(asked.seed).sample(held, min(asked.count, len(held)))
    print(f"{len(drawn)} of {len(held)} texts, seed {asked.seed}")
    for number, (entry, result) in enumerate(drawn, 1):
        print(
            f"\n--- {number}. {result.status}, {entry.count} x, {min(entry.schemes)}, heading {entry.heading}"
        )
        print(entry.text)
        print(laid_out(bare(result.expression)))
        if result.unread:
            print(f"unread: {' '.join(result.unread)}")


if __name__ == "__main__":
    main()
