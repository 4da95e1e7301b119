"""Makes Network and Application Load Balancers for Services and Ingresses."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct

from compute_plane.addons.base import Addon, AddonSettings, Plane
from compute_plane.addons.workload_identity import WorkloadIdentity


class AwsLoadBalancerController(Addon[AddonSettings]):
    name = "aws-load-balancer-controller"
    namespace = "kube-system"
    chart = "aws-load-balancer-controller"
    service_account = "aws-load-balancer-controller"

    def values(self, plane: Plane, settings: AddonSettings) -> Mapping[str, Any]:
        return {
            "clusterName": plane.cluster_name,
            "region": plane.region,
            "vpcId": plane.vpc_id,
            "serviceAccount": {"name": self.service_account},
            "defaultTargetType": "ip",
            "defaultTags": dict(plane.tags),
            # The webhook refuses every Service of the cluster while the controller's pods are not ready
            # (kubernetes-sigs/aws-load-balancer-controller#4140); the plane marks its Services itself.
            "enableServiceMutatorWebhook": False,
            "enableShield": False,
            "enableWaf": False,
            "enableWafv2": False,
            "podDisruptionBudget": {"maxUnavailable": 1},
        }

    def resources(self, scope: Construct, plane: Plane, settings: AddonSettings) -> None:
        WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.elb_controller_role,
            documents=["aws-load-balancer-controller"],
            values={"ClusterName": plane.cluster_name, "VpcId": plane.vpc_id},
            namespace=self.namespace,
            service_account=self.service_account,
        )
