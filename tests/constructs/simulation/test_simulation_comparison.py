"""Attacks are counted on our policies and on somebody else's, by the same requests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.simulation.comparison import compare, filled, markdown
from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.suite import Suite

ATTACKS = {"does": "ec2:TerminateInstances", "on": "instance", "of": ["another cluster", "nobody"], "is": "denied"}
OWN = {"does": "ec2:TerminateInstances", "on": "instance", "is": "allowed"}


def published(**condition: Any) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Action": "ec2:*", "Resource": "*", "Condition": condition}
    return {"Version": "2012-10-17", "Statement": [statement]}


@pytest.mark.parametrize(
    ("condition", "stopped"),
    [
        ({}, {"other-cluster": 0, "untagged": 0, "foreign": 0}),
        ({"Null": {"aws:ResourceTag/owner": "false"}}, {"other-cluster": 0, "untagged": 1, "foreign": 0}),
        (
            {"StringEquals": {"aws:ResourceTag/owner": "${aws:PrincipalTag/eks-cluster-name}"}},
            {"other-cluster": 1, "untagged": 1, "foreign": 0},
        ),
    ],
)
def test_attacks_that_a_published_policy_stops_are_counted_by_kind(
    condition: dict[str, Any], stopped: dict[str, int], suite: Callable[..., Suite]
) -> None:
    rows = [case for case in suite(OWN, ATTACKS).cases["reader"] if case.request.action.startswith("ec2:")]

    found = compare("reader", "theirs", rows, [published(**condition)], "blue")

    assert found.attacks == {"other-cluster": 1, "untagged": 1, "foreign": 0}
    assert found.ours == 2
    assert found.stopped == stopped
    assert f"| reader | theirs | 2 | 2 | {sum(stopped.values())} |" in markdown([found])


def test_placeholders_of_published_files_are_filled_in(tmp_path: Path) -> None:
    file = tmp_path / "published.json"
    file.write_text('{"Statement": ["${ClusterName}", "${aws:PrincipalTag/x}"]}')

    assert filled([file], {"ClusterName": "blue"}) == [{"Statement": ["blue", "${aws:PrincipalTag/x}"]}]
    with pytest.raises(SimulationError, match=r"published.json: no value for \$\{ClusterName\}; known are \['Vpc'\]"):
        filled([file], {"Vpc": "vpc-1"})
