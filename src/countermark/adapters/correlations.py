"""Correlations between editions of the HS, from a file of the user's: candidates to propose, never conversions.

The file is CSV, plain or compressed (``.gz``), with the columns ``from_edition, from_code, to_edition, to_code,
relationship``, as the UN Statistics Division publishes them; the other direction of each line is read too.
"""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path

from countermark.adapters.reading import ReadingError
from countermark.goods.hs import Correlations

COLUMNS = ("from_edition", "from_code", "to_edition", "to_code", "relationship")
LARGEST = 64 * 1024 * 1024
"""Bytes of the file once unpacked."""
_BACK = {"1:n": "n:1", "n:1": "1:n"}

_Pairs = dict[tuple[int, str, int], dict[str, str]]


def read_correlations(path: Path) -> Correlations:
    """The correlations in a file.

    Raises:
        ReadingError: the file is missing, is no such table, or a line holds no codes.
    """
    given: _Pairs = {}
    turned: _Pairs = {}
    for number, line in enumerate(_lines(path), 2):
        try:
            source, target = int(line["from_edition"]), int(line["to_edition"])
        except ValueError:
            raise ReadingError(
                "correlations", f"{path}, line {number}: an edition is a year. Correct it."
            ) from None
        left, right, kind = line["from_code"], line["to_code"], line["relationship"]
        if not (left.isdigit() and right.isdigit() and len(left) == len(right) == 6):
            raise ReadingError("correlations", f"{path}, line {number}: codes have six digits. Correct it.")
        given.setdefault((source, left, target), {})[right] = kind
        turned.setdefault((target, right, source), {})[left] = _BACK.get(kind, kind)
    pairs = {**turned, **given}
    return Correlations({key: tuple(sorted(found.items())) for key, found in pairs.items()})


def _lines(path: Path) -> Iterator[Mapping[str, str]]:
    try:
        packed = path.read_bytes()
        content = (
            gzip.GzipFile(fileobj=BytesIO(packed)).read(LARGEST + 1) if packed[:2] == b"\x1f\x8b" else packed
        )
    except (OSError, EOFError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or "it is damaged"
        raise ReadingError("correlations", f"{path} cannot be read: {reason}. Check the file.") from None
    if len(content) > LARGEST:
        raise ReadingError("correlations", f"{path} is larger than {LARGEST // 1024 // 1024} MB. Shorten it.")
    try:
        table = csv.DictReader(TextIOWrapper(BytesIO(content), encoding="utf-8", newline=""), strict=True)
        if tuple(table.fieldnames or ()) != COLUMNS:
            raise ReadingError("correlations", f"{path} must begin with the columns {', '.join(COLUMNS)}.")
        for line in table:
            if None in line or None in line.values():
                raise ReadingError(
                    "correlations", f"{path}, line {table.line_num}: five values are expected."
                )
            yield line
    except (UnicodeDecodeError, csv.Error):
        raise ReadingError("correlations", f"{path} is no CSV table in UTF-8. Save it as such.") from None
