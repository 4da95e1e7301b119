"""CFN1 and HELM1: templates that deploy everywhere, and charts that fail as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compute_plane.checks.rule import Finding, Rule
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

CHART = "Custom::AWSCDK-EKS-HelmChart"
EXACT_VERSION = re.compile(r"v?\d+\.\d+\.\d+([-+][0-9A-Za-z.+-]+)?")
LONGEST_SECONDS = 600


def nested_stacks(template: Template) -> Iterator[Finding]:
    for logical_id, _ in template.of_type("AWS::CloudFormation::Stack"):
        yield Finding(logical_id, "NestedStack")


def charts(template: Template) -> Iterator[Finding]:
    for logical_id, properties in template.of_type(CHART):
        version = flatten(properties.get("Version"))
        asset = "ChartAssetURL" in properties
        if not EXACT_VERSION.fullmatch(version) and (version or not asset):
            yield Finding(logical_id, f"Version::{version or 'missing'}")
        for flag in ("Wait", "Atomic"):
            if properties.get(flag) not in (True, "true"):
                yield Finding(logical_id, f"Missing::{flag}")
        timeout = flatten(properties.get("Timeout"))
        seconds = re.fullmatch(r"(\d+)s", timeout)
        if not seconds or not 0 < int(seconds[1]) <= LONGEST_SECONDS:
            yield Finding(logical_id, f"Timeout::{timeout or 'missing'}")


RULES = (
    Rule(
        id="CFN1",
        title="No nested stacks",
        why="One template is deployed by StackSets across accounts, which refuse nested stacks",
        fix="Make the nested stack a construct.",
        check=nested_stacks,
    ),
    Rule(
        id="HELM1",
        title="A chart is exact, and its failure is CloudFormation's",
        why='004: «# helm_chart_version = "0.16.20" # Version override»; 004: «In some cases helm releases '
        "are already present on the cluster but not recorded in the terraform state.»",
        fix="An exact Version, Wait and Atomic, and a Timeout of at most 600s, so that Helm gives up before "
        "its Lambda function does.",
        check=charts,
    ),
)
