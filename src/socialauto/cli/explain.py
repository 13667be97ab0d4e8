"""`socialauto explain`: what a finding's code means, and what to do about it."""

from __future__ import annotations

import click

from socialauto.cli.exits import DONE


@click.command("explain")
@click.argument("code", required=False)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
)
def command(code: str | None, style: str) -> int:
    """Explain a finding's CODE, such as SA203: what it means, why it matters, how to mend it.

    Without a CODE all of them are listed.
    """
    from socialauto.report import explain as report

    if code is None:
        click.echo(report.list_json() if style == "json" else report.list_text())
        return DONE
    found = report.explain(known_code(code))
    click.echo(report.as_json(found) if style == "json" else _wrapped(report.as_text(found)))
    return DONE


def known_code(text: str) -> str:
    """`sa203`, `203` and `SA2O3` are SA203; for what is no code there is a guess."""
    from socialauto.core.codes import CODES
    from socialauto.core.suggest import did_you_mean, quoted

    code = text.strip().upper()
    code = f"SA{code}" if code.isdecimal() else code
    code = code.replace("O", "0") if len(code) == 5 else code
    if code in CODES:
        return code
    by_title = {title: code for code, title in CODES.items()}
    hint = did_you_mean(code, CODES) or did_you_mean(text, by_title)
    for title, its_code in by_title.items():
        hint = hint.replace(title, its_code)
    hint = hint or '"socialauto explain" lists them'
    raise click.BadParameter(f"there is no code {quoted(text)}; {hint}", param_hint="CODE")


def _wrapped(text: str) -> str:
    """Sentences broken for the terminal; examples left as they are."""
    parts = (
        part if part.startswith("    ") else click.wrap_text(part, width=_width())
        for part in text.split("\n\n")
    )
    return "\n\n".join(parts)


def _width() -> int:
    from shutil import get_terminal_size

    return min(get_terminal_size().columns, 88)
