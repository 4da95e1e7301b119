"""What the four stacks have in common."""

from aws_cdk import Environment, Stack
from constructs import Construct

from compute_plane.config.environment import EnvironmentConfig


class PlaneStack(Stack):
    """A stack named after the cluster, with the environment's description and protection."""

    def __init__(self, scope: Construct, id: str, *, config: EnvironmentConfig, env: Environment) -> None:
        super().__init__(
            scope,
            id,
            env=env,
            stack_name=config.names.stack(id.lower()),
            description=f"{config.description} ({id.lower()})",
            termination_protection=config.protection,
            # CloudFormation hands these to the few resources that CDK makes without tags.
            tags=dict(config.tags),
        )
