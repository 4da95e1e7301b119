"""Who the API server lets in, and what each may do there: EKS's tokens, access entries as RBAC."""

from collections.abc import Callable
from typing import Any

import pytest

from rehearsal.kubernetes.client import ApiRefusal, Client
from rehearsal.kubernetes.control_plane import ControlPlane

ACCOUNT = "arn:aws:iam::123456789012"
PODS = "/api/v1/namespaces/default/pods"
As = Callable[[str], Client]


def entry(principal: str, policy: str, *namespaces: str) -> dict[str, Any]:
    scope = {"Type": "namespace", "Namespaces": list(namespaces)} if namespaces else {"Type": "cluster"}
    arn = f"arn:aws:eks::aws:cluster-access-policy/{policy}"
    return {"PrincipalArn": principal, "AccessPolicies": [{"PolicyArn": arn, "AccessScope": scope}]}


def test_a_principal_without_an_entry_is_not_let_in(plane: ControlPlane, as_principal: As) -> None:
    with pytest.raises(ApiRefusal) as refusal:
        as_principal(f"{ACCOUNT}:role/Stranger").get(PODS)

    assert refusal.value.code == 401


def test_an_entry_lets_in_until_it_is_taken_away(plane: ControlPlane, as_principal: As) -> None:
    principal = f"{ACCOUNT}:role/team/Admin"
    given = entry(principal, "AmazonEKSClusterAdminPolicy")

    plane.put_member("AccessEntry", given)
    nodes = as_principal(principal).listed("/api/v1/nodes")
    plane.remove_member("AccessEntry", given)

    assert len(nodes) >= 2
    with pytest.raises(ApiRefusal) as refusal:
        as_principal(f"{ACCOUNT}:role/team/Admin").create("/api/v1/namespaces", {"metadata": {"name": "late"}})
    assert refusal.value.code in (401, 403)


@pytest.mark.parametrize(
    ("policy", "reads_nodes", "writes"),
    [
        ("AmazonEKSClusterAdminPolicy", True, True),
        ("AmazonEKSAdminPolicy", False, True),
        ("AmazonEKSEditPolicy", False, True),
        ("AmazonEKSViewPolicy", False, False),
        ("AmazonEKSAdminViewPolicy", True, False),
    ],
)
def test_each_policy_grants_what_it_says(
    policy: str, reads_nodes: bool, writes: bool, plane: ControlPlane, as_principal: As
) -> None:
    principal = f"{ACCOUNT}:role/{policy}"
    plane.put_member("AccessEntry", entry(principal, policy))
    user = as_principal(principal)

    def may(call: Callable[[], object]) -> bool:
        try:
            call()
        except ApiRefusal as refusal:
            assert refusal.code == 403, refusal
            return False
        return True

    assert may(lambda: user.get(PODS))
    assert may(lambda: user.get("/api/v1/nodes")) == reads_nodes
    config_map = {"metadata": {"generateName": "made-"}}
    assert may(lambda: user.create("/api/v1/namespaces/default/configmaps?dryRun=All", config_map)) == writes


def test_an_entry_may_name_a_namespace_that_comes_later(
    plane: ControlPlane, as_principal: As, client: Client, eventually: Callable[[Callable[[], Any]], Any]
) -> None:
    principal, namespace = f"{ACCOUNT}:role/Analyst", "analytics"
    plane.put_member("AccessEntry", entry(principal, "AmazonEKSViewPolicy", namespace))
    with pytest.raises(ApiRefusal, match="is forbidden"):
        as_principal(principal).get(f"/api/v1/namespaces/{namespace}/pods")

    client.create("/api/v1/namespaces", {"metadata": {"name": namespace}})
    bindings = f"/apis/rbac.authorization.k8s.io/v1/namespaces/{namespace}/rolebindings"
    eventually(lambda: client.listed(bindings))

    assert as_principal(principal).listed(f"/api/v1/namespaces/{namespace}/pods") == []
    with pytest.raises(ApiRefusal, match="is forbidden"):
        as_principal(principal).get(PODS)


def test_groups_of_an_entry_count_in_rbac(plane: ControlPlane, as_principal: As, client: Client) -> None:
    principal = f"{ACCOUNT}:user/operator"
    plane.put_member("AccessEntry", {"PrincipalArn": principal, "KubernetesGroups": ["node-readers"]})
    with pytest.raises(ApiRefusal, match=f'User "{principal}" cannot list'):
        as_principal(principal).get("/api/v1/nodes")

    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "eks:admin-view"}
    subject = {"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "node-readers"}
    binding = {"metadata": {"name": "node-readers"}, "roleRef": role, "subjects": [subject]}
    client.create("/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", binding)

    assert len(as_principal(principal).listed("/api/v1/nodes")) >= 2


def test_anonymous_requests_are_refused(plane: ControlPlane) -> None:
    import base64

    nobody = Client(plane.url, base64.b64decode(plane.certificate_authority), "")

    with pytest.raises(ApiRefusal) as refusal:
        nobody.get("/version")
    assert refusal.value.code == 401
