from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.cli.schema import schema_text
from socialauto.core.config import Config
from socialauto.core.post import Post
from socialauto.core.reading import MARKDOWN, is_post
from socialauto.core.schedule import Recurring, Slots

MODELINE = "# yaml-language-server: $schema="


class EditorLoader(yaml.SafeLoader):
    """Reads YAML as editors do, by version 1.2: times stay text, `no` is a word."""


EditorLoader.yaml_implicit_resolvers = {
    first: [
        (tag, re.compile("true|false") if tag.endswith(":bool") else pattern)
        for tag, pattern in resolvers
        if not tag.endswith((":timestamp", ":merge"))
    ]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def as_editors_read(text: str) -> list[Any]:
    return [one for one in yaml.load_all(text, EditorLoader) if one is not None]


def validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads(schema_text(name)))


def complaints(name: str, value: Any) -> list[str]:
    return [error.message for error in validator(name).iter_errors(value)]


def post(**fields: Any) -> dict[str, Any]:
    return {"account": "acme", "time": "2026-12-01 09:00", **fields}


@pytest.mark.parametrize("name", ["post", "schedule", "config"])
def test_the_schema_is_printed_and_is_a_schema(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(socialauto, ["schema", name]) == 0
    printed = capsys.readouterr().out
    assert printed == schema_text(name)
    schema = json.loads(printed)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:socialauto:{name}:1"
    Draft202012Validator.check_schema(schema)


def test_another_name_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(socialauto, ["schema", "slots"]) == 2
    assert "'post', 'schedule', 'config'" in capsys.readouterr().err


def _objects(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema
    found = [one for each in inner if isinstance(each, dict | list) for one in _objects(each)]
    return [schema, *found] if isinstance(schema, dict) and "properties" in schema else found


@pytest.mark.parametrize("name", ["post", "schedule", "config"])
def test_every_field_is_described_and_nothing_may_be_null(name: str) -> None:
    schema = json.loads(schema_text(name))
    rules = schema.pop("if", None)
    objects = _objects(schema)
    assert len(objects) >= 4
    assert rules is None or name != "config"
    assert '"null"' not in schema_text(name)
    for one in objects:
        assert one["additionalProperties"] is False
        fields = one["properties"].items()
        bare = [key for key, field in fields if not field.keys() & {"description", "$ref"}]
        assert bare == []


def _properties(schema: Any) -> Any:
    """Those of the file, or of a series when a file can be that or slots."""
    return schema.get("properties") or schema["else"]["properties"]


@pytest.mark.parametrize("name", ["post", "schedule", "config"])
def test_the_schema_knows_exactly_the_fields_of_the_model(name: str) -> None:
    model = {"post": Post, "schedule": Recurring, "config": Config}[name]
    fields = {field.alias or key for key, field in model.model_fields.items()}
    fields -= {"time", "schedule", "order"} if name == "schedule" else set()
    schema = json.loads(schema_text(name))
    assert set(_properties(schema)) == fields
    if name == "schedule":
        assert set(schema["then"]["properties"]) == set(Slots.model_fields)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"media": ["a.jpg", {"path": "b.jpg", "alt": "B", "tags": [{"user": "bob", "x": 0.5}]}]},
        {"draft": True, "late": {"grace": "1d 12h", "then": "hold"}, "cover_at": "1.5s"},
        {"overrides": {"acme": {"text": "x", "share_to_feed": False}}, "vars": {"a": [1]}},
        {"time": "2026-12-01T09:00:30+01:00"},
        {"time": "2026-12-01 09:00", "order": 3},
    ],
)
def test_what_is_right_passes(fields: dict[str, Any]) -> None:
    assert complaints("post", post(**fields)) == []


@pytest.mark.parametrize(
    "value",
    [
        post(hastags=["a"]),
        post(media="a.jpg"),
        post(media=[{"alt": "A"}]),
        post(time="12:30"),
        post(time="tomorrow"),
        post(draft="no"),
        post(type="carousell"),
        post(late={"grace": "90"}),
        post(overrides={"acme": {"account": "b"}}),
        post(accounts=["b"]),
        {"time": "2026-12-01 09:00"},
        {"account": "acme"},
        {"account": "acme", "draft": False},
        {"account": "acme", "time": "2026-12-01 09:00", "schedule": "mornings"},
    ],
    ids=str,
)
def test_what_validate_refuses_does_not_pass(value: dict[str, Any]) -> None:
    assert complaints("post", value) != []


def series(**fields: Any) -> dict[str, Any]:
    return {"account": "acme", "every": "monday 09:00", "text": "Hello", **fields}


@pytest.mark.parametrize(
    ("value", "fine"),
    [
        (series(), True),
        (series(start="2026-12-07", count=3, pool=["One", {"text": "Two"}]), True),
        (series(**{"except": [{"on": "2026-12-07", "skip": True}]}), True),
        (series(until="2026-12-31", cool_down="30d"), True),
        (series(time="2026-12-01 09:00"), False),
        (series(rule="FREQ=DAILY;BYHOUR=9"), False),
        (series(start="2026-12-07", count=3, until="2026-12-31"), False),
        (series(start="monday"), False),
        (series(**{"except": [{"skip": True}]}), False),
        ({"account": "acme", "text": "Hello"}, False),
        ({"slots": ["monday 09:00"], "blackout": ["2026-12-25"]}, True),
        ({"slots": ["monday 09:00"], "account": "acme"}, False),
        ({"slots": "monday 09:00"}, False),
    ],
    ids=str,
)
def test_series_are_checked_too(value: dict[str, Any], fine: bool) -> None:
    assert (complaints("schedule", value) == []) is fine


def test_a_draft_needs_no_time() -> None:
    assert complaints("post", {"accounts": ["acme"], "draft": True}) == []


@pytest.mark.parametrize(
    ("change", "fine"),
    [
        ({}, True),
        ({"token": "EAAGsecret"}, False),
        ({"login": "google"}, False),
        ({"min_gap": "30m"}, True),
        ({"min_gap": 30}, False),
        ({"api": "graph.example"}, False),
        ({"secret": "x"}, False),
    ],
)
def test_accounts_are_checked_too(change: dict[str, Any], fine: bool) -> None:
    account = {"platform": "instagram", "id": "1", "token": "env:T", **change}
    assert (complaints("config", {"accounts": {"acme": account}}) == []) is fine


def _yaml_of(path: Path) -> str:
    text = path.read_text()
    return text.split("---\n")[1] if path.suffix in MARKDOWN else text


def _examples(root: Path) -> list[Path]:
    paths = (path for path in sorted((root / "content").rglob("*")) if path.is_file())
    return [path for path in paths if is_post(path.relative_to(root).as_posix())]


def test_every_example_post_passes(project_root: Path) -> None:
    examples = _examples(project_root)
    assert len(examples) >= 3
    found = {
        path.name: complaints("post", document)
        for path in examples
        for document in as_editors_read(_yaml_of(path))
    }
    assert found == {path.name: [] for path in examples}


def test_the_example_configuration_passes(project_root: Path) -> None:
    (document,) = as_editors_read((project_root / "socialauto.yaml").read_text())
    assert complaints("config", document) == []


def test_yaml_examples_name_the_schema_for_editors(project_root: Path) -> None:
    written = [path for path in _examples(project_root) if path.suffix not in MARKDOWN]
    assert written
    for path in [*written, project_root / "socialauto.yaml"]:
        first = path.read_text().splitlines()[0]
        assert first.startswith(MODELINE)
        assert first.endswith(".schema.json")
