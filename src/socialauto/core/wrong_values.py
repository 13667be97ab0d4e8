"""pydantic's complaints as findings: the same facts in the words of the people who write posts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from socialauto.core.finding import Finding
from socialauto.core.suggest import closest, one_of, quoted
from socialauto.core.yaml_reader import Document, Loc, Map


@dataclass(frozen=True, slots=True)
class Words:
    """The parts of a finding that do not depend on where it stands."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One complaint, with what is needed to explain it."""

    loc: Loc
    value: Any
    context: dict[str, Any]
    model: type[BaseModel]
    path: str
    chosen: Mapping[Loc, type[BaseModel]] = field(default_factory=dict)
    """Where a mapping can be of several kinds: the model of the kind that it says."""

    @property
    def name(self) -> str:
        """The value as people point at it: `"text"`, `item 2 of "media"`."""
        last = self.loc[-1]
        if isinstance(last, int):
            return f"item {last + 1} of {quoted(self.loc[-2])}"
        return quoted(last)

    @property
    def shown(self) -> str:
        """The value without quotes, cut when it is long."""
        return quoted(self.value)[1:-1]


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _field_of(model: type[BaseModel], key: str | int) -> FieldInfo | None:
    """The field that people write as `key`."""
    found = (one for one in model.model_fields.values() if one.alias == key)
    return model.model_fields.get(str(key)) or next(found, None)


def _has_names(annotation: Any) -> bool:
    """Is it a mapping with names of the user's choice?"""
    return get_origin(annotation) is dict or any(map(_has_names, get_args(annotation)))


def model_at(
    model: type[BaseModel], loc: Loc, chosen: Mapping[Loc, type[BaseModel]] | None = None
) -> type[BaseModel] | None:
    """The model of the mapping at `loc`; None inside free-form values."""
    current, skip = model, False
    for number, step in enumerate(loc, start=1):
        if skip or isinstance(step, int):
            skip = False
            continue
        field = _field_of(current, step)
        inner = next(iter(_models_in(field.annotation)), None) if field else None
        if field is None or inner is None:
            return None
        inner = (chosen or {}).get(loc[:number], inner)
        current, skip = inner, _has_names(field.annotation)
    return current


def _kinds_at(model: type[BaseModel], loc: Loc) -> dict[str, type[BaseModel]]:
    """The models of what can be of several kinds, by what `kind` says; empty elsewhere."""
    around = model_at(model, loc[:-1]) if loc else None
    found = around.model_fields.get(str(loc[-1])) if around else None
    inner = _models_in(found.annotation) if found else ()
    models = [one for one in inner if "kind" in one.model_fields]
    if len(models) < 2:
        return {}
    return {get_args(one.model_fields["kind"].annotation)[0]: one for one in models}


def _untagged(model: type[BaseModel], loc: Loc) -> tuple[Loc, dict[Loc, type[BaseModel]]]:
    """pydantic puts the kind among the steps; here are those without it, and what it chose."""
    kept: Loc = ()
    chosen: dict[Loc, type[BaseModel]] = {}
    for step in loc:
        kinds = _kinds_at(model, kept) if kept not in chosen else {}
        if step in kinds:
            chosen[kept] = kinds[str(step)]
        else:
            kept = (*kept, step)
    return kept, chosen


def known_keys(wrong: Wrong) -> list[str]:
    """The keys that can stand where this one stands."""
    model = model_at(wrong.model, wrong.loc[:-1], wrong.chosen)
    fields = model.model_fields.items() if model else ()
    return [field.alias or name for name, field in fields]


def meant_key(wrong: Wrong) -> str | None:
    return closest(str(wrong.loc[-1]), known_keys(wrong))


def _unknown_key(wrong: Wrong) -> Words:
    key, meant = str(wrong.loc[-1]), meant_key(wrong)
    if meant:
        return Words("SA201", f"unknown key {quoted(key)}", f'did you mean "{meant}"?')
    keys = known_keys(wrong)
    few = f"the keys here are {one_of(keys)}"
    hint = few if len(keys) <= 8 else '"socialauto schema post" lists all keys'
    return Words("SA201", f"unknown key {quoted(key)}", hint)


def _missing(wrong: Wrong) -> Words:
    key = str(wrong.loc[-1])
    model = model_at(wrong.model, wrong.loc[:-1], wrong.chosen)
    examples = model.model_fields[key].examples if model else None
    hint = f"add {key}: {examples[0]}" if examples else f"add {key}:"
    around = replace(wrong, loc=wrong.loc[:-1])
    where = f" in {around.name}" if around.loc else ""
    return Words("SA207", f'"{key}" is missing{where}', hint)


