"""Permissions are written in the policy documents and nowhere else: the sources are searched for any other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

CLASSES = re.compile(
    r"PolicyStatement|PolicyDocument|(Managed)?Policy|Cfn(Role|User|Group|Managed)?Policy|CfnRole|Role"
)
"""Of `aws_iam`; the first ones write statements, and `compute_plane/iam/` alone makes the others, from documents."""
METHODS = re.compile(r"grant(_\w+)?|add_to_(\w+_)?policy|add_managed_policy|attach_inline_policy")
TEXT = re.compile(r'"Effect"\s*:|PolicyDocument\b')
MAKERS = "compute_plane/iam"
READERS = ("compute_plane/checks", "compute_plane/permissions", "compute_plane/simulation")
"""They read policies, or print one; what they write is never deployed."""


def handwritten(source: str, *, maker: bool = False) -> list[str]:
    """What writes a policy in this Python source, by line."""
    tree = ast.parse(source)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    nodes = [node for node in ast.walk(tree) if not (isinstance(node, ast.Constant) and id(node) in docstrings)]
    iam = dict(_names_of_iam(tree))
    return [f"{getattr(node, 'lineno', 0)}: {each}" for node in nodes for each in _written(node, iam, maker)]


def _names_of_iam(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The names under which a source knows `aws_iam` and what is in it, and what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for name in node.names:
                if (node.module, name.name) == ("aws_cdk", "aws_iam") or node.module == "aws_cdk.aws_iam":
                    yield name.asname or name.name, name.name


def _written(node: ast.AST, iam: dict[str, str], maker: bool) -> Iterator[str]:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=module), attr=name)) if iam.get(module) == "aws_iam":
            if CLASSES.fullmatch(name) and not (maker and name.startswith("Cfn")):
                yield f"{name}()"
        case ast.Call(func=ast.Name(id=name)) if CLASSES.fullmatch(iam.get(name, "")):
            yield f"{iam[name]}()"
        case ast.Call(func=ast.Attribute(attr=name)) if METHODS.fullmatch(name):
            yield f".{name}()"
        case ast.Dict(keys=keys) if any(isinstance(key, ast.Constant) and key.value == "Effect" for key in keys):
            yield "a statement"
        case ast.Constant(value=str() as text) if TEXT.search(text):
            yield "a policy as text"
        case _:
            pass


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("iam.PolicyStatement(actions=['s3:*'])", ["1: PolicyStatement()"]),
        (
            "from aws_cdk.aws_iam import PolicyDocument as P, Policy; Policy(P())",
            ["1: Policy()", "1: PolicyDocument()"],
        ),
        ("iam.CfnManagedPolicy(self, 'P', policy_document=text)", ["1: CfnManagedPolicy()"]),
        ("iam.Role(self, 'R', assumed_by=principal)", ["1: Role()"]),
        ("bucket.grant_read(role)", ["1: .grant_read()"]),
        ("key.grant(role, 'kms:Decrypt')", ["1: .grant()"]),
        ("role.add_to_principal_policy(x)", ["1: .add_to_principal_policy()"]),
        ("bucket.add_to_resource_policy(x)", ["1: .add_to_resource_policy()"]),
        ("x = {'Effect': 'Allow', 'Action': '*'}", ["1: a statement"]),
        ("""x = '{"Statement": [{"Effect": "Allow"}]}'""", ["1: a policy as text"]),
        ("r.add_property_override('PolicyDocument.Statement.0.Action', '*')", ["1: a policy as text"]),
        ("iam.Role.from_role_arn(self, 'Imported', arn)", []),
        ("self._grant(principal)", []),
        ("x = {'effect': 'NoSchedule'}", []),
        ("pass\n'Holds a PolicyDocument.'", []),
        ("Role(name='a role of another library')", []),
        ("load('karpenter', values={})", []),
    ],
)
def test_the_search_finds_what_writes_a_policy(source: str, expected: list[str]) -> None:
    assert handwritten(f"from aws_cdk import aws_iam as iam; {source}") == expected


def test_the_makers_of_roles_may_make_them_and_still_write_no_statement() -> None:
    role = "from aws_cdk import aws_iam as iam; iam.CfnRole(self, 'R')"

    assert handwritten(role, maker=True) == []
    assert handwritten(role) == ["1: CfnRole()"]
    assert handwritten("x = {'Effect': 'Allow'}", maker=True) == ["1: a statement"]


def test_nothing_in_the_application_writes_a_policy_by_hand(root: Path) -> None:
    files = {
        file.relative_to(root): file.relative_to(root / "constructs" if "constructs" in file.parts else root).as_posix()
        for folder in ("constructs", "stacks")
        for file in (root / folder).rglob("*.py")
    }

    searched = {file: name for file, name in files.items() if not name.startswith(READERS)}
    assert len(searched) > 50
    found = {
        str(file): written
        for file, name in searched.items()
        if (written := handwritten((root / file).read_text(encoding="utf-8"), maker=name.startswith(MAKERS)))
    }
    assert found == {}
