"""Rules about the settings of every role."""

from compute_plane.config.errors import Problem
from compute_plane.config.iam import IamConfig
from compute_plane.config.rules.rule import Problems, Rule


def _name_has_the_prefix(name: str, iam: IamConfig) -> Problems:
    """Every name derives from the environment's, so that this one is enough."""
    if iam.name_prefix and not name.startswith(iam.name_prefix):
        yield Problem(("name",), name, f"must begin with iam.name_prefix, '{iam.name_prefix}'")


def _boundary_lies_in_the_account(account: str | None, iam: IamConfig) -> Problems:
    """IAM takes a boundary from the role's own account, or one of AWS's policies."""
    owner = (iam.permissions_boundary or "").split(":")[4:5]
    if account and owner and owner[0] not in ("aws", account):
        path = ("iam", "permissions_boundary")
        yield Problem(path, iam.permissions_boundary, f"must be a policy of account {account}, or of AWS")


RULES = (
    Rule(("name", "iam"), _name_has_the_prefix),
    Rule(("account", "iam"), _boundary_lies_in_the_account),
)
