"""The table of codes: every row is found, has a class at each stage, and reads like a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from socialauto.adapters.instagram.errors import (
    RULES,
    Advice,
    GraphError,
    Rule,
    Stage,
    advice_for,
    read_error,
    rule_for,
)
from socialauto.core.outcome import ErrorClass

A = Advice
E = ErrorClass

# code, subcode; advice while preparing and at the visible call; class while preparing
DOCUMENTED = [
    (-2, 2207003, A.NEW, A.NEW, E.TRANSIENT),
    (-2, 2207020, A.NEW, A.NEW, E.TRANSIENT),
    (-1, 2207001, A.SAME, A.PROBE, E.TRANSIENT),
    (-1, 2207032, A.NEW, A.PROBE, E.TRANSIENT),
    (-1, 2207053, A.NEW, A.PROBE, E.TRANSIENT),
    (-1, 2207073, A.FIX, A.FIX, E.CONTENT),
    (1, 2207057, A.FIX, A.FIX, E.CONTENT),
    (4, 2207051, A.WAIT, A.PROBE, E.RATE_LIMITED),
    (9, 2207042, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (24, 2207006, A.AUTH, A.SAME, E.AUTH),
    (24, 2207008, A.SAME, A.PROBE, E.TRANSIENT),
    (25, 2207050, A.AUTH, A.AUTH, E.AUTH),
    (100, 2207023, A.FIX, A.FIX, E.CONTENT),
    (100, 2207028, A.FIX, A.FIX, E.CONTENT),
    (100, 2207035, A.FIX, A.FIX, E.CONTENT),
    (100, 2207036, A.FIX, A.FIX, E.CONTENT),
    (100, 2207037, A.FIX, A.FIX, E.CONTENT),
    (100, 2207040, A.FIX, A.FIX, E.CONTENT),
    (100, 33, A.AUTH, A.PROBE, E.AUTH),
    (352, 2207026, A.FIX, A.FIX, E.MEDIA),
    (9004, 2207052, A.REFETCH, A.REFETCH, E.MEDIA),
    (9007, 2207027, A.SAME, A.SAME, E.TRANSIENT),
    (36000, 2207004, A.FIX, A.FIX, E.MEDIA),
    (36001, 2207005, A.FIX, A.FIX, E.MEDIA),
    (36003, 2207009, A.FIX, A.FIX, E.MEDIA),
    (36004, 2207010, A.FIX, A.FIX, E.CONTENT),
    (None, 2207018, A.FIX, A.FIX, E.CONTENT),
    (None, 2207077, A.NEW, A.NEW, E.TRANSIENT),
    (None, 2207081, A.FIX, A.FIX, E.CONTENT),
    (None, 2207082, A.NEW, A.NEW, E.TRANSIENT),
    (None, 2207085, A.FIX, A.FIX, E.MEDIA),
    (None, 2207076, A.NEW, A.NEW, E.TRANSIENT),
    (None, 2207069, A.NEW, A.NEW, E.TRANSIENT),
    *((None, number, A.FIX, A.FIX, E.CONTENT) for number in range(9050, 9065)),
    (-1, None, A.SAME, A.PROBE, E.TRANSIENT),
    (1, None, A.SAME, A.PROBE, E.TRANSIENT),
    (2, None, A.SAME, A.PROBE, E.TRANSIENT),
    (3, None, A.AUTH, A.AUTH, E.AUTH),
    (4, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (10, None, A.AUTH, A.AUTH, E.AUTH),
    (17, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (32, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (100, None, A.FIX, A.FIX, E.CONTENT),
    (102, None, A.AUTH, A.AUTH, E.AUTH),
    *((190, number, A.AUTH, A.AUTH, E.AUTH) for number in (458, 459, 460, 463, 464, 467, 492)),
    (190, None, A.AUTH, A.AUTH, E.AUTH),
    (341, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (368, None, A.AUTH, A.AUTH, E.AUTH),
    (506, None, A.FIX, A.PROBE, E.CONTENT),
    (613, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (80001, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
    (80002, None, A.WAIT, A.WAIT, E.RATE_LIMITED),
]


def error(code: int | None, subcode: int | None, message: str = "") -> GraphError:
    return GraphError(code, subcode, message)


@pytest.mark.parametrize(("code", "subcode", "prepare", "publish", "kind"), DOCUMENTED)
def test_a_row_says_what_to_do_at_each_stage(
    code: int | None, subcode: int | None, prepare: Advice, publish: Advice, kind: ErrorClass
) -> None:
    found = error(code, subcode)
    rule = rule_for(found)

    assert rule is not None
    assert advice_for(found, Stage.PREPARE) is prepare
    assert advice_for(found, Stage.PUBLISH) is publish
    assert rule.kind(Stage.PREPARE) is kind


def test_the_table_has_these_rows_and_no_others() -> None:
    rows = [(rule.code, rule.subcode) for rule in RULES if not rule.word]

    assert sorted(rows, key=str) == sorted(((row[0], row[1]) for row in DOCUMENTED), key=str)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}/{rule.subcode}{rule.word}")
def test_a_read_only_ever_stops_for_a_person_or_a_limit(rule: Rule) -> None:
    assert rule.advice(Stage.READ) in (Advice.SAME, Advice.WAIT, Advice.AUTH)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: f"{rule.code}/{rule.subcode}{rule.word}")
def test_what_is_said_is_a_sentence_without_its_full_stop(rule: Rule) -> None:
    for part in (rule.says, rule.cure):
        assert not part.endswith((".", " ", ";"))
        assert "{" not in part.replace("{token}", "").replace("{renew}", "")
    assert len(rule.says) > 15


def test_a_subcode_means_the_same_under_any_code() -> None:
    assert rule_for(error(100, 2207018)) == rule_for(error(None, 2207018))
    assert rule_for(error(None, 2207026)) == rule_for(error(352, 2207026))
    assert rule_for(error(999, 9057)) == rule_for(error(None, 9057))


def test_small_subcodes_mean_something_only_with_their_code() -> None:
    assert rule_for(error(7, 33)) is None
    assert rule_for(error(7, 463)) is None


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID", E.CONTENT),
        ("INSTAGRAM_PLATFORM_API__INVALID_PARAM", E.CONTENT),
        ("INSTAGRAM_PLATFORM_API__PERMISSION", E.CONTENT),
    ],
)
def test_a_word_in_the_message_tells_more_than_its_code(word: str, kind: ErrorClass) -> None:
    rule = rule_for(error(100, None, f"(#100) {word}"))

    assert rule is not None
    assert rule.word == word
    assert rule.kind(Stage.PREPARE) is kind


def test_an_unknown_code_has_no_advice() -> None:
    for stage in Stage:
        assert advice_for(error(777, None), stage) is None
        assert advice_for(error(None, None), stage) is None


# the envelope


@pytest.mark.parametrize(
    ("envelope", "expected"),
    [
        ({}, GraphError(None, None, "", 400)),
        ({"code": 190, "error_subcode": 463}, GraphError(190, 463, "", 400)),
        ({"code": "190", "error_subcode": "463"}, GraphError(190, 463, "", 400)),
        ({"code": None, "error_subcode": {}}, GraphError(None, None, "", 400)),
        ({"code": "x", "error_subcode": 1e400}, GraphError(None, None, "", 400)),
        ({"code": 2, "is_transient": True}, GraphError(2, None, "", 400, transient=True)),
        ({"code": 2, "is_transient": "yes"}, GraphError(2, None, "", 400)),
        ({"code": 1, "fbtrace_id": "A1"}, GraphError(1, None, "", 400, trace="A1")),
        ({"code": 1, "message": "words"}, GraphError(1, None, "words", 400)),
        (
            {"code": 1, "message": "words", "error_user_msg": "kind words"},
            GraphError(1, None, "kind words", 400),
        ),
        (
            {"code": 1, "message": "(#1) tech", "error_user_msg": "kind words"},
            GraphError(1, None, "kind words ((#1) tech)", 400),
        ),
        ({"code": 1, "message": 7}, GraphError(1, None, "", 400)),
    ],
)
def test_an_envelope_is_read_as_far_as_it_goes(
    envelope: dict[str, Any], expected: GraphError
) -> None:
    assert read_error(400, {"error": envelope}) == expected


@pytest.mark.parametrize("body", [None, {}, {"id": "1"}, {"error": "text"}, {"error": []}])
def test_a_body_without_an_envelope_is_no_error(body: dict[str, Any] | None) -> None:
    assert read_error(400, body) is None


@pytest.mark.parametrize(
    ("found", "name"),
    [
        (GraphError(9004, 2207052, ""), "9004/2207052"),
        (GraphError(190, None, ""), "190"),
        (GraphError(None, 2207026, ""), "2207026"),
        (GraphError(None, None, "", status=403), "HTTP 403"),
    ],
)
def test_an_error_is_named_as_people_look_it_up(found: GraphError, name: str) -> None:
    assert found.name == name
