"""Rules about principals from outside the plane that get a role of it."""

from compute_plane.config.data import DataConfig
from compute_plane.config.errors import Problem
from compute_plane.config.iam import IamConfig
from compute_plane.config.rules.rule import Problems, Rule, unique
from compute_plane.names import Names

SUFFIX = ".cluster-api-provider-aws.sigs.k8s.io"
SHORTEST_ROLE = ".nodes"
LONGEST_ROLE_NAME = 64


def _platform_has_an_external_id_or_a_reason(iam: IamConfig) -> Problems:
    platform = iam.platform
    if platform and bool(platform.external_id) == bool(platform.no_external_id_reason):
        expected = "either external_id, or no_external_id_reason that says why the platform sends none"
        yield Problem(("iam", "platform", "external_id"), platform.external_id, expected)


def _platform_has_a_bucket(iam: IamConfig, data: DataConfig) -> Problems:
    if iam.platform and data.artifact_bucket is None:
        yield Problem(("iam", "platform"), None, "needs data.artifact_bucket, which the platform's role is for")


def _vendor_has_an_account_of_its_own(account: str | None, iam: IamConfig) -> Problems:
    if iam.cross_account and iam.cross_account.account == account:
        path = ("iam", "cross_account", "account")
        yield Problem(path, account, "must be the vendor's account, which is another than the plane's")


def _vendors_role_has_a_name_of_its_own(name: str, iam: IamConfig) -> Problems:
    """Role names that differ in case only are the same to IAM."""
    ours = {derived.value.lower() for derived in Names(name).derived() if derived.kind == "IAM role name"}
    if iam.cross_account and iam.cross_account.role_name.lower() in ours:
        path = ("iam", "cross_account", "role_name")
        yield Problem(path, iam.cross_account.role_name, "is the name of another role of the plane")


def _roles_that_the_vendor_makes_fit(name: str, iam: IamConfig) -> Problems:
    """The tightened policies let it make roles `<name>.…` with Cluster API's suffix only, so one must be possible."""
    allowed = LONGEST_ROLE_NAME - len(SHORTEST_ROLE + SUFFIX)
    if iam.cross_account and iam.cross_account.form == "tightened" and len(name) > allowed:
        expected = (
            f"at most {allowed} characters with iam.cross_account: the vendor's own roles are called "
            f"'{name}{SHORTEST_ROLE}{SUFFIX}', and AWS allows {LONGEST_ROLE_NAME}"
        )
        yield Problem(("name",), name, expected)


def _data_is_named_once(data: DataConfig) -> Problems:
    if data.reader:
        yield from unique(("data", "reader", "additional_data_buckets"), data.reader.additional_data_buckets)
        yield from unique(("data", "reader", "key_arns"), data.reader.key_arns)


RULES = (
    Rule(("iam",), _platform_has_an_external_id_or_a_reason),
    Rule(("iam", "data"), _platform_has_a_bucket),
    Rule(("account", "iam"), _vendor_has_an_account_of_its_own),
    Rule(("name", "iam"), _vendors_role_has_a_name_of_its_own),
    Rule(("name", "iam"), _roles_that_the_vendor_makes_fit),
    Rule(("data",), _data_is_named_once),
)
