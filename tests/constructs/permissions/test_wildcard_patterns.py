"""Patterns contain and meet each other as the texts that they stand for do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compute_plane.permissions.patterns import covers, overlap

patterns = st.text(alphabet="ab*?", max_size=5)
texts = st.text(alphabet="ab", max_size=6)


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        ("*", "*", True),
        ("arn:role/ours-*", "arn:role/ours-network-*", True),
        ("arn:role/ours-network-*", "arn:role/ours-*", False),
        ("arn:role/ours-?", "arn:role/ours-*", False),
        ("arn:role/ours", "arn:role/ours", True),
        ("arn:role/ours", "arn:role/oursX", False),
        ("a.b", "axb", False),
    ],
)
def test_a_pattern_covers_another_only_if_it_takes_all_of_it(outer: str, inner: str, expected: bool) -> None:
    assert covers(outer, inner) == expected


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("arn:db:ours-*", "arn:db:*", True),
        ("arn:db:ours-*", "arn:pg:*", False),
        ("ours-*-x", "*-network-*", True),
        ("ours-?", "ours-", False),
        ("", "*", True),
    ],
)
def test_patterns_overlap_if_one_text_can_be_both(first: str, second: str, expected: bool) -> None:
    assert overlap(first, second) == expected
    assert overlap(second, first) == expected


@given(patterns, patterns, texts)
def test_a_text_of_both_patterns_shows_that_they_overlap(first: str, second: str, text: str) -> None:
    both = covers(first, text) and covers(second, text)

    assert not both or overlap(first, second)


@given(patterns, patterns, texts)
def test_what_is_covered_holds_no_text_that_the_cover_lacks(outer: str, inner: str, text: str) -> None:
    assert not (covers(outer, inner) and covers(inner, text)) or covers(outer, text)
