"""Read a JSON or YAML file a person wrote into plain data, refusing what two readers could take differently.

Refused before any field is looked at: other encodings than UTF-8, a name written twice, YAML anchors,
aliases and tags, several documents in one file, deep nesting. Decimals without quotes are kept exactly as
written (``Decimal``), so that the reader of fields can refuse them with their place. YAML words follow YAML
1.2: only ``true`` and ``false`` are booleans (``NO`` stays Norway), and digits with a leading zero stay text.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, NoReturn

import yaml

from countermark.adapters.nomenclature import hs_2022
from countermark.goods.application import Application
from countermark.goods.fault import FieldError, shown
from countermark.goods.read import read_application

LARGEST_FILE = 4 * 1024 * 1024
DEEPEST = 40
"""Levels of nesting; eight bills of materials inside each other need fewer."""

_MARKS = (  # the longer mark first: UTF-32 begins like UTF-16
    (codecs.BOM_UTF32_LE, "UTF-32 text"),
    (codecs.BOM_UTF32_BE, "UTF-32 text"),
    (codecs.BOM_UTF16_LE, "UTF-16 text"),
    (codecs.BOM_UTF16_BE, "UTF-16 text"),
    (codecs.BOM_UTF8, "UTF-8 text with a byte order mark"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive, a spreadsheet or a text document"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_YAML_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class ReadingError(ValueError):
    """A file that cannot be read as plain data: ``code``, and a sentence that says why and what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence


class ApplicationRefused(ValueError):
    """A readable file whose fields hold mistakes; as text, a list of them all."""

    code = "application-refused"

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        count = "1 mistake" if len(errors) == 1 else f"{len(errors)} mistakes"
        super().__init__("\n".join([f"The application has {count}:", *(f"- {error}" for error in errors)]))
        self.errors = errors


def read_application_file(path: Path) -> Application:
    """The application in a file.

    Raises:
        ReadingError: the file cannot be read, or is neither JSON nor YAML.
        ApplicationRefused: it can, but its fields hold mistakes.
    """
    application = read_application(read_plain(path), hs_2022())
    if isinstance(application, Application):
        return application
    raise ApplicationRefused(application)


def read_plain(path: Path) -> object:
    """The plain data of a file: JSON or YAML by its suffix, else by its content.

    Raises:
        ReadingError: the file is missing, too large, in another encoding, or neither JSON nor YAML.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except IsADirectoryError:
        raise ReadingError("directory", f"{path} is a folder. Name a file in it.") from None
    except FileNotFoundError:
        raise ReadingError("missing", f"There is no file {path}. Check the name and the folder.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not allowed"
        raise ReadingError("unreadable", f"{path} cannot be read: {reason}. Check its permissions.") from None
    return decode_plain(content, path.suffix.lower())


def decode_plain(content: bytes, suffix: str = "") -> object:
    """The plain data of bytes that came as a file or an upload; ``suffix`` as in ``.json``, empty if unknown.

    Raises:
        ReadingError: as for ``read_plain``.
    """
    text = _text(content)
    is_json = suffix == ".json" or (suffix not in (".yaml", ".yml") and text.lstrip()[:1] in ("{", "["))
    return _json(text) if is_json else _yaml(text)


def _text(content: bytes) -> str:
    if len(content) > LARGEST_FILE:
        limit = f"{LARGEST_FILE // 1024 // 1024} MB"
        raise ReadingError("too-large", f"The file is larger than {limit}. Split the application.")
    for mark, kind in _MARKS:
        if content.startswith(mark):
            raise ReadingError("encoding", f"The file is {kind}. Save it as plain UTF-8 text.")
    if b"\0" in content:
        raise ReadingError("binary", "The file is not text. Give a JSON or YAML file in UTF-8.")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        sentence = f"Line {line} is not UTF-8; the file may be in Windows-1251. Save it as UTF-8."
        raise ReadingError("encoding", sentence) from None
    if not text.strip():
        raise ReadingError("empty", "The file is empty. Write the application into it.")
    return text


def _json(text: str) -> object:
    try:
        return json.loads(
            text,
            object_pairs_hook=_named,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=Decimal,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ReadingError("json", f"The file is not JSON: {error.msg}, {where}. Correct it there.") from None
    except RecursionError:
        _refuse_depth()


def _named(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ReadingError("repeated-name", f"The name {shown(name)} is written twice. Keep one of them.")
        found[name] = value
    return found


def _integer(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < 100 else Decimal(digits)


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent of more than 18 digits
        return Decimal("Infinity")


def _yaml(text: str) -> object:
    try:
        events = yaml.parse(text, Loader=_YAML_READER)
        found = [_node(event, events, 0) for event in events if isinstance(event, yaml.NodeEvent)]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        reason = error.problem or "it cannot be understood"
        raise ReadingError("yaml", f"The file is not YAML{where}: {reason}. Correct it there.") from None
    except yaml.YAMLError:
        sentence = "The file holds characters that YAML does not allow. Remove control characters."
        raise ReadingError("yaml", sentence) from None
    if len(found) != 1:
        raise ReadingError("documents", f"The file holds {len(found)} YAML documents. Write one a file.")
    return found[0]


def _node(event: yaml.Event, events: Iterator[yaml.Event], depth: int) -> object:
    """The value that begins with this event; takes its further events from the stream."""
    _refuse_marks(event)
    if depth > DEEPEST:
        _refuse_depth()
    if isinstance(event, yaml.ScalarEvent):
        return _plain(event.value) if event.implicit[0] else event.value
    if isinstance(event, yaml.SequenceStartEvent):
        return [_node(e, events, depth + 1) for e in _until(yaml.SequenceEndEvent, events)]
    pairs: dict[str, object] = {}
    for name in _until(yaml.MappingEndEvent, events):
        _refuse_marks(name)
        if not isinstance(name, yaml.ScalarEvent) or not name.value:
            raise ReadingError("name", f"Line {_line(name)} holds a field without a name. Name it.")
        if name.value in pairs:
            again = f"written again in line {_line(name)}"
            sentence = f"The name {shown(name.value)} is {again}. Keep one of them."
            raise ReadingError("repeated-name", sentence)
        pairs[name.value] = _node(next(events), events, depth + 1)
    return pairs


def _refuse_marks(event: yaml.Event) -> None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        sentence = f"Line {_line(event)} uses a YAML anchor or alias (& or *). Write the value out."
        raise ReadingError("alias", sentence)
    if getattr(event, "tag", None):
        raise ReadingError("tag", f"Line {_line(event)} uses a YAML tag (!). Write the plain value.")


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 0


def _until(end: type[yaml.Event], events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """The next events up to the one that ends the group."""
    while not isinstance(event := next(events), end):
        yield event


def _plain(text: str) -> object:
    """What an unquoted YAML word stands for."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return _integer(text)
    if _DAY.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    is_decimal = _DECIMAL.fullmatch(text) and not _LEADING_ZERO.fullmatch(text)
    return _decimal(text) if is_decimal else text


def _refuse_depth() -> NoReturn:
    raise ReadingError("too-deep", "Lists and fields in the file nest too deep. Flatten them.")
