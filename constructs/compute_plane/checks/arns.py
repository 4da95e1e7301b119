"""Whether a resource of a statement can be one of the resources on which an action works."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from compute_plane.checks.template import Template

OWN = "\0"
"""Stands for the value of a reference: some text without `/` or `:`."""
WILD = "*"
PSEUDO_PARAMETERS = {"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::URLSuffix", "AWS::StackName"}
PUBLIC_PARAMETERS = "parameter/aws/service/"
"""AWS's own parameters have no account in their ARN, which the reference leaves out."""
SECTIONS = 5
ARN_OF = {
    "AWS::DynamoDB::Table": "arn:<Partition>:dynamodb:<Region>:<AccountId>:table/",
    "AWS::ECR::Repository": "arn:<Partition>:ecr:<Region>:<AccountId>:repository/",
    "AWS::EC2::VPC": "arn:<Partition>:ec2:<Region>:<AccountId>:vpc/",
    "AWS::EFS::FileSystem": "arn:<Partition>:elasticfilesystem:<Region>:<AccountId>:file-system/",
    "AWS::EKS::Cluster": "arn:<Partition>:eks:<Region>:<AccountId>:cluster/",
    "AWS::KMS::Key": "arn:<Partition>:kms:<Region>:<AccountId>:key/",
    "AWS::Lambda::Function": "arn:<Partition>:lambda:<Region>:<AccountId>:function:",
    "AWS::S3::Bucket": "arn:<Partition>:s3:::",
    "AWS::SNS::Topic": "arn:<Partition>:sns:<Region>:<AccountId>:",
    "AWS::SQS::Queue": "arn:<Partition>:sqs:<Region>:<AccountId>:",
}


def pattern_of(template: Template, resource: Any) -> str:
    """A resource as a pattern: `OWN` for each reference to a resource, `*` for what nobody can know now."""
    match resource:
        case str():
            return re.sub(r"\$\{([^}]+)\}", lambda found: _named(template, found[1]), resource)
        case {"Fn::Join": ["", list() as pieces]}:
            return "".join(pattern_of(template, piece) for piece in pieces)
        case {"Fn::Sub": str() as text}:
            return pattern_of(template, text)
        case {"Fn::GetAtt": [str() as name, "Arn"]} if template.type_of(name) in ARN_OF:
            return ARN_OF[template.type_of(name) or ""] + OWN
        case {"Ref": str() as name} | {"Fn::GetAtt": [str() as name, *_]}:
            return _named(template, name)
        case {"Fn::ImportValue": _} | {"Fn::GetStackOutput": _}:
            return OWN
        case {"Fn::Select": [_, {"Fn::Split": [str(), value]}]}:
            return OWN if OWN in pattern_of(template, value) else WILD
        case {"Fn::Select": [_, {"Fn::Split": [_, whole]}]} if pattern_of(template, whole) == OWN:
            return OWN
        case _:
            return WILD


def _named(template: Template, name: str) -> str:
    """A policy variable depends on who asks; a parameter is whatever the deployer types."""
    logical_id = name.partition(".")[0]
    if name in PSEUDO_PARAMETERS:
        return f"<{name.removeprefix('AWS::')}>"
    return OWN if logical_id in template.resources else WILD


def is_star(pattern: str) -> bool:
    """Everything of a service or more: `*`, or an ARN whose resource is only that."""
    return not pattern.startswith(OWN) and pattern.split(":", SECTIONS)[-1].strip("*") == ""


@lru_cache(maxsize=65536)
def can_be(pattern: str, arn_format: str) -> bool:
    """Whether some ARN of this format, `arn:${Partition}:ec2:…`, matches the pattern of a statement."""
    wanted = re.sub(r"\$\{[^}]+\}", "*", arn_format.replace("${BucketName}", OWN)).split(":", SECTIONS)
    given = pattern.split(":", SECTIONS)
    if pattern == WILD or pattern.startswith(OWN):
        return True
    if len(given) <= SECTIONS or len(wanted) <= SECTIONS:
        return _meet(":".join(given), ":".join(wanted))
    if given[SECTIONS].startswith(PUBLIC_PARAMETERS) and given[SECTIONS - 1] == "":
        given[SECTIONS - 1] = "aws"
    return all(
        _meet_section(one, other) for one, other in zip(given[:SECTIONS], wanted[:SECTIONS], strict=True)
    ) and _meet(given[SECTIONS], wanted[SECTIONS])


def _meet_section(given: str, wanted: str) -> bool:
    return given == wanted or (bool(given) and _meet(given, wanted))


def _meet(one: str, other: str) -> bool:
    """Whether a text exists that both patterns match."""
    head, rival = _beginning(one), _beginning(other)
    if not (head.startswith(rival) or rival.startswith(head)):
        return False
    # Nearly all: the wildcard at the end of the one takes whatever the other goes on with.
    if (one == head + WILD and rival.startswith(head)) or (other == rival + WILD and head.startswith(rival)):
        return True
    return one == other or _common(one, other, 0, 0, {})


def _beginning(pattern: str) -> str:
    return re.split(r"[*?\0]", pattern, maxsplit=1)[0]


def _common(one: Sequence[str], other: Sequence[str], i: int, j: int, seen: dict[tuple[int, int], bool]) -> bool:
    if (i, j) not in seen:
        seen[i, j] = False
        seen[i, j] = _common_from(one, other, i, j, seen)
    return seen[i, j]


def _common_from(one: Sequence[str], other: Sequence[str], i: int, j: int, seen: dict[tuple[int, int], bool]) -> bool:
    if i == len(one) and j == len(other):
        return True
    a = one[i] if i < len(one) else ""
    b = other[j] if j < len(other) else ""
    if a in (WILD, OWN) and (
        _common(one, other, i + 1, j, seen) or (_holds(a, b) and _common(one, other, i, j + 1, seen))
    ):
        return True
    if b in (WILD, OWN) and (
        _common(one, other, i, j + 1, seen) or (_holds(b, a) and _common(one, other, i + 1, j, seen))
    ):
        return True
    return a != "" and b != "" and (a == b or "?" in (a, b)) and _common(one, other, i + 1, j + 1, seen)


def _holds(wildcard: str, character: str) -> bool:
    """`*` stands for any text; the value of a reference for text within one part of an ARN."""
    return character != "" and (wildcard == WILD or character not in ("/", ":"))
