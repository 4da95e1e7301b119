"""A wrong field is named by its path, with the value found there and what is allowed."""

import json
from collections.abc import Callable
from typing import Any

import pytest

Raw = dict[str, Any]
Problems = Callable[[Raw | str], list[str]]

GROUP = {"name": "bootstrap", "instance_types": ["m7i.large"], "min_size": 2, "desired_size": 2, "max_size": 4}
TAINT_EFFECTS = "expected one of NoSchedule, PreferNoSchedule, NoExecute"
CLUSTER = {"version": "1.35", "log_retention_days": 30}
DATABASE = {"engine_version": "17.9", "instance_class": "db.t4g.medium", "multi_az": False}


@pytest.mark.parametrize(
    ("section", "value", "problem"),
    [
        ("netwrk", {}, "netwrk: unknown key; expected one of ['name', 'region', "),
        ("protection", "yes", "protection: 'yes': expected a valid boolean"),
        ("protection", 1, "protection: 1: expected a valid boolean"),
        ("description", 3, 'description: 3: expected text: put it in quotes, "3"'),
        ("name", "Test", "name: 'Test': expected text of the form ^[a-z][a-z0-9-]*[a-z0-9]$"),
        ("region", "europe", "region: 'europe': expected text of the form "),
        ("account", 111122223333, 'account: 111122223333: expected text: put it in quotes, "111122223333"'),
        ("account", "1111", r"account: '1111': expected text of the form ^\d{12}$"),
        ("tags", {"stage": 1}, 'tags.stage: 1: expected text: put it in quotes, "1"'),
        ("tags", {"stage": True}, 'tags.stage: true: expected text: put it in quotes, "true"'),
        ("tags", {"stage": ""}, "tags.stage: '': expected text of the form "),
        ("tags", {"a,b": "c"}, "tags.a,b: 'a,b': expected text of the form "),
        ("data", [], "data: []: expected a map of settings"),
        ("data", None, "data: is empty: give it a value ({} for the defaults), or remove the key"),
        ("data", {"file_system": None}, "data.file_system: is empty: give it a value"),
        ("data", {"file_sistem": {}}, "data.file_sistem: unknown key; expected one of ['artifact_bucket', "),
        ("data", {"database": {"multi_az": True}}, "data.database.instance_class: is required"),
        (
            "data",
            {"database": {**DATABASE, "engine_version": 17.9}},
            'data.database.engine_version: 17.9: expected text: put it in quotes, "17.9"',
        ),
        (
            "data",
            {"database": {**DATABASE, "instance_class": "m7i.large"}},
            "data.database.instance_class: 'm7i.large': expected text of the form ^db",
        ),
        (
            "data",
            {"database": {**DATABASE, "backup_retention_days": 36}},
            "data.database.backup_retention_days: 36: expected less than or equal to 35",
        ),
        (
            "cluster",
            {**CLUSTER, "addon_versions": {"aws-ebs-csi-driver": "v1.57.9-eksbuild.1"}},
            "cluster.addon_versions: ",
        ),
        (
            "cluster",
            {**CLUSTER, "addon_versions": {"aws-ebs-csi-driver": "1.58"}},
            "cluster.addon_versions.aws-ebs-csi-driver: '1.58': expected text of the form ",
        ),
        (
            "cluster",
            {**CLUSTER, "addon_versions": {"ebs": "v1.58.0-eksbuild.1"}},
            "cluster.addon_versions.ebs: 'ebs': expected one of aws-ebs-csi-driver, coredns, ",
        ),
        ("node_groups", [], "node_groups: []: List should have at least 1 item"),
        ("node_groups", ["bootstrap"], "node_groups[0]: 'bootstrap': expected a map of settings"),
        ("node_groups", [{**GROUP, "min_size": "2"}], "node_groups[0].min_size: '2': expected a valid integer"),
        ("node_groups", [GROUP, {**GROUP, "max_size": 0}], "node_groups[1].max_size: 0: expected greater than "),
        (
            "node_groups",
            [{**GROUP, "taints": [{"key": "a", "effect": "NoScedule"}]}],
            f"node_groups[0].taints[0].effect: 'NoScedule': {TAINT_EFFECTS}; did you mean 'NoSchedule'?",
        ),
        (
            "node_groups",
            [{**GROUP, "labels": {"kubernetes.io/role": "x"}}],
            "node_groups[0].labels.kubernetes.io/role: 'kubernetes.io/role': must not lie in a reserved domain",
        ),
        ("access", {"admins": []}, "access.admins: []: List should have at least 1 item"),
        ("access", {"admins": ["a b"]}, "access.admins[0]: 'a b': expected text of the form "),
        (
            "access",
            {"admins": ["A"], "entries": [{"principal": "B", "policy": "AmazonEKSClusterAdminPolicy"}]},
            "access.entries[0].policy: 'AmazonEKSClusterAdminPolicy': expected one of AmazonEKSAdminPolicy, ",
        ),
        ("addons", {"karpentr": {}}, "addons.karpentr: unknown key; expected one of ['argo-cd', "),
        ("addons", {"istio-base": {"values": None}}, "addons.istio-base.values: is empty: give it a value"),
        (
            "addons",
            {"istio-base": {"enabld": False}},
            "addons.istio-base.enabld: unknown key; expected one of ['enabled', 'values', 'version']; did you mean",
        ),
        (
            "addons",
            {"karpenter": {"ami_alias": "al2@latest"}, "karpenter-crd": {}},
            "addons.karpenter.ami_alias: 'al2@latest': expected text of the form ^(al2023|bottlerocket)@",
        ),
    ],
)
def test_a_wrong_field_is_named_with_its_value_and_what_is_allowed(
    section: str, value: Any, problem: str, configuration: Raw, problems: Problems
) -> None:
    configuration[section] = value

    found = problems(configuration)

    assert [each for each in found if each.startswith(problem)]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("zone", 2, "network.zone: unknown key; "),
        ("zones", 4, "network.zones: 4: expected one of 2, 3"),
        ("zones", "2", "network.zones: '2': expected one of 2, 3"),
        ("zones", ["eu-central-1a"], "network.zones: "),
        ("zones", ["eu-central-1a", 2], 'network.zones[1]: 2: expected text: put it in quotes, "2"'),
        ("nat", "ones", "network.nat: 'ones': expected one of one, per_zone, regional; did you mean 'one'?"),
        ("cidr", 10, "network.cidr: 10: must be a CIDR in quotes, for example 10.20.0.0/16"),
        ("cidr", "10.20.0.1/16", "network.cidr: '10.20.0.1/16': must be a CIDR such as 10.20.0.0/16 "),
        ("cidr", "10.0.0.0/8", "network.cidr: '10.0.0.0/8': must be between /16 "),
        ("cidr", "10.0.0.0/21", "network.cidr: '10.0.0.0/21': must be between /16 "),
        ("cidr", "8.8.0.0/16", "network.cidr: '8.8.0.0/16': must lie in one of 10.0.0.0/8"),
        ("flow_log_retention_days", 31, "network.flow_log_retention_days: 31: expected one of 1, 3, 5, 7, "),
    ],
)
def test_a_wrong_field_of_the_network_is_named(
    key: str, value: Any, problem: str, configuration: Raw, problems: Problems
) -> None:
    configuration["network"][key] = value

    found = problems(configuration)

    assert [each for each in found if each.startswith(problem)]


def test_a_key_that_is_nearly_right_gets_a_suggestion(configuration: Raw, problems: Problems) -> None:
    configuration["acces"] = configuration.pop("access")

    found = problems(configuration)

    assert any(each.startswith("acces: unknown key") and each.endswith("did you mean 'access'?") for each in found)
    assert "access: is required" in found


def test_a_date_among_helm_values_is_refused_because_a_chart_gets_json(configuration: Raw, problems: Problems) -> None:
    file = json.dumps(configuration | {"addons": {"istio-base": {"values": {"since": "DATE"}}}})

    found = problems(file.replace('"DATE"', "2026-11-20"))

    assert found == [
        'addons.istio-base.values.since: "2026-11-20": expected what JSON can hold; a date is text in quotes'
    ]


def test_helm_values_may_hold_a_null_which_takes_one_of_the_planes_own_away(
    configuration: Raw, problems: Problems
) -> None:
    configuration["addons"] = {"istio-base": {"values": {"base": {"excludedCRDs": None}}}}

    found = problems(configuration)

    assert found == []
