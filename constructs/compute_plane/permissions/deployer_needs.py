"""What the person or the pipeline needs that runs `cdk deploy`."""

from collections.abc import Iterator

from compute_plane.permissions.assembly import Assembly
from compute_plane.permissions.need import Need

# What the CLI calls with its own rights where no bootstrap role does it, to deploy, compare and destroy: as the role in
# CDK's bootstrap template has it (DeploymentActionRole, aws-cdk/lib/api/bootstrap/bootstrap-template.yaml).
ON_STACKS = (
    "cloudformation:ContinueUpdateRollback",
    "cloudformation:CreateChangeSet",
    "cloudformation:CreateStack",
    "cloudformation:DeleteChangeSet",
    "cloudformation:DeleteStack",
    "cloudformation:DescribeChangeSet",
    "cloudformation:DescribeEvents",
    "cloudformation:DescribeStackEvents",
    "cloudformation:DescribeStackResources",
    "cloudformation:DescribeStacks",
    "cloudformation:ExecuteChangeSet",
    "cloudformation:GetTemplate",
    "cloudformation:GetTemplateSummary",
    "cloudformation:ListChangeSets",
    "cloudformation:ListStackResources",
    "cloudformation:RollbackStack",
    "cloudformation:UpdateStack",
    "cloudformation:UpdateTerminationProtection",
)
ON_ASSETS = ("s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject")
ON_ASSET_BUCKET = ("s3:GetBucketLocation", "s3:GetEncryptionConfiguration", "s3:ListBucket")


def deployer_needs(assembly: Assembly) -> list[Need]:
    """With bootstrap roles their assumption, without them what the CLI itself calls."""
    return list(_needs(assembly))


def _needs(assembly: Assembly) -> Iterator[Need]:
    filled = assembly.place.filled
    # STS answers this to anyone; a list of what is allowed names it all the same.
    yield Need("sts:GetCallerIdentity", "*", label="AskWhoItIs")
    if assembly.version_parameter:
        arn = filled(f"arn:${{Partition}}:ssm:${{Region}}:${{Account}}:parameter{assembly.version_parameter}")
        yield Need("ssm:GetParameter", arn, label="ReadBootstrapVersion")
    for role in assembly.assumed_roles:
        yield Need("sts:AssumeRole", role, label="AssumeBootstrapRoles")
    if assembly.assumed_roles:
        return
    names = [*(stack.name for stack in assembly.stacks), *(["CDKToolkit"] if assembly.asset_objects else [])]
    for name in names:
        stack = filled(f"arn:${{Partition}}:cloudformation:${{Region}}:${{Account}}:stack/{name}/*")
        actions = ON_STACKS if name != "CDKToolkit" else ("cloudformation:DescribeStacks",)
        yield from (Need(action, stack, label="DeployOurStacks") for action in actions)
    for objects in assembly.asset_objects:
        yield from (Need(action, objects, label="PublishAssets") for action in ON_ASSETS)
        yield from (Need(action, objects.removesuffix("/*"), label="PublishAssets") for action in ON_ASSET_BUCKET)
    for role in sorted({filled(stack.role) for stack in assembly.stacks if stack.role}):
        yield Need(
            "iam:PassRole",
            role,
            (("StringEquals", "iam:PassedToService", ("cloudformation.amazonaws.com",)),),
            "PassExecutionRole",
        )
