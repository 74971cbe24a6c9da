"""Which codes of steps and questions the rules can emit, read from their source.

Follows the code given to ``Trace`` and ``Question`` back to literals: through choices, names, parameters and the calls
that fill them, tables, and joined strings. A code that cannot be followed is an error: write it as a literal.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import NamedTuple

RULES = Path(__file__).parents[2] / "src/countermark/rules"
CODE_AT = {"Trace": 0, "Question": 1}
"""The place of the code among the arguments."""


class Place(NamedTuple):
    """A call, in the functions (outermost first) of a module."""

    module: ast.Module
    inside: tuple[ast.FunctionDef, ...]
    call: ast.Call


def emitted(kind: str) -> dict[str, str]:
    """Codes of ``Trace`` or ``Question``, each with a place where it is made."""
    found: dict[str, str] = {}
    for place in calls():
        if isinstance(place.call.func, ast.Name) and place.call.func.id == kind:
            for code in argument(place, CODE_AT[kind], "code"):
                found.setdefault(code, f"{names()[place.module]}:{place.call.lineno}")
    return found


@cache
def names() -> dict[ast.Module, str]:
    files = sorted(RULES.rglob("*.py"))
    return {ast.parse(path.read_text(encoding="utf-8")): str(path.relative_to(RULES)) for path in files}


@cache
def calls() -> tuple[Place, ...]:
    return tuple(place for module in names() for place in _calls(module, module, ()))


def _calls(node: ast.AST, module: ast.Module, inside: tuple[ast.FunctionDef, ...]) -> Iterator[Place]:
    if isinstance(node, ast.FunctionDef):
        inside = (*inside, node)
    if isinstance(node, ast.Call):
        yield Place(module, inside, node)
    for child in ast.iter_child_nodes(node):
        yield from _calls(child, module, inside)


def argument(place: Place, position: int, name: str) -> set[str]:
    """What an argument of a call can be: by name, in its place, or in a list spread out."""
    for keyword in place.call.keywords:
        if keyword.arg == name:
            return values(keyword.value, place)
    for n, given in enumerate(place.call.args):
        if isinstance(given, ast.Starred):
            return set().union(*(values(e.elts[position - n], place) for e in tuples(given.value, place)))
        if n == position:
            return values(given, place)
    return set()


def values(expression: ast.expr, place: Place) -> set[str]:
    match expression:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp(body=body, orelse=orelse):
            return values(body, place) | values(orelse, place)
        case ast.JoinedStr(values=parts):
            return {"".join(joined) for joined in product(*(values(part, place) for part in parts))}
        case ast.FormattedValue(value=value):
            return values(value, place)
        case ast.Name(id=name):
            return _named(name, place)
        case ast.Subscript(value=ast.Name(id=name)):
            (table,) = [v for v in _assigned(name, place.module) if isinstance(v, ast.Dict)]
            return set().union(*(values(value, place) for value in table.values))
        case ast.Attribute(attr="code"):
            return set()  # taken over from another step or question, which is followed by itself
        case ast.Call(func=ast.Name(id=name)):
            return set().union(*_returned(name))
    raise AssertionError(
        f"{names()[place.module]}:{expression.lineno}: the code {ast.unparse(expression)} cannot be followed to its "
        "literals. Write it as one, so that the catalogue can be checked."
    )


def tuples(expression: ast.expr, place: Place) -> list[ast.Tuple]:
    match expression:
        case ast.Tuple():
            return [expression]
        case ast.IfExp(body=body, orelse=orelse):
            return [*tuples(body, place), *tuples(orelse, place)]
        case ast.Name(id=name):
            return [t for scope in place.inside for v in _assigned(name, scope) for t in tuples(v, place)]
    return []


def _named(name: str, place: Place) -> set[str]:
    """A parameter, by all the calls that fill it; a loop's name, by what it runs over; a constant of any module."""
    for function in reversed(place.inside):
        arguments = [a.arg for a in function.args.args if a.arg != "self"]
        if name in arguments:
            position = arguments.index(name)
            return set().union(*(argument(c, position, name) for c in _callers(function, place.module)))
        assigned = _assigned(name, function)
        if assigned:
            return set().union(*(values(value, place) for value in assigned))
        for loop in ast.walk(function):
            if isinstance(loop, ast.comprehension | ast.For) and ast.unparse(loop.target) == name:
                return {text for t in tuples(loop.iter, place) for e in t.elts for text in values(e, place)}
    constants = [value for module in names() for value in _assigned(name, module)]
    return set().union(*(values(value, place) for value in constants))


def _callers(function: ast.FunctionDef, module: ast.Module) -> Iterator[Place]:
    """Where a function is called; names that begin with an underscore are of their own module."""
    for place in calls():
        if _called(place) == function.name and (not function.name.startswith("_") or place.module is module):
            yield place


def _called(place: Place) -> str:
    called = place.call.func
    return called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")


def _assigned(name: str, scope: ast.Module | ast.FunctionDef) -> list[ast.expr]:
    nodes = scope.body if isinstance(scope, ast.Module) else ast.walk(scope)
    found = []
    for node in nodes:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            found += [node.value for target in targets if isinstance(target, ast.Name) and target.id == name]
    return found


def _returned(name: str) -> Iterator[set[str]]:
    for module in names():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef) and node.name == name:
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return) and inner.value is not None:
                        yield values(inner.value, Place(module, (node,), ast.Call(ast.Name("x"), [], [])))
