"""Rules about add-ons and data services."""

from typing import Any

from compute_plane.addons import ADDONS
from compute_plane.config.data import DataConfig
from compute_plane.config.environment import addon_settings
from compute_plane.config.errors import Problem
from compute_plane.config.model import Model
from compute_plane.config.rules.rule import Problems, Rule


def _addons_have_what_they_depend_on(addons: Model) -> Problems:
    enabled = addon_settings(addons)
    for addon in ADDONS:
        missing = [needed for needed in addon.depends_on if needed not in enabled]
        if addon.name in enabled and missing:
            yield Problem(("addons", addon.name), None, f"depends on {', '.join(missing)}: enable it too")


def _certificates_lie_in_region(region: str, addons: Model) -> Problems:
    """A load balancer takes certificates of its own region only."""
    for name, settings in addon_settings(addons).items():
        arn: Any = getattr(settings, "certificate_arn", None)
        if arn and arn.split(":")[3] != region:
            yield Problem(("addons", name, "certificate_arn"), arn, f"a certificate of {region}")


def _file_system_and_driver_go_together(addons: Model, data: DataConfig) -> Problems:
    driver = "aws-efs-csi-driver" in addon_settings(addons)
    if driver and data.file_system is None:
        yield Problem(("addons", "aws-efs-csi-driver"), None, "needs data.file_system")
    if data.file_system is not None and not driver:
        yield Problem(("data", "file_system"), None, "needs the add-on aws-efs-csi-driver, which mounts it")


def _storage_can_grow(data: DataConfig) -> Problems:
    """RDS wants the limit of storage autoscaling to be a tenth more than the storage at least."""
    if data.database and data.database.max_storage_gib * 10 < data.database.storage_gib * 11:
        path = ("data", "database", "max_storage_gib")
        yield Problem(path, data.database.max_storage_gib, "at least 10 % more than storage_gib")


RULES = (
    Rule(("addons",), _addons_have_what_they_depend_on),
    Rule(("region", "addons"), _certificates_lie_in_region),
    Rule(("addons", "data"), _file_system_and_driver_go_together),
    Rule(("data",), _storage_can_grow),
)
