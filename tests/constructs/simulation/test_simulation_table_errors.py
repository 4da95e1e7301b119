"""A row that makes no sense, and a file that is no table, are errors that say where."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Table, read

Raw = dict[str, Any]
MakeSuite = Callable[..., Suite]
TERMINATE: Raw = {"does": "ec2:TerminateInstances", "on": "instance", "is": "allowed"}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"does": "ec2:FlyInstances", "is": "denied"}, "reference has no action 'ec2:FlyInstances'"),
        ({"does": "ec2:TerminateInstances", "on": "queue", "is": "denied"}, "does not work on arn:aws:sqs"),
        ({"does": "ec2:DescribeInstances", "on": "instance", "is": "denied"}, "has no resource level"),
        (TERMINATE | {"on": "castle"}, "no thing is called 'castle'; known are"),
        (TERMINATE | {"of": "another VPC"}, "'another VPC' changes nothing of"),
        ({"does": "s3:ListBucket", "on": "bucket", "of": "another cluster", "is": "denied"}, "says whose it is"),
        (TERMINATE | {"when": {"kms:ViaService": "x"}}, "does not know the condition keys \\['kms:ViaService'\\]"),
        (TERMINATE | {"by": "somebody"}, "'somebody' is no role of the plane, no service and no ARN"),
        (
            {"does": "elasticfilesystem:ClientMount", "on": "file system", "is": "denied"},
            "the plane has no FILE_SYSTEM",
        ),
    ],
)
def test_a_row_that_makes_no_sense_is_an_error_with_its_table(row: Raw, message: str, suite: MakeSuite) -> None:
    with pytest.raises(SimulationError, match=f"reader.yaml on blue: .*{message}"):
        _ = suite(row).cases


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"cases": []}, "is about one of: a `role`"),
        ({"role": "x"}, "says by whom it is `assumed_by`"),
        ({"policy_of": "x", "cases": [{"does": "a:B", "is": "maybe"}]}, "cases.0.is: Input should be 'allowed'"),
        ({"policy_of": "x", "cases": [{"does": "a:B", "is": "denied", "on": "y", "makes": "z"}]}, "not both"),
        ({"policy_of": "x", "cases": [{"does": "a:B", "is": "denied", "whose": "y"}]}, "cases.0.whose: Extra inputs"),
    ],
)
def test_a_file_that_is_no_table_is_an_error_with_its_name(table: Raw, message: str, tmp_path: Path) -> None:
    file = tmp_path / "reader.yaml"
    file.write_text(str(table))

    with pytest.raises(SimulationError, match=f"reader.yaml: .*{message}"):
        read(file, Table)


def test_a_row_needs_an_action() -> None:
    with pytest.raises(ValidationError):
        Table.model_validate({"policy_of": "x", "cases": [{"does": [], "is": "denied"}]})
