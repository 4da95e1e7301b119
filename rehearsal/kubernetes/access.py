"""Access entries: who EKS lets in, and what each may do, written as RBAC objects."""

import hashlib
from collections.abc import Mapping
from typing import Any

from rehearsal.cloudformation.errors import ResourceFailure
from rehearsal.identities import access_key, session_name
from rehearsal.kubernetes.client import Client, Object
from rehearsal.kubernetes.tokens import BadToken, User

RBAC = "/apis/rbac.authorization.k8s.io/v1"
POLICY = ":cluster-access-policy/"
VIEW_EVERYTHING = "eks:admin-view"
# EKS authorizes access policies by itself; these roles of Kubernetes' own grant what the policies document.
ROLES = {
    "AmazonEKSClusterAdminPolicy": "cluster-admin",
    "AmazonEKSAdminPolicy": "admin",
    "AmazonEKSEditPolicy": "edit",
    "AmazonEKSViewPolicy": "view",
    "AmazonEKSAdminViewPolicy": VIEW_EVERYTHING,
}
READ = ["get", "list", "watch"]


class AccessEntries:
    """The entries of one cluster, by principal."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._entries: dict[str, Mapping[str, Any]] = {}
        self._by_key: dict[str, str] = {}

    def prepare(self) -> None:
        """Write the role that Kubernetes has no equal for."""
        rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": READ}, {"nonResourceURLs": ["*"], "verbs": ["get"]}]
        self._client.apply(
            f"{RBAC}/clusterroles/{VIEW_EVERYTHING}",
            {**_head("ClusterRole", VIEW_EVERYTHING), "rules": rules},
        )

    def put(self, entry: Mapping[str, Any]) -> None:
        """Create an entry, or change one."""
        principal = str(entry["PrincipalArn"])
        if principal in self._entries:
            self.remove(principal)
        self._entries[principal] = entry
        self._by_key[access_key(principal)] = principal
        for path, binding in bindings(entry):
            if "namespace" not in binding["metadata"]:
                self._client.apply(path, binding)
        self.follow()

    def follow(self) -> None:
        """Bind in namespaces that exist: EKS lets an entry name one that comes later."""
        namespaced = [
            (path, binding)
            for entry in list(self._entries.values())
            for path, binding in bindings(entry)
            if "namespace" in binding["metadata"]
        ]
        if not namespaced:
            return
        existing = {item["metadata"]["name"] for item in self._client.listed("/api/v1/namespaces")}
        for path, binding in namespaced:
            if binding["metadata"]["namespace"] in existing and self._client.found(path) is None:
                self._client.apply(path, binding)

    def remove(self, principal: str) -> None:
        entry = self._entries.pop(principal, None)
        self._by_key.pop(access_key(principal), None)
        for path, _ in bindings(entry) if entry else ():
            self._client.delete(path)

    def user(self, key: str) -> User:
        """Who signs with an access key. Raises BadToken for a principal without an entry."""
        principal = self._by_key.get(key)
        if principal is None:
            raise BadToken(f"no access entry for the principal of access key {key}")
        entry = self._entries[principal]
        return User(username(entry), tuple(map(str, entry.get("KubernetesGroups", []))))


def username(entry: Mapping[str, Any]) -> str:
    return str(entry.get("Username") or session_name(str(entry["PrincipalArn"])))


def bindings(entry: Mapping[str, Any]) -> list[tuple[str, Object]]:
    """The RBAC objects of an entry's policies, each after its path."""
    user = {"kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": username(entry)}
    found: list[tuple[str, Object]] = []
    for policy in entry.get("AccessPolicies", []):
        role, scope = role_of(str(policy["PolicyArn"])), policy["AccessScope"]
        name = f"eks:{hashlib.sha256(user['name'].encode()).hexdigest()[:10]}:{role.removeprefix('eks:')}"
        content = {
            "subjects": [user],
            "roleRef": {"kind": "ClusterRole", "apiGroup": "rbac.authorization.k8s.io", "name": role},
        }
        if scope["Type"] == "cluster":
            found.append((f"{RBAC}/clusterrolebindings/{name}", {**_head("ClusterRoleBinding", name), **content}))
        for namespace in scope.get("Namespaces", []):
            head = _head("RoleBinding", name)
            head["metadata"]["namespace"] = namespace
            found.append((f"{RBAC}/namespaces/{namespace}/rolebindings/{name}", {**head, **content}))
    return found


def role_of(policy_arn: str) -> str:
    """The ClusterRole that stands for an access policy."""
    name = policy_arn.partition(POLICY)[2]
    if name not in ROLES:
        raise ResourceFailure(f"The rehearsal knows no access policy {policy_arn}; it knows {', '.join(ROLES)}.")
    return ROLES[name]


def _head(kind: str, name: str) -> Object:
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": name}}
