"""The template language of posts: Jinja2's sandbox, made small enough to be bounded.

A pull request from a stranger is rendered too, without a process or a thread to kill. So a
template may only do what has a price, and pays it from a budget: it reads variables, chooses,
loops over what is there, and applies filters. Assignments, calls, macros and includes are refused
before anything runs; loops, filters and results are counted while it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from types import TracebackType
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, UndefinedError, pass_context
from jinja2.environment import Template
from jinja2.runtime import Context, LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from socialauto.core.render import RenderError
from socialauto.core.suggest import closest
from socialauto.core.template_grammar import COUNTER, prepare

MAX_TEMPLATE = 10_000
MAX_OUTPUT = 20_000
MAX_VALUE = 10_000
"""Characters of a template, of its result, and of one value within it."""

MAX_WORK = 100_000
"""Steps: one for each node of a loop's body each time round, one for each filter and for each
64 characters it reads. About a tenth of a second."""

_LONE_TAG = re.compile(r"^([ \t]*\{[%#](?:(?![%#]\}).)*?)([-+]?[%#]\})[ \t]*\n", re.MULTILINE)
"""A tag that has a line to itself."""

_BUDGET = "_budget"
"""The context's variable that carries what is left; templates cannot name it."""


class _Refused(Exception):  # noqa: N818 - becomes a RenderError once its line is known
    pass


@dataclass(slots=True)
class _Budget:
    left: int = MAX_WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise _Refused("does too much work: its loops go round too often")


def _unknown_variable(name: str, known: list[str]) -> str:
    message = f'unknown variable "{name}"'
    if close := closest(name, known):
        return f'{message}; did you mean "{close}"?'
    return f"{message}; known are {', '.join(sorted(known)[:10])}" if known else message


class _Missing(StrictUndefined):
    """Says which variable is missing, and which one may have been meant."""

    @property
    def _undefined_message(self) -> str:
        if self._undefined_hint:
            return self._undefined_hint
        name, owner = str(self._undefined_name), self._undefined_obj
        known = [str(key) for key in owner] if isinstance(owner, Mapping) else []
        return _unknown_variable(name, known)


class _Environment(ImmutableSandboxedEnvironment):
    """Variables are data: `vars.items` is the author's key, and nothing has methods."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def getitem(self, obj: Any, argument: Any) -> Any:
        try:
            return obj[argument]
        except (LookupError, TypeError):
            return self.undefined(obj=obj, name=argument)

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic is for numbers: `"a" * 1000000000` is not a text anybody posts."""
        if not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise _Refused(f"{operator} takes two numbers; join texts with ~")
        result = super().call_binop(context, operator, left, right)
        if abs(result) > 1e15:
            raise _Refused(f"the result of {operator} is too large")
        return result


_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})


def _short(value: str) -> str:
    if len(value) > MAX_VALUE:
        raise _Refused(f"a value has more than {MAX_VALUE:,} characters")
    return value


def _shown(value: Any) -> str:
    """What `{{ value }}` prints: never Python's spelling of something that is no text."""
    if isinstance(value, Undefined):
        str(value)  # raises, with the name
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Refused(f"this prints {_kind(value)} and not a text; choose a part of it or join it")
    return _short(str(value))


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def _join(values: Any, separator: str = "") -> str:
    if isinstance(values, str):
        raise _Refused("join takes a list, this is a text")
    parts = [_shown(value) for value in values]
    if sum(map(len, parts)) + len(separator) * len(parts) > MAX_VALUE:
        raise _Refused(f"joined, this has more than {MAX_VALUE:,} characters")
    return separator.join(parts)


def _replace(value: Any, old: str, new: str) -> str:
    text = _shown(value)
    found = text.count(old)
    if len(text) + found * (len(new) - len(old)) > MAX_VALUE:
        raise _Refused(f"replaced, this has more than {MAX_VALUE:,} characters")
    return text.replace(old, new)


def _round(value: float, precision: int = 0) -> float | int:
    rounded = round(float(value), max(0, min(int(precision), 10)))
    return rounded if precision else int(rounded)


