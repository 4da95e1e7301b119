"""What the instances of a managed node group are: metadata service, volumes, tags."""

from collections.abc import Mapping

from aws_cdk import CfnTag
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_eks_v2 as eks
from constructs import Construct

from compute_plane.config.cluster import NodeGroupConfig
from compute_plane.names import Names
from compute_plane.tags import INTERFACE_TAG


def launch_template(
    scope: Construct, id: str, *, group: NodeGroupConfig, names: Names, tags: Mapping[str, str]
) -> eks.CfnNodegroup.LaunchTemplateSpecificationProperty:
    """Pods cannot reach the node's role (one hop, IMDSv2), and every volume is encrypted."""
    instance_tags = [CfnTag(key=key, value=value) for key, value in sorted(_tags(group, names, tags).items())]
    # By this one the VPC CNI, whose policy asks for it, knows the first interface of a node, which EC2 makes.
    interface_tags = [*instance_tags, CfnTag(key=INTERFACE_TAG, value=names.cluster)]
    template = ec2.CfnLaunchTemplate(
        scope,
        id,
        # By these the permissions of a deployment tell this plane's templates from others.
        tag_specifications=[
            ec2.CfnLaunchTemplate.LaunchTemplateTagSpecificationProperty(
                resource_type="launch-template", tags=instance_tags
            )
        ],
        launch_template_data=ec2.CfnLaunchTemplate.LaunchTemplateDataProperty(
            metadata_options=ec2.CfnLaunchTemplate.MetadataOptionsProperty(
                http_tokens="required", http_put_response_hop_limit=1
            ),
            block_device_mappings=_volumes(group),
            tag_specifications=[
                ec2.CfnLaunchTemplate.TagSpecificationProperty(resource_type=kind, tags=kind_tags)
                for kind, kind_tags in (
                    ("instance", instance_tags),
                    ("volume", instance_tags),
                    ("network-interface", interface_tags),
                )
            ],
        ),
    )
    return eks.CfnNodegroup.LaunchTemplateSpecificationProperty(
        id=template.ref, version=template.attr_latest_version_number
    )


def _tags(group: NodeGroupConfig, names: Names, tags: Mapping[str, str]) -> dict[str, str]:
    return {**tags, "Name": f"{names.cluster}-{group.name}"}


def _volumes(group: NodeGroupConfig) -> list[ec2.CfnLaunchTemplate.BlockDeviceMappingProperty]:
    """Bottlerocket keeps its system on the first volume and its data on a second one."""
    bottlerocket = group.ami_type.startswith("BOTTLEROCKET")
    sizes = (
        {"/dev/xvda": 4, "/dev/xvdb": group.volume_size_gib} if bottlerocket else {"/dev/xvda": group.volume_size_gib}
    )
    return [
        ec2.CfnLaunchTemplate.BlockDeviceMappingProperty(
            device_name=device,
            ebs=ec2.CfnLaunchTemplate.EbsProperty(
                volume_size=gib, volume_type="gp3", encrypted=True, delete_on_termination=True
            ),
        )
        for device, gib in sizes.items()
    ]
