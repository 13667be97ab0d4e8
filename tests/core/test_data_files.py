from __future__ import annotations

import pytest

from socialauto.core.data_files import MAX_ROWS, is_data, name_of, read_data

PRODUCTS = {"door": {"price": "12.50", "sale": "no", "since": "0123", "tags": ["red", "1e3"]}}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("data/a.yaml", "door:\n  {price: 12.50, sale: no, since: 0123, tags: [red, 1e3]}\n"),
        (
            "data/a.json",
            '{"door": {"price": "12.50", "sale": "no", "since": "0123", "tags": ["red", 1e3]}}',
        ),
    ],
)
def test_every_value_is_text_as_it_is_written(path: str, text: str) -> None:
    assert read_data(text.encode(), path) == (PRODUCTS, [])


def test_numbers_and_booleans_of_json_are_text_too() -> None:
    text = (
        b'{"a": 1.50, "b": 12345678901234567890, "c": [true, false, null], "d": "\\ud83e\\udd56"}'
    )
    expected = {"a": "1.50", "b": "12345678901234567890", "c": ["true", "false", None], "d": "🥖"}
    assert read_data(text, "data/a.json") == (expected, [])


@pytest.mark.parametrize("separator", [",", ";"])
def test_a_table_is_a_list_of_its_rows(separator: str) -> None:
    rows = ['name, price\nDoor,12.50\n"Big\ndoor","1,50"\n\n'.replace(", ", ",")]
    text = rows[0].replace(",", separator).replace(f"1{separator}50", "1,50")
    expected = [{"name": "Door", "price": "12.50"}, {"name": "Big\ndoor", "price": "1,50"}]
    assert read_data(text.encode(), "data/a.csv") == (expected, [])


@pytest.mark.parametrize(
    ("path", "text", "finding"),
    [
        ("data/a.json", '{"a": 1,\n "b" 2}', "data/a.json:2:6: SA513 this is no JSON"),
        ("data/a.json", '{"a": 1,\n "a": 2}', 'data/a.json:2:1: SA513 "a" is here a second time'),
        ("data/a.json", '{"a": NaN}', "data/a.json:1:1: SA513 NaN is no JSON"),
        ("data/a.json", "[" * 40 + "]" * 40, "data/a.json:1:1: SA513 values are nested more than"),
        ("data/a.json", "[" * 100_000, "data/a.json:1:1: SA513 values are nested more than"),
        ("data/a.yaml", "a: 1\na: 2\n", 'data/a.yaml:2:1: SA110 "a" is here a second time'),
        ("data/a.yaml", "a: 1\n---\na: 2\n", "data/a.yaml:3:1: SA513 a data file is one document"),
        ("data/a.yaml", "a: &x 1\n", "data/a.yaml:1:4: SA111"),
        ("data/a.yaml", "", "data/a.yaml:1:1: SA101 the file is empty"),
        ("data/a.csv", "a,b\n1,2\n1,2,3\n", "data/a.csv:3:1: SA513 there are 3 cells here"),
        ("data/a.csv", 'a,b\n"x\ny",2\n1\n', "data/a.csv:4:1: SA513 there are 1 cells here"),
        ("data/a.csv", "a,,b\n", "data/a.csv:1:1: SA513 column 2 has no name"),
        ("data/a.csv", "a,a\n", 'data/a.csv:1:1: SA513 there are two columns "a"'),
        ("data/a.csv", 'a\n"x\n', "data/a.csv:1:1: SA513 this is no CSV: unexpected end of data"),
        ("data/a.csv", "a\n" + "1\n" * (MAX_ROWS + 1), "data/a.csv:5002:1: SA513 there are more"),
        ("data/a.yaml", "a: \xe4", "data/a.yaml:1:4: SA102"),
    ],
)
def test_a_bad_file_is_a_finding_with_its_line(path: str, text: str, finding: str) -> None:
    value, findings = read_data(text.encode("latin-1"), path)
    assert value is None
    assert len(findings) == 1
    assert str(findings[0]).startswith(finding)


def test_a_data_file_is_named_by_its_stem() -> None:
    assert name_of("data/products.yaml") == "products"
    assert [is_data(path) for path in ("data/a.CSV", "data/.a.csv", "data/x/a.csv", "a.csv")] == [
        True,
        False,
        False,
        False,
    ]