_OWN: Mapping[str, Callable[..., Any]] = {"join": _join, "replace": _replace, "round": _round}
_FROM_JINJA = (
    "abs", "capitalize", "count", "d", "default", "first", "float", "int", "last", "length",
    "lower", "max", "min", "reverse", "sort", "title", "trim", "truncate", "unique", "upper",
    "wordcount",
)  # fmt: skip
"""Filters whose result is no longer than what they are given."""


def _size(value: Any) -> int:
    if isinstance(value, str):
        return 1 + len(value) // 64
    return 1 + len(value) if isinstance(value, list | tuple | Mapping) else 1


def _metered(apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, paid for; some of Jinja's own ask for the environment."""
    asks = hasattr(apply, "jinja_pass_arg")

    @pass_context
    @wraps(apply, assigned=("__name__", "__doc__"), updated=())
    def paid(context: Context, value: Any, *rest: Any, **options: Any) -> Any:
        context[_BUDGET].spend(_size(value))
        first = [context.environment] if asks else []
        result = apply(*first, value, *rest, **options)
        return _short(result) if isinstance(result, str) else result

    return paid


@pass_context
def _counted(context: Context, values: Any, weight: int) -> Iterator[Any]:
    """A loop's values, each paid for by the weight of the loop's body."""
    if isinstance(values, Undefined | str | int | float) or values is None:
        if isinstance(values, Undefined):
            str(values)  # raises, with the name
        raise _Refused("a loop goes over a list, this is a single value")
    for value in values:
        context[_BUDGET].spend(weight)
        yield value


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(
        undefined=_Missing,
        finalize=_shown,
        lstrip_blocks=True,
        cache_size=0,
    )
    filters = {name: environment.filters[name] for name in _FROM_JINJA} | dict(_OWN)
    environment.filters = {name: _metered(apply) for name, apply in filters.items()}
    environment.filters[COUNTER] = _counted
    environment.globals = {}
    return environment


def _line(trace: TracebackType | None) -> int:
    """The line of the template in which it happened, from the code that Jinja made of it."""
    line = 1
    while trace is not None:
        template = trace.tb_frame.f_globals.get("__jinja_template__")
        if template is not None:
            line = template.get_corresponding_lineno(trace.tb_lineno)
        elif trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _without_tag_lines(text: str) -> str:
    """A line with nothing but a tag leaves no empty line behind; its newline moves into the tag,
    so that the lines are still counted. (Jinja's `trim_blocks` would also join the line of
    `{% if x %}a{% endif %}` with the next one.)"""
    return text if "raw" in text else _LONE_TAG.sub(r"\1\n\2", text)


def _compile(text: str) -> Template:
    environment = _environment()
    tree = environment.parse(_without_tag_lines(text))
    prepare(tree, {*_OWN, *_FROM_JINJA}, environment.tests)
    return Template.from_code(environment, environment.compile(tree), environment.globals)


def _generate(template: Template, variables: Mapping[str, Any]) -> str:
    pieces, length = list[str](), 0
    for piece in template.generate({**variables, _BUDGET: _Budget()}):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_OUTPUT:
            raise _Refused(f"the text grows beyond {MAX_OUTPUT:,} characters")
    return "".join(pieces)


def fill(text: str, variables: Mapping[str, Any]) -> str:
    """`text` with its variables filled in. Raises `RenderError`."""
    if len(text) > MAX_TEMPLATE:
        raise RenderError(f"a template has at most {MAX_TEMPLATE:,} characters", 1)
    try:
        return _generate(_compile(text), variables)
    except TemplateSyntaxError as error:
        raise RenderError(f"not a valid template: {error.message}", error.lineno) from None
    except (RecursionError, MemoryError, SyntaxError):
        raise RenderError("the template nests too deeply", 1) from None
    except (UndefinedError, _Refused) as error:
        raise RenderError(str(error), _line(error.__traceback__)) from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        message = f"the template cannot be filled in: {error}"
        raise RenderError(message, _line(error.__traceback__)) from None
