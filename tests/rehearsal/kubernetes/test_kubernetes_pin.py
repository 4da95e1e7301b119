"""Moving to another version: our go.mod repeats what Kubernetes replaces, with the modules that are published."""

import pytest

from rehearsal.kubernetes.modules import CONTROL_PLANE
from rehearsal.kubernetes.pin import control_plane_module, main

UPSTREAM = """\
module k8s.io/kubernetes

go 1.26.0

godebug default=go1.26

require (
	example.test/other v1.2.3
	k8s.io/api v0.0.0
)

replace (
	k8s.io/api => ./staging/src/k8s.io/api
	k8s.io/client-go => ./staging/src/k8s.io/client-go
)
"""


def test_the_parts_of_kubernetes_are_replaced_by_published_ones() -> None:
    written = control_plane_module(UPSTREAM, "1.36.2").splitlines()

    assert {"go 1.26.0", "godebug default=go1.26", "require k8s.io/kubernetes v1.36.2"} <= set(written)
    assert "\tk8s.io/client-go => k8s.io/client-go v0.36.2" in written
    assert sum(" => " in line for line in written) == 2


def test_the_module_in_the_repository_has_the_same_name() -> None:
    name = control_plane_module(UPSTREAM, "1.36.2").splitlines()[0]

    assert (CONTROL_PLANE / "go.mod").read_text().startswith(f"{name}\n")


@pytest.mark.parametrize("arguments", [[], ["1.35"], ["1.35.4", "v0.8.0"]])
def test_versions_have_to_be_whole(arguments: list[str]) -> None:
    with pytest.raises(SystemExit, match="usage: "):
        main(arguments)
