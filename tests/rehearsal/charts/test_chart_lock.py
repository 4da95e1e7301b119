"""The reader of the lock file."""

from pathlib import Path

import pytest

from rehearsal.charts.lock import read_lock


def test_an_entry_knows_its_host_and_path(lock: Path) -> None:
    entries = read_lock(lock)

    efs, karpenter = entries["efs"], entries["karpenter"]
    assert (efs.host, efs.path, efs.is_oci) == ("charts.example.com", "storage", False)
    assert (karpenter.host, karpenter.path, karpenter.is_oci) == (
        "public.ecr.aws",
        "karpenter/karpenter",
        True,
    )


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
