"""Stand-ins: their form, and which definitions they carry."""

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
import yaml

from rehearsal.charts.archives import Archive, chart_metadata
from rehearsal.charts.contents import CONTENTS
from rehearsal.charts.definitions import permissive
from rehearsal.charts.lock import Entry
from rehearsal.charts.standin import stand_in


def entry(chart: str) -> Entry:
    return Entry(chart, "https://charts.example.com", chart, "1.2.3", "v4", None)


def files(archive: Archive) -> dict[str, str]:
    with tarfile.open(fileobj=io.BytesIO(archive.data)) as tar:
        return {m.name: file.read().decode() for m in tar if (file := tar.extractfile(m))}


def real_definition(crds: Path, plural: str, group: str, **extra: Any) -> None:
    kind = next(k for c in CONTENTS.values() for k in c.kinds if (k.plural, k.group) == (plural, group))
    definition = permissive(kind)
    definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"] = {"type": "object", **extra}
    (crds / f"{plural}.yaml").write_text(yaml.safe_dump(definition))


def test_a_stand_in_has_the_name_and_versions_of_its_chart_and_says_what_it_is() -> None:
    archive = stand_in(entry("metrics-server"), None)

    metadata = chart_metadata(archive.data)
    assert (metadata["name"], metadata["version"], metadata["appVersion"]) == ("metrics-server", "1.2.3", "v4")
    assert "stand-in" in metadata["description"]
    assert (archive.origin, archive.digest_state, archive.crds) == ("stand-in", "stand-in", "none")


@pytest.mark.parametrize("chart", ["anything", *CONTENTS])
def test_a_stand_in_is_the_same_every_time(chart: str) -> None:
    archives = {stand_in(entry(chart), None).data for _ in range(2)}

    assert len(archives) == 1


@pytest.mark.parametrize(
    ("chart", "path"),
    [
        ("base", "base/templates/gateways.networking.istio.io.yaml"),
        ("karpenter-crd", "karpenter-crd/templates/nodepools.karpenter.sh.yaml"),
        (
            "aws-load-balancer-controller",
            "aws-load-balancer-controller/crds/targetgroupbindings.elbv2.k8s.aws.yaml",
        ),
    ],
)
def test_definitions_lie_where_the_real_chart_has_them(chart: str, path: str) -> None:
    archive = stand_in(entry(chart), None)

    definition = json.loads(files(archive)[path])
    schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert schema["x-kubernetes-preserve-unknown-fields"] is True
    assert archive.crds == "permissive"


def test_istio_keeps_its_definitions_and_karpenter_does_not() -> None:
    def policy(chart: str, name: str) -> str | None:
        definition = json.loads(files(stand_in(entry(chart), None))[f"{chart}/templates/{name}.yaml"])
        return definition["metadata"].get("annotations", {}).get("helm.sh/resource-policy")

    policies = policy("base", "gateways.networking.istio.io"), policy("karpenter-crd", "nodepools.karpenter.sh")

    assert policies == ("keep", None)


def test_real_definitions_take_the_place_of_permissive_ones(tmp_path: Path) -> None:
    nested = tmp_path / "anywhere" / "below"
    nested.mkdir(parents=True)
    for plural in ("nodepools", "nodeclaims"):
        real_definition(nested, plural, "karpenter.sh", required=["spec"])
    some = stand_in(entry("karpenter-crd"), tmp_path)
    real_definition(nested, "ec2nodeclasses", "karpenter.k8s.aws", required=["spec"])

    every = stand_in(entry("karpenter-crd"), tmp_path)

    text = files(every)["karpenter-crd/templates/nodepools.karpenter.sh.yaml"]
    schema = json.loads(text)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert schema["required"] == ["spec"]
    assert (some.crds, every.crds) == ("permissive", "real")


def test_braces_in_a_description_do_not_become_a_template(tmp_path: Path) -> None:
    real_definition(tmp_path, "gateways", "networking.istio.io", description="such as {{ .host }}")

    archive = stand_in(entry("base"), tmp_path)

    text = files(archive)["base/templates/gateways.networking.istio.io.yaml"]
    assert '{{ "{{" }} .host }}' in text
