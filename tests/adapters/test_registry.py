import pytest

from socialauto.adapters import registry
from socialauto.core.errors import SocialautoError


@pytest.mark.parametrize("name", registry.BUILT_IN)
def test_every_built_in_platform_has_an_adapter(name: str) -> None:
    adapter = registry.adapter(name)

    assert adapter.platform == name
    assert adapter.capabilities.types
    assert callable(adapter.check)
    assert callable(adapter.connect)


def test_a_platform_that_nobody_serves_is_told_with_those_that_are_served() -> None:
    with pytest.raises(SocialautoError) as refused:
        registry.adapter("myspace")

    assert str(refused.value) == (
        f'no adapter for platform "myspace"; known platforms: {", ".join(registry.platforms())}'
    )


def test_an_adapter_of_a_third_party_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = object()

    class Point:
        name = "theirs"

        def load(self) -> object:
            return theirs

    def entry_points(group: str, name: str = "theirs") -> list[Point]:
        return [Point()] if (group, name) == (registry.GROUP, "theirs") else []

    monkeypatch.setattr(registry, "entry_points", entry_points)

    assert registry.adapter("theirs") is theirs
    assert registry.platforms() == (*registry.BUILT_IN, "theirs")
