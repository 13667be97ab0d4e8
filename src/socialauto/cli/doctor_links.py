"""What `doctor` looks at in the links of posts to come, when the team has a policy about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from socialauto.cli.probing import SkipCheckError
from socialauto.core.checkup import Check, Status

if TYPE_CHECKING:
    from socialauto.cli.doctor_repository import Repository

_UNCLEAR = "SA812"


def look_at_links(place: Repository) -> Check:
    """Every page asked once; the worst of the findings is named."""
    from socialauto.cli.link_asking import ask_links
    from socialauto.repository.worktree import WorkTree

    policy = place.config.policies.link_answers
    if policy is None or policy.severity == "off":
        raise SkipCheckError("policies: has no link_answers, so no page is asked")
    place.needs_network()
    asked = ask_links(place.loaded, WorkTree(place.root), now=place.clock.now())
    found = [one for one in asked.findings if one.severity != "info"]
    gone = [one for one in found if one.code != _UNCLEAR]
    pages = f"{asked.pages} page{'' if asked.pages == 1 else 's'} asked"
    if not found:
        words = f"{pages}, and there" if asked.pages else "no post to come has a link"
        return Check("links", Status.OK, words)
    first = (gone or found)[0]
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    words = f"{pages}; {first.path}:{first.line}: {first.message}{more}"
    failed = gone and policy.severity == "error"
    status = Status.FAIL if failed else Status.WARN
    return Check("links", status, words, '"socialauto validate --links" shows all')
