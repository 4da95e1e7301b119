"""Objects that the cluster refuses on purpose: a ValidatingAdmissionPolicy with one rule for each."""

import json
import time

from rehearsal.kubernetes.client import ApiRefusal, Client, Object

ADMISSION = "/apis/admissionregistration.k8s.io/v1"
NAME = "rehearsal.compute-plane"
PROBES = "/api/v1/namespaces/default/configmaps?dryRun=All"
PROBE = "rehearsal-refusals"
SECONDS = 15.0


class Refusals:
    """Denies the creation and change of objects by kind and name."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._messages: dict[tuple[str, str], str] = {}
        self._generation = 0
        self._over = False

    def add(self, *, kind: str, name: str, message: str) -> None:
        """Deny an object from now on; a second message for the same object replaces the first."""
        if self._over:
            return
        self._messages[kind, name] = message
        self._generation += 1
        self._client.apply(f"{ADMISSION}/validatingadmissionpolicies/{NAME}", self._policy())
        self._client.apply(f"{ADMISSION}/validatingadmissionpolicybindings/{NAME}", _binding())
        self._wait(refused=True)

    def clear(self) -> None:
        if self._messages and not self._over:
            self._messages.clear()
            for kind in ("validatingadmissionpolicybindings", "validatingadmissionpolicies"):
                self._client.delete(f"{ADMISSION}/{kind}/{NAME}")
            self._wait(refused=False)

    def end(self) -> None:
        """The server is gone: refuse nothing any more."""
        self._over = True

    def _wait(self, *, refused: bool) -> None:
        """The server takes a policy up a moment after it was written; a probe that is never stored tells when."""
        probe = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": self._probe()}}
        deadline = time.monotonic() + SECONDS
        while self._refuses(probe) != refused:
            if time.monotonic() > deadline:
                raise TimeoutError(f"the API server did not take up policy {NAME} within {SECONDS:.0f} s")
            time.sleep(0.05)

    def _refuses(self, probe: Object) -> bool:
        try:
            self._client.create(PROBES, probe)
        except ApiRefusal as refusal:
            if NAME not in refusal.message:
                raise
            return True
        return False

    def _probe(self) -> str:
        return f"{PROBE}-{self._generation}"

    def _policy(self) -> Object:
        denied = {**self._messages, ("ConfigMap", self._probe()): "the policy is in force"}
        rule = {"apiGroups": ["*"], "apiVersions": ["*"], "operations": ["CREATE", "UPDATE"], "resources": ["*"]}
        validations = [
            {
                "expression": f"request.kind.kind != {json.dumps(kind)} || object.metadata.name != {json.dumps(name)}"
                # What a rollback writes back, unchanged, is no change.
                " || (oldObject != null && object.spec == oldObject.spec)",
                "message": message,
            }
            for (kind, name), message in denied.items()
        ]
        return {
            "apiVersion": "admissionregistration.k8s.io/v1",
            "kind": "ValidatingAdmissionPolicy",
            "metadata": {"name": NAME},
            "spec": {
                "failurePolicy": "Fail",
                "matchConstraints": {"resourceRules": [rule]},
                "validations": validations,
            },
        }


def _binding() -> Object:
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": NAME},
        "spec": {"policyName": NAME, "validationActions": ["Deny"]},
    }
