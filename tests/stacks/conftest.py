"""The Data stack with every service, for the tests of its parts."""

from collections.abc import Callable
from typing import Any

import pytest

from compute_plane.checks.template import Template

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]


@pytest.fixture
def data_sections() -> Raw:
    """A section of every data service; none of its values is a default."""
    return {
        "file_system": {"infrequent_access_after_days": 1},
        "database": {
            "engine_version": "17.9",
            "instance_class": "db.m7g.large",
            "storage_gib": 50,
            "max_storage_gib": 200,
            "multi_az": True,
            "backup_retention_days": 14,
        },
        "artifact_bucket": {"noncurrent_version_days": 30},
    }


@pytest.fixture
def data(configuration: Raw, data_sections: Raw, templates: Templates) -> Template:
    """The Data stack with all three services, in three zones, protected."""
    network = configuration["network"] | {"zones": 3}
    changes = {"network": network, "protection": True, "data": data_sections, "addons": {"aws-efs-csi-driver": {}}}
    return templates(configuration | changes)["Data"]


@pytest.fixture
def data_key(data: Template) -> Raw:
    """A reference to the one key of the Data stack."""
    [(logical_id, _)] = data.of_type("AWS::KMS::Key")
    return {"Fn::GetAtt": [logical_id, "Arn"]}
