"""A release is checked by rendering where its archive is at hand, by facts elsewhere, and its objects by schemas."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from compute_plane.chart_checks.archives import ChartArchive, archives_in, read_archive
from compute_plane.chart_checks.checking import Checked, check, check_by_archive, check_by_facts, validate
from compute_plane.chart_checks.facts import ChartFacts, write_facts
from compute_plane.chart_checks.helm import Helm
from compute_plane.chart_checks.releases import Release
from compute_plane.errors import UserError

VALUES = {"replicas": 2, "image": {"tag": "5"}, "resources": {"limits": {"cpu": 1}}}


def release(values: dict[str, Any]) -> Release:
    return Release("ours", "default", "demo", "1.2.3", values)


def messages(checked: Checked) -> list[str]:
    return [*checked.refusals, *map(str, checked.wrong)]


def test_right_values_are_right_both_ways(demo: ChartArchive, facts: ChartFacts, helm: Helm) -> None:
    rendered = check_by_archive(release(VALUES), demo, facts, helm)
    by_facts = check_by_facts(release(VALUES), facts)

    assert (messages(rendered), messages(by_facts)) == ([], [])
    assert {each["kind"] for each in rendered.objects} == set(facts.kinds)
    assert by_facts.objects == []


def test_wrong_keys_are_the_same_both_ways(demo: ChartArchive, facts: ChartFacts, helm: Helm) -> None:
    values = {**VALUES, "replica": 3, "legacy": {"flavour": "new"}, "tracing": {"rate": 1}}

    rendered = check_by_archive(release(values), demo, facts, helm)

    assert messages(rendered) == messages(check_by_facts(release(values), facts))
    assert messages(rendered) == [
        "replica: the chart has no such key; the nearest it has is replicas",
        "legacy.flavour: no template reads this key",
        "tracing.rate: the chart has no such key",
    ]


def test_a_key_that_facts_do_not_know_is_live_when_the_render_shows_it(
    demo: ChartArchive, facts: ChartFacts, helm: Helm
) -> None:
    less = {key: kind for key, kind in facts.keys.items() if key != "replicas"}
    older = replace(facts, keys=less)

    rendered = check_by_archive(release(VALUES), demo, older, helm)

    assert messages(check_by_facts(release(VALUES), older)) == ["replicas: the chart has no such key"]
    assert messages(rendered) == []


def test_facts_of_another_archive_are_not_trusted(demo: ChartArchive, facts: ChartFacts, helm: Helm) -> None:
    others = replace(facts, digest="sha256:0", keys={})

    assert messages(check_by_archive(release(VALUES), demo, others, helm)) == []
    assert len(messages(check_by_facts(release(VALUES), others))) == 3


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"replicas": "{"}, "error converting YAML to JSON"),
        # Helm goes on without this value, and only says so.
        ({"list": {"a": 1}}, "skipped value for demo.list: Not a table"),
    ],
)
def test_a_word_of_helm_is_a_refusal(
    values: dict[str, Any], words: str, demo: ChartArchive, facts: ChartFacts, helm: Helm
) -> None:
    checked = check_by_archive(release(values), demo, facts, helm)

    assert len(checked.refusals) == 1
    assert words in checked.refusals[0]


def test_every_release_is_checked_by_what_there_is(demo: ChartArchive, facts: ChartFacts, tmp_path: Path) -> None:
    write_facts(tmp_path, "ours", facts)
    releases = [release({"replica": 1}), Release("other", "default", "other", "1.0.0", {"any": 1})]
    names = {("demo", "1.2.3"): "ours", ("other", "1.0.0"): "other"}

    without = check(releases, root=tmp_path, names=names, archives={}, kubernetes="1.35")
    archives = archives_in(demo.path.parent)
    rendered = check(releases, root=tmp_path, names=names, archives=archives, kubernetes="1.35")

    assert [each.basis for each in without] == ["facts", "nothing"]
    assert [each.basis for each in rendered] == ["archive", "nothing"]
    assert len(messages(without[0])) == len(messages(rendered[0])) == 1


def test_objects_are_validated_strictly_by_kubernetes_and_by_definitions(
    demo: ChartArchive, facts: ChartFacts, helm: Helm
) -> None:
    values = {"monitor": {"enabled": True}, "resources": {"request": {}}, "labels": {"a": 1}}
    queue = {"apiVersion": "demo.example.com/v1", "kind": "Queue", "metadata": {"name": "ours"}}
    wrong: dict[str, Any] = {**queue, "spec": {"size": "1", "port": "http", "free": {"x": 1}, "sise": 2}}

    checked = check_by_archive(release(values), demo, facts, helm)
    found = validate([checked], [{**queue, "spec": {"size": 1}}, wrong], "1.35")

    assert found.errors == [
        "ours: Deployment ours: metadata.labels.a: 1 is not of type 'string', 'null'",
        "ours: Deployment ours: spec.template.spec.containers.0.resources: Additional properties are not allowed "
        "('request' was unexpected)",
        "manifest Queue ours: spec: Additional properties are not allowed ('sise' was unexpected)",
        "manifest Queue ours: spec.size: '1' is not of type 'integer'",
    ]
    assert found.unchecked == {"monitoring.coreos.com/v1 ServiceMonitor": 1}
    assert found.validated == 6


def test_what_only_cloudformation_knows_is_not_judged() -> None:
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "ours"}}
    ports = [{"port": "<PublishedPort>"}, {"port": '{"Fn::GetStackOutput":{"OutputName":"Port"}}'}, {"port": "http"}]

    found = validate([], [{**service, "spec": {"ports": ports}}], "1.35")

    assert found.errors == ["manifest Service ours: spec.ports.2.port: 'http' is not of type 'integer'"]


def test_a_version_of_kubernetes_without_schemas_is_refused() -> None:
    with pytest.raises(UserError, match="has no schemas of Kubernetes 1.99; it has "):
        validate([], [], "1.99")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"no archive", "no chart archive: not a gzip file"),
        (None, "expected one <chart>/Chart.yaml"),
    ],
)
def test_a_file_that_is_no_chart_is_named(
    data: bytes | None, words: str, packed: Callable[..., bytes], tmp_path: Path
) -> None:
    path = tmp_path / "broken.tgz"
    path.write_bytes(packed({"Chart.yaml": None}) if data is None else data)

    with pytest.raises(UserError, match=words) as refused:
        read_archive(path)

    assert str(path) in str(refused.value)


def test_two_archives_of_one_version_with_other_content_are_refused(
    packed: Callable[..., bytes], tmp_path: Path
) -> None:
    (tmp_path / "one.tgz").write_bytes(packed())
    (tmp_path / "two.tgz").write_bytes(packed({"values.yaml": "{}"}))

    with pytest.raises(UserError, match=r"demo 1\.2\.3 is in one\.tgz too, with other content"):
        archives_in(tmp_path)
