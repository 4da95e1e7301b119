"""What must be true after a step. Each function raises Mismatch, in words a reader can act on."""

from collections.abc import Iterable, Mapping
from typing import Any

from rehearsal.cdk import Run
from rehearsal.live import STACK
from rehearsal.stand_in import tail

HELM_CHART = "Custom::AWSCDK-EKS-HelmChart"


class Mismatch(Exception):
    """A step did something else than it should."""


def succeeded(run: Run) -> None:
    if run.code != 0:
        raise Mismatch(f"the CDK CLI exited with {run.code}; the end of {run.log}:\n" + "\n".join(tail(run.log)))


def failed(run: Run, *, saying: str) -> None:
    if run.code == 0:
        raise Mismatch("the CDK CLI succeeded, where it had to fail")
    if saying not in run.output:
        raise Mismatch(f"the CDK CLI failed without saying '{saying}'; see {run.log}")


def stacks_are(state: Mapping[str, Any], expected: Mapping[str, str]) -> None:
    found = {name: state["stacks"].get(name) for name in expected}
    if found != dict(expected):
        raise Mismatch(f"stacks should be {dict(expected)}, and are {found}")


def nothing_happened(events: Iterable[Mapping[str, Any]]) -> None:
    touched = sorted({f"{event['stack']}/{event['logical_id']} {event['status']}" for event in events})
    if touched:
        raise Mismatch(f"a second deployment must change nothing, and changed {touched}")


def one_upgrade(events: Iterable[Mapping[str, Any]]) -> None:
    """Exactly one resource changed, and it is a Helm release."""
    updated = [event for event in events if event["type"] != STACK and event["status"] == "UPDATE_COMPLETE"]
    if [event["type"] for event in updated] != [HELM_CHART]:
        raise Mismatch(f"one chart had to change, and these did: {[event['logical_id'] for event in updated]}")


def revision_is(objects: Iterable[Mapping[str, Any]], release: str, expected: int) -> None:
    """Helm keeps each revision of a release in a Secret; the deployed one counts."""
    labels = [each["metadata"].get("labels") or {} for each in objects if each["kind"] == "Secret"]
    deployed = [
        int(label["version"])
        for label in labels
        if label.get("owner") == "helm" and label.get("name") == release and label.get("status") == "deployed"
    ]
    if deployed != [expected]:
        raise Mismatch(f"release {release} should be at revision {expected}; deployed revisions are {deployed}")


def nothing_missing(state: Mapping[str, Any]) -> None:
    """No pod waits for a Secret or ConfigMap that nobody makes; only a real control plane has pods."""
    if missing := state["kubernetes"].get("missing"):
        raise Mismatch("pods could not start:\n" + "\n".join(missing))


def only_retained_is_left(state: Mapping[str, Any], retained: Iterable[str]) -> None:
    """No stack, no resource, nothing of the cluster's; of the rest only the kinds the configuration keeps."""
    names = sorted(name for name in state["stacks"] if name != "CDKToolkit")
    resources = [each["logical_id"] for each in state["resources"] if each["stack"] != "CDKToolkit"]
    leftovers = [f"{each['kind']} {each['namespace']}/{each['name']}" for each in state["leftovers"]]
    if names or resources or leftovers:
        raise Mismatch(f"left behind: stacks {names}, resources {resources}, Kubernetes objects {leftovers}")
    kept = sorted({each["type"] for each in (*state["retained"], *state["snapshots"])})
    if kept != sorted(retained):
        raise Mismatch(f"kept are {kept}, where the configuration keeps {sorted(retained)}")
