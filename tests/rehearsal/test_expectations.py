from pathlib import Path
from typing import Any

import pytest

from rehearsal import expectations as expect
from rehearsal.cdk import Run
from rehearsal.expectations import HELM_CHART, Mismatch

EMPTY: dict[str, Any] = {"stacks": {"CDKToolkit": "CREATE_COMPLETE"}, "resources": [], "leftovers": []}


def event(status: str, type: str = HELM_CHART) -> dict[str, Any]:
    return {"stack": "addons", "logical_id": "Chart", "type": type, "status": status}


def release(revision: int, status: str) -> dict[str, Any]:
    labels = {"owner": "helm", "name": "istiod", "version": str(revision), "status": status}
    return {"kind": "Secret", "metadata": {"name": f"v{revision}", "labels": labels}}


def run(tmp_path: Path, code: int, output: str) -> Run:
    log = tmp_path / "log"
    log.write_text(output)
    return Run(code, log)


def test_a_failed_command_shows_the_end_of_its_log(tmp_path: Path) -> None:
    with pytest.raises(Mismatch, match="helm said no"):
        expect.succeeded(run(tmp_path, 1, "many lines\nhelm said no"))


def test_a_command_that_should_fail_must_fail_and_say_why(tmp_path: Path) -> None:
    expect.failed(run(tmp_path, 1, "refused: protected"), saying="protected")

    with pytest.raises(Mismatch, match="succeeded"):
        expect.failed(run(tmp_path, 0, "protected"), saying="protected")
    with pytest.raises(Mismatch, match="without saying"):
        expect.failed(run(tmp_path, 1, "something else"), saying="protected")


def test_a_second_deployment_may_touch_nothing() -> None:
    expect.nothing_happened([])

    with pytest.raises(Mismatch, match="addons/Chart UPDATE_COMPLETE"):
        expect.nothing_happened([event("UPDATE_COMPLETE")])


def test_one_changed_value_is_one_helm_upgrade() -> None:
    expect.one_upgrade([event("UPDATE_IN_PROGRESS"), event("UPDATE_COMPLETE")])

    for events in ([], [event("UPDATE_COMPLETE")] * 2, [event("UPDATE_COMPLETE", "AWS::EKS::Addon")]):
        with pytest.raises(Mismatch):
            expect.one_upgrade(events)


def test_the_deployed_revision_counts() -> None:
    expect.revision_is([release(1, "superseded"), release(2, "deployed")], "istiod", 2)

    with pytest.raises(Mismatch, match="revision 2"):
        expect.revision_is([release(1, "deployed")], "istiod", 2)


def test_what_is_left_must_be_what_is_kept() -> None:
    kept = {"type": "AWS::S3::Bucket", "id": "b", "stack": "data", "logical_id": "Bucket"}
    expect.only_retained_is_left({**EMPTY, "retained": [kept], "snapshots": []}, ["AWS::S3::Bucket"])

    left_over = {"kind": "Service", "namespace": "default", "name": "web", "cluster": "dev"}
    for wrong in (
        {**EMPTY, "retained": [], "snapshots": []},
        {**EMPTY, "retained": [kept], "snapshots": [], "leftovers": [left_over]},
        {**EMPTY, "retained": [kept], "snapshots": [], "stacks": {"dev-network": "DELETE_FAILED"}},
    ):
        with pytest.raises(Mismatch):
            expect.only_retained_is_left(wrong, ["AWS::S3::Bucket"])
