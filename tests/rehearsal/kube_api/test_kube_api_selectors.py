"""Label and field selectors."""

import pytest

from rehearsal.kube_api.errors import ApiError
from rehearsal.kube_api.selectors import selector

OBJECT = {
    "metadata": {"name": "web", "namespace": "apps", "labels": {"app": "web", "tier": "front"}},
    "status": {"phase": "Running"},
}


@pytest.mark.parametrize(
    "labels",
    ["", "app=web", "app==web", "app!=db", "app", "!gone", "app in (web,db)", "app notin (db)", "app=web,tier"],
)
def test_matching_label_selectors_select(labels: str) -> None:
    selected = selector(labels)(OBJECT)

    assert selected


@pytest.mark.parametrize(
    "labels", ["app=db", "app!=web", "gone", "!app", "app in (db)", "app notin (web, db)", "app=web,gone"]
)
def test_other_label_selectors_do_not(labels: str) -> None:
    selected = selector(labels)(OBJECT)

    assert not selected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("metadata.name=web,metadata.namespace=apps", True),
        ("metadata.name=db", False),
        ("status.phase!=Running", False),
        ("spec.nodeName=", True),
    ],
)
def test_field_selectors_read_any_path(fields: str, expected: bool) -> None:
    selected = selector(fields=fields)(OBJECT)

    assert selected is expected


def test_an_unreadable_selector_is_refused() -> None:
    with pytest.raises(ApiError, match="unable to parse requirement"):
        selector("app in web")
