"""The part of EKS's API that `aws eks update-kubeconfig` and handlers call."""

from typing import Any
from urllib.parse import unquote

from werkzeug.wrappers import Request, Response

from rehearsal.cloudformation.providers.eks import Cluster, Clusters, version_of
from rehearsal.services.messages import answer, refusal


class EksApi:
    """ListClusters, DescribeCluster and ListNodegroups."""

    def __init__(self, clusters: Clusters) -> None:
        self._clusters = clusters

    def __call__(self, request: Request) -> Response | None:
        """The answer, or None if the call is not one of ours."""
        parts = [unquote(part) for part in request.path.strip("/").split("/")]
        if request.method != "GET" or parts[0] != "clusters":
            return None
        if len(parts) == 1:
            return answer({"clusters": sorted(self._clusters.live)})
        cluster = self._clusters.live.get(parts[1])
        if cluster is None:
            return refusal("ResourceNotFoundException", f"No cluster found for name: {parts[1]}.", 404)
        if len(parts) == 2:
            return answer({"cluster": described(cluster)})
        if parts[2:] == ["node-groups"]:
            groups = sorted(one.split("/", 1)[1] for one in self._clusters.node_groups[cluster.name])
            return answer({"nodegroups": groups})
        return None


def described(cluster: Cluster) -> dict[str, Any]:
    """A cluster as DescribeCluster shows it."""
    properties, attributes = cluster.properties, cluster.attributes
    network = properties.get("ResourcesVpcConfig", {})
    return {
        "name": cluster.name,
        "arn": attributes["Arn"],
        "createdAt": cluster.created,
        "version": version_of(properties),
        "status": "ACTIVE",
        "endpoint": attributes["Endpoint"],
        "roleArn": properties["RoleArn"],
        "certificateAuthority": {"data": attributes["CertificateAuthorityData"]},
        "identity": {"oidc": {"issuer": attributes["OpenIdConnectIssuerUrl"]}},
        "deletionProtection": str(properties.get("DeletionProtection")).lower() == "true",
        "resourcesVpcConfig": {
            "subnetIds": network.get("SubnetIds", []),
            "securityGroupIds": network.get("SecurityGroupIds", []),
            "clusterSecurityGroupId": attributes["ClusterSecurityGroupId"],
            "endpointPrivateAccess": str(network.get("EndpointPrivateAccess")).lower() == "true",
            "endpointPublicAccess": str(network.get("EndpointPublicAccess")).lower() != "false",
        },
        "tags": {str(tag["Key"]): str(tag["Value"]) for tag in properties.get("Tags", [])},
    }
