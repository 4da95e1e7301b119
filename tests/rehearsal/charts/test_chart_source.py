"""Where a chart's content comes from."""

from collections.abc import Callable
from pathlib import Path

import pytest

from rehearsal.charts import ChartSource
from rehearsal.charts.archives import pack

CHART = ("aws-load-balancer-controller", "3.5.0")
Folder = Callable[..., Path]


def other(chart: str = CHART[0], version: str = CHART[1], crds: bytes = b"") -> bytes:
    return pack(chart, {"Chart.yaml": f"name: {chart}\nversion: {version}\n".encode(), "crds/a.yaml": crds})


def test_a_given_archive_with_the_digest_of_the_lock_is_equal(lock: Path, folder: Folder, published: bytes) -> None:
    source = ChartSource(lock, folder(a=published), None, None)

    archive = source.find(*CHART)

    assert (archive.data, archive.digest_state) == (published, "digest equal")
    assert archive.origin.startswith("archive ") and archive.origin.endswith("a.tgz")


def test_a_given_archive_with_another_digest_is_used_and_reported(lock: Path, folder: Folder) -> None:
    source = ChartSource(lock, folder(a=other()), None, None)

    archive = source.find(*CHART)

    assert (archive.data, archive.digest_state) == (other(), "digest different")


def test_of_two_given_archives_the_published_one_wins(lock: Path, folder: Folder, published: bytes) -> None:
    source = ChartSource(lock, folder(a=other(), b=published), None, None)

    archive = source.find(*CHART)

    assert archive.digest_state == "digest equal"


def test_a_given_archive_of_a_chart_without_a_published_digest_is_unknown(lock: Path, folder: Folder) -> None:
    source = ChartSource(lock, folder(a=other("base", "1.30.3")), None, None)

    archive = source.find("base", "1.30.3")

    assert (archive.digest_state, archive.crds) == ("digest unknown", "none")


def test_an_archive_of_another_version_is_not_used(lock: Path, folder: Folder) -> None:
    source = ChartSource(lock, folder(a=other(version="3.4.0")), None, None)

    archive = source.find(*CHART)

    assert archive.origin == "stand-in"


def test_the_cache_is_used_only_for_verified_archives(lock: Path, folder: Folder, published: bytes) -> None:
    wrong = ChartSource(lock, None, folder(a=other(), b=other("base", "1.30.3")), None)
    unverified = [wrong.find(*CHART).origin, wrong.find("base", "1.30.3").origin]

    right = ChartSource(lock, None, folder(c=published), None)
    verified = right.find(*CHART)

    assert unverified == ["stand-in", "stand-in"]
    assert (verified.data, verified.digest_state) == (published, "digest equal")
    assert verified.origin.startswith("cache ")


def test_definitions_in_an_archive_are_real(lock: Path, folder: Folder) -> None:
    definition = b"kind: CustomResourceDefinition\n"
    source = ChartSource(lock, folder(a=other(crds=definition)), None, None)

    archive = source.find(*CHART)

    assert archive.crds == "real"


def test_a_chart_that_is_not_locked_is_named_with_those_that_are(lock: Path) -> None:
    source = ChartSource(lock, None, None, None)

    with pytest.raises(LookupError, match=r"no chart base 1.29.0 .*'base 1.30.3'"):
        source.find("base", "1.29.0")


def test_a_file_that_is_no_chart_is_refused_by_name(lock: Path, folder: Folder) -> None:
    source = ChartSource(lock, folder(broken=b"not a tarball"), None, None)

    with pytest.raises(ValueError, match=r"broken\.tgz: not a chart archive"):
        source.find(*CHART)
