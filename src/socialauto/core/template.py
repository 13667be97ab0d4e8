"""The template language of posts: Jinja2's sandbox, made small enough to be bounded.

A pull request from a stranger is rendered too, without a process or a thread to kill. So a
template may only do what has a price, and pays it from a budget: it reads variables, chooses,
loops over what is there, and applies filters. Assignments, calls, macros and includes are refused
before anything runs; loops, filters and results are counted while it runs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
from socialauto.core.template_filters import LOCAL, OWN, Refused, short, shown
from socialauto.core.template_grammar import COUNTER, prepare

MAX_TEMPLATE = 10_000
MAX_OUTPUT = 20_000
"""Characters of a template and of its result."""

MAX_WORK = 100_000
"""Steps: one for each node of a loop's body each time round, one for each filter and for each
64 characters it reads. About a tenth of a second."""

_LONE_TAG = re.compile(r"^([ \t]*\{[%#](?:(?![%#]\}).)*?)([-+]?[%#]\})[ \t]*\n", re.MULTILINE)
"""A tag that has a line to itself."""

_BUDGET = "_budget"
LANGUAGE = "_language"
"""The context's variables that carry what is left, and the language of the text; templates cannot
name them."""
LOCAL_COST = 500
"""A date or a number in a language's way: it may be the first that asks for its tables."""
PRICES = {"shorten": 16, "hashtags": 16}
"""Filters that look at every character, as multiples of others."""

NO_DUE = 'the post has no time, so it has no "due"'


@dataclass(slots=True)
class _Budget:
    left: int = MAX_WORK

    def spend(self, work: int) -> None:
        self.left -= work
        if self.left < 0:
            raise Refused("does too much work: its loops go round too often")


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
        if isinstance(owner, Mapping):
            return _unknown_variable(name, [str(key) for key in owner])
        return NO_DUE if name == "due" else _unknown_variable(name, [])


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
            raise Refused(f"{operator} takes two numbers; join texts with ~")
        result = super().call_binop(context, operator, left, right)
        if abs(result) > 1e15:
            raise Refused(f"the result of {operator} is too large")
        return result


_LOOP = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length"})


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


def _local(apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, paid for, in the text's language unless it names one."""

    @pass_context
    @wraps(apply, assigned=("__name__", "__doc__"), updated=())
    def paid(context: Context, value: Any, *rest: Any, **options: Any) -> Any:
        context[_BUDGET].spend(LOCAL_COST)
        options.setdefault("locale", context.get(LANGUAGE, "en"))
        return short(apply(value, *rest, **options))

    return paid


def _metered(name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, paid for; some of Jinja's own ask for the environment."""
    asks, price = hasattr(apply, "jinja_pass_arg"), PRICES.get(name, 1)

    @pass_context
    @wraps(apply, assigned=("__name__", "__doc__"), updated=())
    def paid(context: Context, value: Any, *rest: Any, **options: Any) -> Any:
        context[_BUDGET].spend(price * _size(value))
        first = [context.environment] if asks else []
        result = apply(*first, value, *rest, **options)
        return short(result) if isinstance(result, str) else result

    return paid


@pass_context
def _counted(context: Context, values: Any, weight: int) -> Iterator[Any]:
    """A loop's values, each paid for by the weight of the loop's body."""
    if isinstance(values, Undefined | str | int | float) or values is None:
        if isinstance(values, Undefined):
            str(values)  # raises, with the name
        raise Refused("a loop goes over a list, this is a single value")
    for value in values:
        context[_BUDGET].spend(weight)
        yield value


@lru_cache(maxsize=1)
def _environment() -> _Environment:
    environment = _Environment(
        undefined=_Missing,
        finalize=shown,
        lstrip_blocks=True,
        cache_size=0,
    )
    filters = {name: environment.filters[name] for name in _FROM_JINJA} | dict(OWN)
    environment.filters = {name: _metered(name, apply) for name, apply in filters.items()}
    environment.filters.update((name, _local(apply)) for name, apply in LOCAL.items())
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


@lru_cache(maxsize=128)
def _compile(text: str) -> Template:
    environment = _environment()
    tree = environment.parse(_without_tag_lines(text))
    prepare(tree, {*OWN, *LOCAL, *_FROM_JINJA}, environment.tests)
    return Template.from_code(environment, environment.compile(tree), environment.globals)


def _generate(template: Template, variables: Mapping[str, Any]) -> str:
    pieces, length = list[str](), 0
    for piece in template.generate({**variables, _BUDGET: _Budget()}):
        pieces.append(piece)
        length += len(piece)
        if length > MAX_OUTPUT:
            raise Refused(f"the text grows beyond {MAX_OUTPUT:,} characters")
    return "".join(pieces)


@contextmanager
def _told() -> Iterator[None]:
    """Whatever goes wrong with a template, as a sentence and a line."""
    try:
        yield
    except TemplateSyntaxError as error:
        raise RenderError(f"not a valid template: {error.message}", error.lineno) from None
    except (RecursionError, MemoryError, SyntaxError):
        raise RenderError("the template nests too deeply", 1) from None
    except (UndefinedError, Refused) as error:
        code = "SA515" if str(error) == NO_DUE else "SA507"
        raise RenderError(str(error), _line(error.__traceback__), code) from None
    except (TypeError, ValueError, ArithmeticError, LookupError) as error:
        message = f"the template cannot be filled in: {error}"
        raise RenderError(message, _line(error.__traceback__)) from None


def _ready(text: str) -> Template:
    if len(text) > MAX_TEMPLATE:
        raise RenderError(f"a template has at most {MAX_TEMPLATE:,} characters", 1)
    return _compile(text)


def check(text: str) -> None:
    """Whether `text` is a template, whatever its variables are. Raises `RenderError`."""
    with _told():
        _ready(text)


def fill(text: str, variables: Mapping[str, Any]) -> str:
    """`text` with its variables filled in. Raises `RenderError`."""
    with _told():
        return _generate(_ready(text), variables)
