"""`socialauto schema`: JSON Schema for editors and other tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import click

from socialauto.cli.exits import DONE

if TYPE_CHECKING:
    from socialauto.core.json_schema import SchemaName


NAMES = ("post", "schedule", "config")


def schema_text(name: str) -> str:
    """The schema of `post`, `schedule` or `config`, ready to be written to a file."""
    from socialauto.core.json_schema import schema_of

    schema = schema_of(cast("SchemaName", name))
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


@click.command("schema")
@click.argument("name", metavar="post|schedule|config", type=click.Choice(NAMES))
def command(name: str) -> int:
    """Print the JSON Schema of a post, of a schedule or of socialauto.yaml.

    An editor that knows it completes and checks YAML while you type. Name it in the first line of
    a YAML post: # yaml-language-server: $schema=schemas/post.schema.json
    """
    click.echo(schema_text(name), nl=False)
    return DONE
