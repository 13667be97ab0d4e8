"""A call whose token has been accepted, and what an operation is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from socialauto.sandbox import wire
from socialauto.sandbox.errors import INVALID, RefusedError
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.fields import Field, parse_fields
from socialauto.sandbox.intake import Intake
from socialauto.sandbox.nodes import Medium, View
from socialauto.sandbox.state import Account, Token
from socialauto.sandbox.wire import Call
from socialauto.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Request:
    """A call whose token has been accepted."""

    call: Call
    token: Token
    view: View
    intake: Intake
    fault: Fault

    @property
    def world(self) -> World:
        return self.view.world

    @property
    def now(self) -> datetime:
        return self.view.now

    @property
    def fields(self) -> tuple[Field, ...]:
        return parse_fields(wire.as_text("fields", self.call.params.get("fields", "")))

    def account(self) -> Account:
        return self.token.sees(self.world.account(self.call.node, self.token))

    def medium(self) -> Medium:
        publication, container = self.world.medium(self.call.node, self.token, self.now)
        return Medium(self.call.node, publication, container)

    def next_page(self, after: str) -> str:
        """The address of the same list from behind the cursor `after`."""
        call = self.call
        params = {**call.params, "after": after}
        if call.token_in_query:
            # As the platform does: who sends the token in the query gets it back in the address.
            params["access_token"] = call.token
        return f"{call.base}{call.version}{call.path}?{urlencode(params)}"

    def instant(self, name: str) -> datetime | None:
        """A time as Unix seconds."""
        if name not in self.call.params:
            return None
        try:
            return datetime.fromtimestamp(wire.as_number(name, self.call.params[name]), UTC)
        except (OverflowError, OSError, ValueError) as error:
            raise RefusedError(
                INVALID.saying(f"(#100) Param {name} must be a Unix time.")
            ) from error


Reply = dict[str, Any]
Operation = Callable[[Request], Awaitable[Reply]]
