"""JSON Schema of posts, schedules and configuration, made from the models for editors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from socialauto.core.config import Config
from socialauto.core.post import Post
from socialauto.core.schedule import Recurring, Slots

SchemaName = Literal["post", "schedule", "config"]

VERSION = 1
"""Of the format. Keys are added under the same number; a change of meaning gets a new one."""

_UNITS = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))

_POST_RULES: dict[str, Any] = {
    "oneOf": [{"required": ["account"]}, {"required": ["accounts"]}],
    "if": {"properties": {"draft": {"const": True}}, "required": ["draft"]},
    "else": {"oneOf": [{"required": ["time"]}, {"required": ["schedule"]}]},
}
"""One account or several; a time or slots unless it is a draft."""


_SCHEDULE_RULES: dict[str, Any] = {
    "allOf": [
        {"oneOf": [{"required": ["account"]}, {"required": ["accounts"]}]},
        {"oneOf": [{"required": ["every"]}, {"required": ["rule"]}]},
        {"not": {"required": ["count", "until"]}},
    ],
}
"""One account or several, one rule, one end."""


def duration_text(value: timedelta) -> str:
    """As people write it: 90m, 6h, 2d."""
    seconds = int(value.total_seconds())
    unit, length = next((pair for pair in _UNITS if seconds and seconds % pair[1] == 0), ("m", 60))
    return f"{seconds // length}{unit}"


class _ForEditors(GenerateJsonSchema):
    """What people write: values are never null, and names need no second title."""

    def generate(self, schema: CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        return {"$schema": self.schema_dialect, **super().generate(schema, mode)}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        made = super().default_schema(schema)
        if made.get("default") in (None, {}, []) or isinstance(made.get("default"), dict):
            made.pop("default", None)
        return made

    def encode_default(self, dft: Any) -> Any:
        return duration_text(dft) if isinstance(dft, timedelta) else super().encode_default(dft)

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def schema_of(name: SchemaName) -> dict[str, Any]:
    """JSON Schema 2020-12; unknown keys are refused, times and durations are strings."""
    made = _schema(name)
    return {"$schema": made.pop("$schema"), "$id": f"urn:socialauto:{name}:{VERSION}", **made}


def _schema(name: SchemaName) -> dict[str, Any]:
    if name == "config":
        return Config.model_json_schema(schema_generator=_ForEditors)
    if name == "schedule":
        made = Recurring.model_json_schema(schema_generator=_ForEditors)
        for key in ("time", "schedule", "order"):  # a rule takes their place
            del made["properties"][key]
        del made["$defs"]["Override"]["properties"]["time"]
        slots = Slots.model_json_schema(schema_generator=_ForEditors)
        head = {"$schema": made.pop("$schema"), "$defs": made.pop("$defs")}
        slots.pop("$schema")
        return {
            **head,
            "if": {"required": ["slots"]},
            "then": slots,
            "else": made | _SCHEDULE_RULES,
        }
    return {**Post.model_json_schema(schema_generator=_ForEditors), **_POST_RULES}
