"""What is answered for pods that listen on nothing."""

import base64
import json
from typing import Any

from rehearsal.kubernetes.answers import admission, allowed, group


def review(*images: str) -> dict[str, Any]:
    containers = [{"name": f"c{index}", "image": image} for index, image in enumerate(images)]
    request = {
        "uid": "1",
        "operation": "CREATE",
        "kind": {"kind": "Pod"},
        "namespace": "web",
        "object": {"spec": {"containers": containers}},
    }
    return {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request}


def test_every_admission_is_allowed_in_its_own_version() -> None:
    answer = allowed("/mutate", review("auto"))

    assert answer == {
        "apiVersion": "admission.k8s.io/v1",
        "kind": "AdmissionReview",
        "response": {"uid": "1", "allowed": True},
    }


def test_the_injector_replaces_the_image_auto_and_no_other() -> None:
    response = allowed("/inject", review("web:1", "auto"))["response"]

    patch = json.loads(base64.b64decode(response["patch"]))
    assert response["patchType"] == "JSONPatch"
    assert [(each["op"], each["path"]) for each in patch] == [("replace", "/spec/containers/1/image")]
    assert "patch" not in allowed("/inject", review("web:1"))["response"]


def test_a_deletion_has_no_object_and_is_allowed() -> None:
    deletion = review()
    deletion["request"]["object"] = None

    assert allowed("/inject", deletion)["response"]["allowed"]


def test_a_question_is_remembered_by_webhook_and_object() -> None:
    asked = admission("istiod.istio-system.svc:443", "/inject", review("auto"))

    assert asked.webhook == "istiod.istio-system.svc:443/inject"
    assert (asked.operation, asked.kind, asked.namespace, asked.name) == ("CREATE", "Pod", "web", "")


def test_an_aggregated_group_has_no_resources() -> None:
    found = group("/apis/metrics.k8s.io/v1beta1")

    assert found is not None
    assert (found["groupVersion"], found["resources"]) == ("metrics.k8s.io/v1beta1", [])
    assert group("/apis") is None
    assert group("/openapi/v2") is None
