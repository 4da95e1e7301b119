"""The data reader: what it may read, and what the owners of the buckets are given to let it in."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.rendered import json_of
from compute_plane.checks.template import Template
from compute_plane.iam.flatten import flatten

Raw = dict[str, Any]


@pytest.fixture
def addons(root: Path, templates: Callable[..., dict[str, Template]]) -> Callable[[str], Template]:
    """The Addons stack of an environment for tests."""

    def read(name: str) -> Template:
        file = root / "tests" / "environments" / f"{name}.yaml"
        return templates(file.read_text(encoding="utf-8"))["Addons"]

    return read


def role(template: Template, name: str) -> tuple[str, Raw]:
    [found] = [(id, dict(each)) for id, each in template.of_type("AWS::IAM::Role") if each.get("RoleName") == name]
    return found


def inline(template: Template, name: str) -> dict[str, list[Raw]]:
    policies = role(template, name)[1]["Policies"]
    return {policy["PolicyName"]: policy["PolicyDocument"]["Statement"] for policy in policies}


def test_the_data_reader_reads_the_named_buckets_and_decrypts_with_the_named_keys(
    addons: Callable[[str], Template],
) -> None:
    policies = inline(addons("platform"), "cp-euc1-plat-dal")

    listed, read = policies["data-reader"]
    buckets = [f"arn:<AWS::Partition>:s3:::{name}" for name in ("radiology-images", "clinical-trials")]
    assert [flatten(each) for each in listed["Resource"]] == buckets
    assert [flatten(each) for each in read["Resource"]] == [f"{bucket}/*" for bucket in buckets]
    [decrypt] = policies["data-reader-kms"]
    assert decrypt["Resource"] == ["arn:aws:kms:eu-central-1:555566667777:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"]
    assert set(inline(addons("platform-vendor"), "cp-euc1-vend-dal")) == {"data-reader"}


def test_each_bucket_that_is_not_ours_has_a_policy_to_paste(addons: Callable[[str], Template]) -> None:
    template = addons("platform")
    reader, _ = role(template, "cp-euc1-plat-dal")

    printed = [
        json_of(output["Value"])
        for name, output in sorted(template.outputs.items())
        if name.startswith("DataReaderBucketPolicy")
    ]
    for policy, bucket in zip(printed, ("radiology-images", "clinical-trials"), strict=True):
        arn = f"arn:<AWS::Partition>:s3:::{bucket}"
        assert [(each["Action"], each["Resource"]) for each in policy["Statement"]] == [
            ("s3:ListBucket", arn),
            ("s3:GetObject", f"{arn}/*"),
        ]
        assert {each["Principal"]["AWS"] for each in policy["Statement"]} == {f"<{reader}.Arn>"}
