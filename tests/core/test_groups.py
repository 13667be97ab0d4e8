from __future__ import annotations

import pytest

from socialauto.core.accounts import account_findings, in_groups, names_of, override_findings
from socialauto.core.compose import version_for
from socialauto.core.config import Config
from socialauto.core.reading import Source, read_posts

ACCOUNT = {"platform": "instagram", "id": "1", "token": "env:T"}
CONFIG = Config.model_validate(
    {
        "accounts": {"acme": ACCOUNT, "bakery": ACCOUNT, "club": ACCOUNT},
        "groups": {"brand": ["acme", "bakery"], "all": ["acme", "bakery", "club"]},
    }
)


def source(fields: str) -> Source:
    sources, findings = read_posts(f"---\n{fields}---\nHello.\n".encode(), "content/post.md")
    assert findings == []
    return in_groups(sources[0], CONFIG)


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("account: brand\n", ("acme", "bakery")),
        ("accounts: [brand]\n", ("acme", "bakery")),
        ("accounts: [club, brand]\n", ("club", "acme", "bakery")),
        ("accounts: [bakery, brand]\n", ("bakery", "acme")),
        ("accounts: [brand, all]\n", ("acme", "bakery", "club")),
        ("account: club\n", ("club",)),
    ],
)
def test_a_group_stands_for_its_accounts_and_each_is_there_once(
    fields: str, names: tuple[str, ...]
) -> None:
    post = source(fields)
    assert names_of(post) == names
    assert list(account_findings(post, CONFIG.accounts)) == []


OVERRIDES = """\
account: all
link: https://a.example
overrides:
  acme: {text: For Acme.}
  brand: {text: For the brand., hashtags: [brand]}
  all: {text: For all., location: "1"}
"""


def test_the_account_beats_its_groups_and_a_later_group_beats_an_earlier_one() -> None:
    post = source(OVERRIDES)
    texts = {name: version_for(post, name).text for name in names_of(post)}
    assert texts == {"acme": "For Acme.", "bakery": "For all.", "club": "For all."}
    acme = version_for(post, "acme").variant
    assert (acme.hashtags, acme.location, acme.link) == (("brand",), "1", "https://a.example")


def test_a_field_is_found_in_the_override_that_it_comes_from() -> None:
    version = version_for(source(OVERRIDES), "acme")
    fields = [version.field(name) for name in ("text", "hashtags.0", "location", "link")]
    assert fields == [
        "overrides.acme.text", "overrides.brand.hashtags.0", "overrides.all.location", "link",
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "count"), [("brand", 0), ("all", 0), ("bakery", 0), ("club", 1)])
def test_an_override_is_for_accounts_that_the_post_has(key: str, count: int) -> None:
    post = source(f"account: brand\noverrides: {{{key}: {{text: Hi.}}}}\n")
    assert len(list(override_findings(post))) == count
