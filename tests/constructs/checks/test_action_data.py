"""The reference of AWS's actions, as the rules read it."""

import pytest

from compute_plane.checks import actions
from compute_plane.checks.actions import action, known_services, matching


def test_an_action_tells_its_level_resources_and_condition_keys() -> None:
    found = action("EC2:terminateinstances")

    assert found is not None
    assert (found.name, found.access_level, found.mutates) == ("ec2:TerminateInstances", "Write", True)
    assert found.resource_arns == ["arn:${Partition}:ec2:${Region}:${Account}:instance/${InstanceId}"]
    assert {"aws:ResourceTag/${TagKey}", "ec2:ResourceTag/${TagKey}", "ec2:Region"} <= set(found.condition_keys)


def test_an_action_without_resource_level_has_no_arns() -> None:
    found = action("ec2:DescribeVpcs")

    assert found is not None
    assert (found.resource_arns, found.mutates) == ([], False)


@pytest.mark.parametrize("name", ["ec2:TerminateInstance", "nosuchservice:Do", "ec2", ""])
def test_what_aws_does_not_know_is_no_action(name: str) -> None:
    assert action(name) is None


def test_a_pattern_stands_for_the_actions_that_it_matches() -> None:
    assert [found.name for found in matching("sqs:Delete*")] == ["sqs:DeleteMessage", "sqs:DeleteQueue"]
    assert [found.name for found in matching("sqs:DeleteQueu?")] == ["sqs:DeleteQueue"]
    assert list(matching("sqs:Nothing*")) == []


def test_a_star_stands_for_every_service() -> None:
    first = next(matching("*")).name.partition(":")[0]

    assert first == known_services()[0]
    assert {"ec2", "iam", "s3"} <= set(known_services())


def test_data_in_another_format_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "SERVICE", b'": {"no such beginning":')

    with pytest.raises(ValueError, match="no service begins as the rules expect"):
        action("batch:SubmitJob")
