"""The planes of every environment, the tables of cases, and what both judges say of each case."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from compute_plane.config.environment import EnvironmentConfig
from compute_plane.simulation.assembly import Assembly
from compute_plane.simulation.cases import Case
from compute_plane.simulation.evaluator import Policy
from compute_plane.simulation.plane import Plane
from compute_plane.simulation.suite import Suite
from compute_plane.simulation.tables import Table, Vocabulary, read

HERE = Path(__file__).parent
ACCOUNT = "111122223333"

# What the second judge's data lacks, and what stands for it in its questions: actions, pattern, other text.
DIALECT = (
    # The parameters that AWS publishes have no account.
    ("ssm:", "::parameter/", ":000000000000:parameter/"),
    # Keys whose name goes on after a colon.
    ("kms:", "kms:EncryptionContext:aws:logs:arn", "aws:SourceArn"),
    # Tags of load balancing: only load balancers are listed.
    ("elasticloadbalancing:AddTags", ":targetgroup/", ":loadbalancer/targetgroup/"),
    ("elasticloadbalancing:AddTags", ":listener", ":loadbalancer/listener"),
    ("elasticloadbalancing:RemoveTags", ":targetgroup/", ":loadbalancer/targetgroup/"),
    ("elasticloadbalancing:RemoveTags", ":listener", ":loadbalancer/listener"),
    # EC2's own way to say "any of this account"; the judge takes the first asterisk for a kind of resource.
    ("ec2:", r'(?<=:)\*/\*(?=")', "*"),
    # Its data has no resource level for this action, which AWS authorizes on the cluster.
    ("eks:CreateCluster", "eks:CreateCluster", "eks:DeregisterCluster"),
    # Keys of issuers other than the great ones; principals keep the issuer's name.
    ("sts:AssumeRoleWithWebIdentity", r"oidc\.eks[^\":]+(?=:(?:aud|sub))", "accounts.google.com"),
)


@dataclass(frozen=True)
class Judged:
    """One case of one environment; `other` is what the second judge says."""

    environment: str
    table: str
    case: Case
    other: str
    ignored: tuple[str, ...]


@pytest.fixture(scope="session")
def configurations(
    root: Path, load_raw: Callable[[Any], EnvironmentConfig]
) -> dict[str, tuple[str, EnvironmentConfig]]:
    """Every environment: what the other fixtures call it, and its configuration."""
    shipped = {file.stem: file.stem for file in (root / "config").glob("*.yaml")}
    made_for_tests = {file.stem: file.read_text() for file in (root / "tests" / "environments").glob("*.yaml")}
    return {name: (given, load_raw(given)) for name, given in sorted((shipped | made_for_tests).items())}


@pytest.fixture(scope="session")
def tables() -> dict[str, Table]:
    return {file.stem: read(file, Table) for file in sorted((HERE / "cases").glob("*.yaml"))}


@pytest.fixture(scope="session")
def suites(
    configurations: dict[str, tuple[str, EnvironmentConfig]], tables: dict[str, Table], synthesize: Callable[..., Path]
) -> dict[str, Suite]:
    """All tables on every environment."""
    vocabulary = read(HERE / "things.yaml", Vocabulary)
    return {
        name: Suite(Plane(Assembly(synthesize(given), config.account or ACCOUNT), config.name), vocabulary, tables)
        for name, (given, config) in configurations.items()
    }


@pytest.fixture(scope="session")
def judged(suites: dict[str, Suite]) -> list[Judged]:
    """Every case with the second judge's answer; one process answers all."""
    cases = [
        (environment, table, case)
        for environment, suite in suites.items()
        for table, found in suite.cases.items()
        for case in found
    ]
    answers = second_judge([(case, suites[environment].names) for environment, _, case in cases])
    return [
        Judged(environment, table, case, answer["result"], tuple(answer["ignored"]))
        for (environment, table, case), answer in zip(cases, answers, strict=True)
    ]


class Questions:
    """What the second judge is asked: each document and each question once, whichever planes they are of."""

    def __init__(self) -> None:
        self.documents: dict[str, int] = {}
        self.texts: dict[str, int] = {}
        self._known: dict[tuple[int, str], int] = {}

    def add(self, case: Case, names: Mapping[str, str]) -> int:
        """The place of the answer. `names` are those of the case's plane, which become the same for all planes."""
        action, policies = case.request.action, case.policies
        question: dict[str, Any] = {
            "principal": case.request.principal,
            "action": action,
            "resource": case.request.resource,
            "account": case.request.account,
            "context": case.request.context,
            "identity": [self._document(policy, action, names) for policy in policies.identity],
            "boundary": self._document(policies.boundary, action, names),
            "resource_policy": self._document(policies.resource, action, names),
        }
        return self.texts.setdefault(in_dialect(json.dumps(question), action, names), len(self.texts))

    def _document(self, document: Policy | None, action: str, names: Mapping[str, str]) -> int | None:
        if document is None:
            return None
        key = (id(document), action)
        if key not in self._known:
            text = in_dialect(json.dumps(document), action, names)
            self._known[key] = self.documents.setdefault(text, len(self.documents))
        return self._known[key]


def second_judge(cases: list[tuple[Case, Mapping[str, str]]]) -> list[dict[str, Any]]:
    if not (HERE / "node_modules").is_dir():
        pytest.fail("the second judge is not installed: npm ci --prefix tests/iam")
    questions = Questions()
    places = [questions.add(case, names) for case, names in cases]
    asked = f'{{"documents":[{",".join(questions.documents)}],"questions":[{",".join(questions.texts)}]}}'
    done = subprocess.run(["node", "judge.mjs"], cwd=HERE, input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    return [answers[place] for place in places]


def in_dialect(text: str, action: str, names: Mapping[str, str]) -> str:
    for name, placeholder in names.items():
        text = text.replace(name, placeholder)
    for actions, lacking, stand_in in DIALECT:
        if action.startswith(actions):
            text = re.sub(lacking, stand_in, text)
    return text
