"""Controllers with a role: what their charts are told, and that each role says what the settings ask for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from compute_plane.checks.template import Template
from compute_plane.iam.flatten import as_list, flatten

Raw = dict[str, Any]
Templates = Callable[..., dict[str, Template]]
Releases = Callable[[Template], dict[str, Raw]]

ZONE, OTHER_ZONE = "Z0123456789ABCDEFGHIJ", "Z9876543210ZYXWVUTSRQ"
DNS = {"hosted_zone_ids": [ZONE, OTHER_ZONE], "domains": ["apps.example.com"]}
KEY = "arn:aws:kms:eu-central-1:111122223333:key/12345678-1234-1234-1234-123456789012"
MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
CHANGE = "route53:ChangeResourceRecordSets"


@pytest.fixture
def stack(configuration: Raw, templates: Templates) -> Callable[..., Template]:
    """The Addons stack with the given add-ons."""

    def synthesized(**addons: Raw) -> Template:
        named = {name.replace("_", "-"): settings for name, settings in addons.items()}
        return templates(configuration | {"addons": named})["Addons"]

    return synthesized


def policies(template: Template, role: str) -> dict[str, dict[str, Raw]]:
    """The role's statements by policy and Sid."""
    [properties] = [each for _, each in template.of_type("AWS::IAM::Role") if each.get("RoleName") == role]
    return {
        policy["PolicyName"]: {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}
        for policy in properties["Policies"]
    }


def resources(statement: Raw) -> list[str]:
    return [flatten(resource) for resource in as_list(statement["Resource"])]


@pytest.mark.parametrize(
    ("policy", "changes"), [("upsert-only", ["CREATE", "UPSERT"]), ("sync", ["CREATE", "UPSERT", "DELETE"])]
)
def test_external_dns_changes_names_of_its_domains_in_its_zones_and_deletes_only_in_sync(
    policy: str, changes: list[str], stack: Callable[..., Template], releases_in: Releases
) -> None:
    template = stack(external_dns={**DNS, "policy": policy})

    change = policies(template, "test-external-dns")["external-dns"]["ChangeRecordsInOurZones"]
    assert resources(change) == [f"arn:<AWS::Partition>:route53:::hostedzone/{zone}" for zone in (ZONE, OTHER_ZONE)]
    assert change["Condition"]["ForAllValues:StringLike"] == {
        f"{CHANGE}NormalizedRecordNames": ["apps.example.com", "*.apps.example.com"]
    }
    assert change["Condition"]["ForAllValues:StringEquals"][f"{CHANGE}Actions"] == changes
    assert set(change["Condition"]["Null"].values()) == {"false"}
    values = releases_in(template)["external-dns"]["Values"]
    assert (values["policy"], values["domainFilters"]) == (policy, ["apps.example.com"])
    assert values["extraArgs"] == {"zone-id-filter": [ZONE, OTHER_ZONE], "aws-zone-match-parent": True}


def test_external_dns_marks_its_records_with_the_clusters_name_below_the_record_itself(
    stack: Callable[..., Template], releases_in: Releases
) -> None:
    values = releases_in(stack(external_dns=DNS))["external-dns"]["Values"]

    assert values["txtOwnerId"] == "test"
    assert values["txtPrefix"] == "%{record_type}-test."


def test_the_autoscaler_scales_only_groups_with_both_tags_of_this_cluster_which_are_those_it_looks_for(
    stack: Callable[..., Template], releases_in: Releases
) -> None:
    template = stack(cluster_autoscaler={"expander": "most-pods"})

    scale = policies(template, "test-cluster-autoscaler")["cluster-autoscaler"]["ScaleOwnAutoScalingGroups"]
    assert scale["Condition"]["StringEquals"] == {
        "aws:ResourceTag/k8s.io/cluster-autoscaler/enabled": "true",
        "aws:ResourceTag/k8s.io/cluster-autoscaler/test": "owned",
    }
    values = releases_in(template)["cluster-autoscaler"]["Values"]
    assert values["autoDiscovery"] == {"clusterName": "test"}
    assert values["extraArgs"]["expander"] == "most-pods"