def _kind(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    return "keys with values" if isinstance(value, Map) else "one text"


def _no_text(wrong: Wrong) -> Words:
    return Words("SA202", f"{wrong.name} must be one text, not {_kind(wrong.value)}")


def _no_list(wrong: Wrong) -> Words:
    key = wrong.loc[-1]
    short = isinstance(wrong.value, str) and len(wrong.value) < 60 and "," not in wrong.value
    hint = f"write {key}: [{wrong.shown}]" if short else "write one item a line, each after a -"
    return Words("SA202", f"{wrong.name} must be a list, not {_kind(wrong.value)}", hint)


def _chooses_names(wrong: Wrong) -> bool:
    """Is the value at this place a mapping with the user's names, such as `accounts`?"""
    model = model_at(wrong.model, wrong.loc[:-1])
    field = model.model_fields.get(str(wrong.loc[-1])) if model else None
    return field is not None and _has_names(field.annotation)


def _no_mapping(wrong: Wrong) -> Words:
    model = model_at(wrong.model, wrong.loc)
    fields = model.model_fields.items() if model and not _chooses_names(wrong) else ()
    needed = [name for name, field in fields if field.is_required()] or [key for key, _ in fields]
    hint = f"write below it: {', '.join(f'{name}: …' for name in needed)}" if needed else ""
    return Words("SA202", f"{wrong.name} must be keys with values, not {_kind(wrong.value)}", hint)


def _not_one_of(wrong: Wrong) -> Words:
    choices = re.findall(r"'([^']*)'", wrong.context["expected"])
    message = f"{wrong.name} cannot be {quoted(wrong.value)}"
    meant = closest(str(wrong.value), choices)
    if len(choices) == 1:
        return Words("SA208", message, f'write "{choices[0]}"')
    return Words(
        "SA208", message, f'did you mean "{meant}"?' if meant else f"use {one_of(choices)}"
    )


def _no_number(wrong: Wrong) -> Words:
    message = f"{wrong.name} must be a number, not {quoted(wrong.value)}"
    return Words("SA202", message, "write digits only")


def _too_small(wrong: Wrong) -> Words:
    return Words("SA212", f"{wrong.name} is {wrong.shown}, at least {wrong.context['ge']:g}")


def _too_big(wrong: Wrong) -> Words:
    return Words("SA212", f"{wrong.name} is {wrong.shown}, at most {wrong.context['le']:g}")


def _empty(wrong: Wrong) -> Words:
    return Words("SA207", f"{wrong.name} is empty", "write a value")


_WORDS: dict[str, Callable[[Wrong], Words]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing,
    "string_type": _no_text,
    "tuple_type": _no_list,
    "dict_type": _no_mapping,
    "model_type": _no_mapping,
    "enum": _not_one_of,
    "literal_error": _not_one_of,
    "int_parsing": _no_number,
    "int_type": _no_number,
    "float_parsing": _no_number,
    "float_type": _no_number,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_big,
    "string_too_short": _empty,
}


def _words(error: ErrorDetails, wrong: Wrong) -> Words:
    kind = error["type"]
    if kind in _WORDS:
        return _WORDS[kind](wrong)
    if kind.startswith("SA"):
        return Words(kind, wrong.context["message"], wrong.context["hint"])
    return Words("SA202", f"{wrong.name}: {error['msg'][:1].lower()}{error['msg'][1:]}")


def plain(error: ErrorDetails) -> ErrorDetails:
    """A `kind` that is missing or unknown, as if it were a field like any other."""
    match error["type"]:
        case "union_tag_not_found":
            return {**error, "type": "missing", "loc": (*error["loc"], "kind")}
        case "union_tag_invalid":
            tags = error["ctx"]
            return {
                **error,
                "type": "literal_error",
                "loc": (*error["loc"], "kind"),
                "input": tags["tag"],
                "ctx": {"expected": tags["expected_tags"]},
            }
        case "model_attributes_type":
            return {**error, "type": "model_type"}
    return error


def as_wrong(error: ErrorDetails, model: type[BaseModel], path: str) -> Wrong:
    loc, chosen = _untagged(model, tuple(step for step in error["loc"] if step != "[key]"))
    return Wrong(loc, error["input"], error.get("ctx", {}), model, path, chosen)


def finding_of(error: ErrorDetails, wrong: Wrong, document: Document) -> Finding:
    """The finding, at the very value; at the key when the key is what is wrong."""
    kind = error["type"]
    if kind == "missing":
        line, column = document.place(wrong.loc[:-1], key=True)
    else:
        is_key = kind == "extra_forbidden" or "[key]" in error["loc"]
        line, column = document.place(wrong.loc, key=is_key)
    words = _words(error, wrong)
    return Finding(wrong.path, line, column, words.code, words.message, words.hint)
