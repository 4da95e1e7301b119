"""The reader of the lock file."""

from pathlib import Path

import pytest

from rehearsal.charts.lock import read_lock

OTHERS = "    others:\n      - {version: 1.13.0, app_version: 1.13.0, digest: null}\n"


def test_an_entry_knows_its_host_and_path(lock: Path) -> None:
    entries = read_lock(lock)

    efs, karpenter = entries["efs"], entries["karpenter"]
    assert (efs.host, efs.path, efs.is_oci) == ("charts.example.com", "storage", False)
    assert (karpenter.host, karpenter.path, karpenter.is_oci) == (
        "public.ecr.aws",
        "karpenter/karpenter",
        True,
    )


def test_other_versions_of_a_chart_are_entries_of_their_own(lock: Path) -> None:
    lock.write_text(lock.read_text() + OTHERS)

    entries = read_lock(lock)

    first, other = entries["karpenter-crd"], entries["karpenter-crd-1.13.0"]
    assert (first.version, other.version, other.app_version, other.digest) == ("1.14.1", "1.13.0", "1.13.0", None)
    assert (other.chart, other.repository) == (first.chart, first.repository)


def test_another_version_that_says_too_little_is_refused(lock: Path) -> None:
    lock.write_text(lock.read_text() + OTHERS.replace("app_version: 1.13.0, ", ""))

    with pytest.raises(ValueError, match="karpenter-crd: others: .*expected a mapping of"):
        read_lock(lock)


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("https://", "http://", "expected https:// or oci://"),
        ("    app_version: 3.4.1\n", "", "efs has the keys"),
        ("digest: sha256:", "digest: ", "expected null or 'sha256:…'"),
        ("charts:", "chart:", "expected a mapping `charts`"),
    ],
)
def test_a_malformed_lock_file_is_refused(lock: Path, old: str, new: str, problem: str) -> None:
    lock.write_text(lock.read_text().replace(old, new))

    with pytest.raises(ValueError, match=problem):
        read_lock(lock)