def test_external_secrets_read_the_clusters_own_names_and_nothing_more_unless_told_otherwise(
    stack: Callable[..., Template],
) -> None:
    found = policies(stack(external_secrets={}), "test-external-secrets")

    assert found.keys() == {"external-secrets"}
    here = "<AWS::Region>:<AWS::AccountId>"
    assert {sid: resources(statement) for sid, statement in found["external-secrets"].items()} == {
        "ReadOurSecrets": [f"arn:<AWS::Partition>:secretsmanager:{here}:secret:test/*"],
        "ReadOurParameters": [f"arn:<AWS::Partition>:ssm:{here}:parameter/test/*"],
    }


def test_external_secrets_read_the_given_names_list_on_demand_and_decrypt_with_the_given_keys(
    stack: Callable[..., Template],
) -> None:
    settings = {"secret_prefixes": ["a", "b/c"], "parameter_prefixes": ["d"], "find": True, "key_arns": [KEY]}

    found = policies(stack(external_secrets=settings), "test-external-secrets")

    assert found.keys() == {"external-secrets", "external-secrets-find", "external-secrets-kms"}
    secrets = resources(found["external-secrets"]["ReadOurSecrets"])
    assert [arn.partition(":secret:")[2] for arn in secrets] == ["a/*", "b/c/*"]
    paths = resources(found["external-secrets-find"]["ReadOurParametersByPath"])
    assert [arn.partition(":parameter/")[2] for arn in paths] == ["d", "d/*"]
    [decrypt] = found["external-secrets-kms"].values()
    assert (decrypt["Action"], resources(decrypt)) == ("kms:Decrypt", [KEY])
    services = [flatten(each).partition(".")[0] for each in decrypt["Condition"]["StringEquals"]["kms:ViaService"]]
    assert services == ["secretsmanager", "ssm"]


def test_the_definitions_of_secrets_and_certificates_survive_their_charts(
    stack: Callable[..., Template], releases_in: Releases
) -> None:
    releases = releases_in(stack(external_secrets={}, cert_manager={}))

    assert releases["external-secrets"]["Values"]["crds"] == {"annotations": {"helm.sh/resource-policy": "keep"}}
    assert releases["cert-manager"]["Values"]["crds"] == {"enabled": True}


def test_cert_manager_has_no_role_without_zones_and_answers_challenges_only_with_them(
    stack: Callable[..., Template],
) -> None:
    without = stack(cert_manager={})
    template = stack(cert_manager={"hosted_zone_ids": [ZONE], "domains": ["apps.example.com", "example.org"]})

    assert not list(without.of_type("AWS::IAM::Role"))
    statements = policies(template, "test-cert-manager")["cert-manager"]
    answer = statements["AnswerChallengesInOurZones"]
    assert resources(answer) == [f"arn:<AWS::Partition>:route53:::hostedzone/{ZONE}"]
    assert answer["Condition"]["ForAllValues:StringLike"][f"{CHANGE}NormalizedRecordNames"] == [
        "_acme-challenge.apps.example.com",
        "_acme-challenge.example.org",
        "_acme-challenge.*.apps.example.com",
        "_acme-challenge.*.example.org",
    ]
    assert answer["Condition"]["ForAllValues:StringEquals"][f"{CHANGE}RecordTypes"] == ["TXT"]
    actions = {action for statement in statements.values() for action in as_list(statement["Action"])}
    assert not actions & {"route53:ListHostedZones", "route53:ListHostedZonesByName"}


def test_every_document_of_a_controller_is_used_by_one_environment_and_no_finding_of_it_is_open(
    root: Path, synthesize: Callable[..., Path], templates: Templates
) -> None:
    text = (root / "tests/environments/controllers.yaml").read_text(encoding="utf-8")
    folder = root / "constructs/compute_plane/iam/policies"
    controllers = ("aws-load-", "cert-", "cluster-auto", "ebs-", "efs-", "external-", "karpenter", "vpc-cni")

    made = [each for stack in templates(text).values() for each in stack.of_type("AWS::IAM::Role", MANAGED_POLICY)]

    written = {file.stem for file in folder.glob("*.json") if file.stem.startswith(controllers)}
    used = {policy["PolicyName"] for _, role in made for policy in role.get("Policies", [])}
    used |= {name.removeprefix("cp-euc1-ctl-") for _, each in made if (name := each.get("ManagedPolicyName"))}
    reports = json.loads((synthesize(text) / "validation-report.json").read_text())["pluginReports"]
    assert len(written) > 15
    assert written - used == {"karpenter-queue", "vpc-cni-untagged"}
    assert {report["conclusion"] for report in reports} == {"success"}
