"""CFN1 and HELM1, each firing and staying silent."""

from typing import Any

import pytest

from compute_plane.checks.deployment import charts, nested_stacks
from compute_plane.checks.rule import Finding
from compute_plane.checks.template import Template

CHART = {"Chart": "istiod", "Version": "1.29.1", "Wait": True, "Atomic": True, "Timeout": "600s"}


def test_cfn1_reports_nested_stacks() -> None:
    resources = {"Nested": {"Type": "AWS::CloudFormation::Stack"}, "Bucket": {"Type": "AWS::S3::Bucket"}}

    assert list(nested_stacks(Template({"Resources": resources}))) == [Finding("Nested", "NestedStack")]
    assert list(nested_stacks(Template({"Resources": {"Bucket": resources["Bucket"]}}))) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"Version": "v3.5.0-rc.1+build"}, []),
        ({"Version": None, "ChartAssetURL": "s3://bucket/chart.zip"}, []),
        ({"Version": None}, ["Version::missing"]),
        ({"Version": "1.x"}, ["Version::1.x"]),
        ({"Version": ">=1.29.1"}, ["Version::>=1.29.1"]),
        ({"Wait": None}, ["Missing::Wait"]),
        ({"Atomic": False}, ["Missing::Atomic"]),
        ({"Timeout": None}, ["Timeout::missing"]),
        ({"Timeout": "601s"}, ["Timeout::601s"]),
        ({"Timeout": "15m"}, ["Timeout::15m"]),
    ],
)
def test_helm1_wants_an_exact_atomic_release_that_ends_in_time(changes: Any, expected: list[str]) -> None:
    properties = {key: value for key, value in {**CHART, **changes}.items() if value is not None}
    chart = {"Type": "Custom::AWSCDK-EKS-HelmChart", "Properties": properties}

    assert list(charts(Template({"Resources": {"It": chart}}))) == [Finding("It", detail) for detail in expected]
