"""The document of add-ons says what they and the lock file say."""

from compute_plane.addons import ADDONS
from compute_plane.addons.catalogue import DOCUMENT, document


def test_the_document_is_not_stale() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "stale: run `make docs`"


def test_every_add_on_has_its_row_and_every_dependency_its_arrow() -> None:
    written = document().splitlines()

    rows = [line.split("`")[1] for line in written if line.startswith("| `")]
    assert [addon.name for addon in ADDONS] == rows[: len(ADDONS)]
    arrows = [line for line in written if "-->" in line or ".->" in line]
    assert len(arrows) == sum(len(addon.depends_on) + len(addon.may_depend_on) for addon in ADDONS)
    assert "  istio-base --> istiod" in arrows
