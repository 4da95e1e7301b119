"""Helm values are merged as Helm merges them."""

from hypothesis import given
from hypothesis import strategies as st

from compute_plane.merge import merge

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=6,
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def test_maps_merge_key_by_key_and_everything_else_is_replaced() -> None:
    base = {"controller": {"replicas": 2, "tags": {"a": "1"}}, "ports": [80, 443]}

    merged = merge(base, {"controller": {"tags": {"b": "2"}}, "ports": [8443], "extra": None})

    assert merged == {"controller": {"replicas": 2, "tags": {"a": "1", "b": "2"}}, "ports": [8443], "extra": None}


def test_merging_changes_neither_side() -> None:
    base, override = {"a": {"b": 1}}, {"a": {"c": 2}}

    merge(base, override)

    assert (base, override) == ({"a": {"b": 1}}, {"a": {"c": 2}})


@given(MAPS, MAPS)
def test_the_override_always_wins(base: dict[str, object], override: dict[str, object]) -> None:
    merged = merge(base, override)

    assert merge(merged, override) == merged
    assert merged.keys() == base.keys() | override.keys()
