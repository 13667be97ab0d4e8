"""What a template may consist of: everything else is refused before anything runs."""

from __future__ import annotations

from collections.abc import Collection

from jinja2 import nodes

from socialauto.core.render import RenderError
from socialauto.core.suggest import did_you_mean

COUNTER = "counted"
"""The filter that is put around what a loop goes over."""

_PLAIN = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Const, nodes.If, nodes.CondExpr,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Neg, nodes.Pos,
    nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Concat,
    nodes.List, nodes.Tuple, nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Test,
    nodes.Keyword, nodes.Filter, nodes.Name,
)  # fmt: skip
"""Parts of a template that need no further look."""

_WORDS = {
    nodes.Assign: "{% set %}",
    nodes.AssignBlock: "{% set %}",
    nodes.Block: "{% block %}",
    nodes.Call: "a call with ( )",
    nodes.CallBlock: "{% call %}",
    nodes.Dict: "a { } mapping",
    nodes.Extends: "{% extends %}",
    nodes.FilterBlock: "{% filter %}",
    nodes.FromImport: "{% from %}",
    nodes.Import: "{% import %}",
    nodes.Include: "{% include %}",
    nodes.Macro: "{% macro %}",
    nodes.Pair: "a { } mapping",
    nodes.Pow: "** (power)",
    nodes.ScopedEvalContextModifier: "{% autoescape %}",
    nodes.With: "{% with %}",
}


def _refused(node: nodes.Node, what: str) -> RenderError:
    return RenderError(f"{what} is not available in posts", node.lineno)


def _unknown(node: nodes.Node, what: str, name: str, known: Collection[str]) -> RenderError:
    hint = did_you_mean(name, known, otherwise=f"there are {', '.join(sorted(known))}")
    return RenderError(f'unknown {what} "{name}"; {hint}', node.lineno)


def _weight(node: nodes.Node) -> int:
    return 1 + sum(_weight(child) for child in node.iter_child_nodes())


def _count(loop: nodes.For) -> None:
    weight = nodes.Const(_weight(loop), lineno=loop.lineno)
    loop.iter = nodes.Filter(loop.iter, COUNTER, [weight], [], None, None, lineno=loop.lineno)


def _check(node: nodes.Node, filters: Collection[str], tests: Collection[str]) -> None:
    match node:
        case nodes.Filter() if node.name not in filters:
            raise _unknown(node, "filter", node.name, filters)
        case nodes.Test() if node.name not in tests:
            raise _unknown(node, "test", node.name, tests)
        case nodes.Filter() | nodes.Test() if node.dyn_args or node.dyn_kwargs:
            raise _refused(node, "an argument with *")
        case nodes.Name() if node.name.startswith("_") or node.name in ("self", "super", "caller"):
            raise RenderError(f'unknown variable "{node.name}"', node.lineno)
        case nodes.For():
            _count(node)
        case _ if not isinstance(node, _PLAIN):
            raise _refused(node, _WORDS.get(type(node), type(node).__name__))


def prepare(node: nodes.Node, filters: Collection[str], tests: Collection[str]) -> None:
    """Refuse what has no price, and put a counter into every loop. Raises `RenderError`."""
    for child in node.iter_child_nodes():
        prepare(child, filters, tests)
    _check(node, filters, tests)
