"""Rules about the plane as a whole: its name, its tags, who may use it."""

from collections.abc import Mapping

from compute_plane.config.access import AccessConfig
from compute_plane.config.errors import Problem
from compute_plane.config.rules.rule import Problems, Rule, unique
from compute_plane.names import Names

# Prefixes that S3 keeps for itself (docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).
RESERVED_BUCKET_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
# Keys that AWS or a controller sets by itself, and by which roles are pinned to their own resources.
RESERVED_TAGS = (
    "aws:",
    "kubernetes.io/cluster/",
    "karpenter.sh/",
    "karpenter.k8s.aws/",
    "eks:",
    "elbv2.k8s.aws/",
    "ebs.csi.aws.com/",
    "efs.csi.aws.com/",
    "cluster.k8s.amazonaws.com/",
)


def _names_fit(name: str) -> Problems:
    too_long = [derived for derived in Names(name).derived() if len(derived.value) > derived.limit]
    if too_long:
        worst = max(too_long, key=lambda derived: len(derived.value) - derived.limit)
        allowed = len(name) - (len(worst.value) - worst.limit)
        yield Problem(
            ("name",),
            name,
            f"at most {allowed} characters: {worst.kind} '{worst.value}' would have {len(worst.value)}, "
            f"AWS allows {worst.limit}",
        )
    if name.startswith(RESERVED_BUCKET_PREFIXES):
        yield Problem(("name",), name, f"must not begin with {', '.join(RESERVED_BUCKET_PREFIXES)}, which S3 reserves")


def _tags_are_ours(tags: Mapping[str, str]) -> Problems:
    seen: dict[str, str] = {}
    for key in tags:
        if key.lower().startswith(RESERVED_TAGS):
            yield Problem(("tags", key), None, f"must not begin with one of {', '.join(RESERVED_TAGS)}")
        if (other := seen.setdefault(key.lower(), key)) != key:
            yield Problem(("tags", key), None, f"differs from '{other}' in case only, which IAM does not see")


def _principals_are_different(access: AccessConfig) -> Problems:
    """A bare name may be the same role as an ARN, which only the account would tell."""
    admins = list(access.admins)
    yield from unique(("access", "admins"), admins)
    yield from unique(("access", "entries"), [entry.principal for entry in access.entries], "principal")
    arns = {arn.partition(":role/")[2] for arn in (*admins, *(entry.principal for entry in access.entries))}
    for index, admin in enumerate(admins):
        if admin in arns:
            yield Problem(
                ("access", "admins", index), admin, "may be the role of an ARN in this list; write both as ARNs"
            )
    for index, entry in enumerate(access.entries):
        if entry.principal in admins:
            yield Problem(("access", "entries", index, "principal"), entry.principal, "is an administrator already")


def _principals_are_not_ours(name: str, access: AccessConfig) -> Problems:
    own = {derived.value for derived in Names(name).derived() if derived.kind == "IAM role name"}
    for index, admin in enumerate(access.admins):
        if admin.rpartition("/")[2] in own:
            yield Problem(("access", "admins", index), admin, "is a role of the plane itself, which has its own entry")


RULES = (
    Rule(("name",), _names_fit),
    Rule(("tags",), _tags_are_ours),
    Rule(("access",), _principals_are_different),
    Rule(("name", "access"), _principals_are_not_ours),
)
