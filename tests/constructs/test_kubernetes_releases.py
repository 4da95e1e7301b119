"""What an operator hears about the support of a Kubernetes version, by the date."""

from datetime import date, timedelta

import pytest

from compute_plane.kubernetes_releases import SOON_DAYS, Release, releases

RELEASE = Release("1.35", standard_until=date(2027, 3, 27), extended_until=date(2028, 3, 27), kubectl_layer="v35")


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2027, 3, 27) - timedelta(days=SOON_DAYS + 1), None),
        (date(2027, 3, 27) - timedelta(days=SOON_DAYS), "standard support ends on 2027-03-27; plan the upgrade"),
        (date(2027, 3, 26), "standard support ends on 2027-03-27; plan the upgrade"),
        (date(2027, 3, 27), "standard support ended on 2027-03-27; the control plane costs six times as much"),
        (date(2028, 3, 26), "standard support ended on 2027-03-27; the control plane costs six times as much"),
        (date(2028, 3, 27), "extended support ended on 2028-03-27; EKS no longer creates it"),
    ],
)
def test_the_warning_follows_the_support_dates(today: date, expected: str | None) -> None:
    warning = RELEASE.warning(today)

    if expected is None:
        assert warning is None
    else:
        assert warning is not None
        assert warning.startswith(f"Kubernetes 1.35: {expected}")


def test_a_release_without_dates_has_no_warning() -> None:
    release = Release("1.36", standard_until=None, extended_until=None, kubectl_layer="v36")

    warning = release.warning(date(2040, 1, 1))

    assert warning is None


def test_the_table_is_in_order_and_its_dates_are_dates() -> None:
    table = list(releases().values())

    assert [release.version for release in table] == sorted(
        releases(), key=lambda version: int(version.removeprefix("1."))
    )
    ends = [(release.standard_until, release.extended_until) for release in table]
    dated = [(standard, extended) for standard, extended in ends if standard and extended]
    assert len(dated) > 5
    assert all(isinstance(standard, date) and standard < extended for standard, extended in dated)
