"""The YAML parser for a PyYAML that was built without libyaml."""

from __future__ import annotations

from yaml.error import Mark
from yaml.events import Event
from yaml.parser import Parser, ParserError
from yaml.reader import Reader
from yaml.scanner import Scanner


class PureParser(Reader, Scanner, Parser):
    """PyYAML's own reader, scanner and parser, without the composer that recurses."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def get_event(self) -> Event | None:
        try:
            event: Event | None = super().get_event()  # type: ignore[no-untyped-call] # bare stubs
        except (ValueError, OverflowError) as error:  # "\UFFFFFFFF" is no character
            mark: Mark = self.get_mark()
            raise ParserError(None, None, "found unknown escape character", mark) from error
        return event
