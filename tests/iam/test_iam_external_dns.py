"""ExternalDNS without the right to delete: the same cases as with it, of which only the deletions fail."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from compute_plane.simulation.assembly import Assembly
from compute_plane.simulation.evaluator import evaluate
from compute_plane.simulation.plane import Plane
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Table, Vocabulary, read

ACCOUNT = "111122223333"
CHANGES = "route53:ChangeResourceRecordSetsActions"
SETTINGS = {
    "hosted_zone_ids": ["Z0123456789ABCDEFGHIJ", "Z9876543210ZYXWVUTSRQ"],
    "domains": ["apps.example.com", "example.org"],
    "policy": "upsert-only",
}


def test_upsert_only_forbids_deletions_and_nothing_else(
    configuration: dict[str, Any], tables: dict[str, Table], synthesize: Callable[..., Path]
) -> None:
    plane = Plane(Assembly(synthesize(configuration | {"addons": {"external-dns": SETTINGS}}), ACCOUNT), "test")
    things = read(Path(__file__).parent / "things.yaml", Vocabulary)

    cases = Suite(plane, things, {"external-dns": tables["external-dns"]}).cases["external-dns"]
    refused = [
        case for case in cases if case.expected == "allowed" and not evaluate(case.request, case.policies).allowed
    ]

    assert refused
    assert refused == [
        case for case in cases if case.expected == "allowed" and "DELETE" in case.request.context.get(CHANGES, [])
    ]
    assert all(case.expects(evaluate(case.request, case.policies)) for case in cases if case not in refused)
