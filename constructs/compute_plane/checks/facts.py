"""What the rules must know of the configuration, because no template says it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compute_plane.config.environment import EnvironmentConfig

CLUSTER_API_STACK = "cluster-api-provider-aws-sigs-k8s-io"
"""How the vendor's tools end the name of the stack in which they prepare an account."""


@dataclass(frozen=True)
class PlaneFacts:
    """One plane, as its operator configured it. What is unknown is empty: it asks nothing, and makes nothing ours."""

    account: str | None = None
    cluster_name: str | None = None
    name_prefix: str | None = None
    admins: tuple[str, ...] = ()
    node_role: str | None = None
    platform_role: str | None = None
    data_reader_role: str | None = None
    cross_account_role: str | None = None
    external_ids: tuple[str, ...] = ()
    visitors: frozenset[str] = frozenset()
    """Principals of other accounts that may assume a role here, as ARNs without `arn:` and partition."""
    artifact_bucket: str | None = None
    """The literal beginning of its name, which the account id may follow."""
    repository_prefix: str = "tfy-"
    secret_prefix: str = "tfy-secret/"
    data_buckets: tuple[str, ...] = ()
    region: str | None = None
    role_path: str = "/"
    names: frozenset[str] = frozenset()
    """Every name that the plane gives, in full, so that none is taken for that of a cluster with a longer name."""
    arns: frozenset[str] = frozenset()
    """Of things that are not the plane's, and that its operator named: keys, a permissions boundary."""
    boundary: str | None = None
    """The boundary's name and path, where its ARN is not given."""
    hosted_zones: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    """Domains whose records, and those of names below them, the plane changes."""

    @classmethod
    def of(cls, config: EnvironmentConfig, account: str | None) -> PlaneFacts:
        """The facts of an environment that is synthesized for `account`, where that is known."""
        names, iam, reader = config.names, config.iam, config.data.reader
        visitors = [visitor.external_id for visitor in (iam.platform, iam.cross_account) if visitor]
        return cls(
            account=account,
            cluster_name=names.cluster,
            name_prefix=iam.name_prefix,
            admins=tuple(config.access.admins),
            node_role=names.node_role,
            platform_role=names.platform_role,
            data_reader_role=names.data_reader_role,
            cross_account_role=iam.cross_account.role_name if iam.cross_account else None,
            external_ids=tuple(external_id for external_id in visitors if external_id),
            visitors=_visitors(config),
            artifact_bucket=names.artifact_bucket("*").partition("*")[0],
            repository_prefix=iam.platform.repository_prefix if iam.platform else cls.repository_prefix,
            secret_prefix=iam.platform.secret_prefix if iam.platform else cls.secret_prefix,
            data_buckets=tuple(reader.additional_data_buckets) if reader else (),
            region=config.region,
            role_path=iam.role_path,
            names=_names(config, account),
            arns=_arns(config),
            boundary=iam.permissions_boundary,
            hosted_zones=_of_addons(config, "hosted_zone_ids"),
            domains=_of_addons(config, "domains"),
        )


def _names(config: EnvironmentConfig, account: str | None) -> frozenset[str]:
    """The deployment's account may also stand in a name as the pseudo parameter."""
    accounts = ["<AccountId>", *([account] if account else [])]
    names = {derived.value for each in accounts for derived in config.names.named(each)}
    if visitor := config.iam.cross_account:
        names |= {visitor.role_name, f"{config.name}-{CLUSTER_API_STACK}"}
    return frozenset(names)


def _visitors(config: EnvironmentConfig) -> frozenset[str]:
    platform, cross_account = config.iam.platform, config.iam.cross_account
    return frozenset(
        [
            *([platform.principal.split(":", 2)[2]] if platform else []),
            *([f"iam::{cross_account.account}:root"] if cross_account else []),
        ]
    )


def _arns(config: EnvironmentConfig) -> frozenset[str]:
    reader, given = config.data.reader, (config.cluster.volume_key_arn, config.iam.permissions_boundary)
    keys = {*(reader.key_arns if reader else ()), *_of_addons(config, "key_arns")}
    return frozenset(keys | {arn for arn in given if arn and arn.startswith("arn:")})


def _of_addons(config: EnvironmentConfig, name: str) -> frozenset[str]:
    """What the settings of this name list, in every add-on that has it."""
    return frozenset(value for settings in config.addon_settings.values() for value in getattr(settings, name, ()))
