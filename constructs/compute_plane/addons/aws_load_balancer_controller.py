"""Makes Network and Application Load Balancers for Services and Ingresses."""

from collections.abc import Mapping
from typing import Any

from constructs import Construct
from pydantic import Field

from compute_plane.addons.base import Addon, MonitoredSettings, Plane
from compute_plane.addons.placement import resources, tolerations
from compute_plane.addons.workload_identity import WorkloadIdentity
from compute_plane.iam.managed_policies import managed_policies

_TAGGED = "tagged kubernetes.io/cluster/<name> = owned or shared"


class LoadBalancerControllerSettings(MonitoredSettings):
    """What the controller may use besides load balancers. AWS WAF Classic ended on 30 September 2025."""

    wafv2: bool = Field(
        default=False,
        description=f"Attaches web ACLs {_TAGGED} to Application Load Balancers whose name is of a controller's making "
        "(k8s-…), of another cluster's too, where it replaces the web ACL that is there: WAF cannot limit load "
        "balancers to one cluster. It takes none away without putting one of ours.",
    )
    shield: bool = Field(
        default=False,
        description="Turns on Shield Advanced for Application Load Balancers. It never turns it off: Shield cannot "
        "limit that to one cluster.",
    )
    cognito: bool = Field(
        default=False, description=f"Lets Application Load Balancers sign users in with Cognito user pools {_TAGGED}."
    )

    @property
    def documents(self) -> list[str]:
        """The documents of what is switched on."""
        switches = {"wafv2": self.wafv2, "shield": self.shield, "cognito": self.cognito}
        return [f"{AwsLoadBalancerController.name}-{option}" for option, wanted in switches.items() if wanted]


class AwsLoadBalancerController(Addon[LoadBalancerControllerSettings]):
    name = "aws-load-balancer-controller"
    namespace = "kube-system"
    chart = "aws-load-balancer-controller"
    service_account = "aws-load-balancer-controller"
    Settings = LoadBalancerControllerSettings

    def values(self, plane: Plane, settings: LoadBalancerControllerSettings) -> Mapping[str, Any]:
        return {
            "clusterName": plane.cluster_name,
            "region": plane.region,
            "vpcId": plane.vpc_id,
            "serviceAccount": plane.service_account(self.service_account, role_name=plane.names.elb_controller_role),
            "defaultTargetType": "ip",
            "defaultTags": dict(plane.tags),
            # The webhook refuses every Service of the cluster while the controller's pods are not ready
            # (kubernetes-sigs/aws-load-balancer-controller#4140); the plane marks its Services itself.
            "enableServiceMutatorWebhook": False,
            "enableShield": settings.shield,
            "enableWaf": False,
            "enableWafv2": settings.wafv2,
            "podDisruptionBudget": {"maxUnavailable": 1},
            "resources": resources("100m", "200Mi", limit="500Mi"),
            "tolerations": tolerations(),
            **({"serviceMonitor": {"enabled": True}} if settings.service_monitors else {}),
        }

    def resources(self, scope: Construct, plane: Plane, settings: LoadBalancerControllerSettings) -> None:
        identity = WorkloadIdentity(
            scope,
            "Identity",
            plane=plane,
            role_name=plane.names.elb_controller_role,
            documents=["aws-load-balancer-controller"],
            values={"ClusterName": plane.cluster_name, "VpcId": plane.vpc_id},
            namespace=self.namespace,
            service_account=self.service_account,
        )
        # All of it at once would be more than the inline policies of a role may hold.
        managed_policies(
            scope,
            names=plane.names,
            documents=settings.documents,
            values={"ClusterName": plane.cluster_name} if settings.wafv2 or settings.cognito else {},
            roles=[identity.role],
        )
