"""Which keys a chart takes is found out by rendering it and by reading its templates."""

from pathlib import Path

import pytest

from compute_plane.chart_checks.archives import ChartArchive
from compute_plane.chart_checks.facts import ChartFacts, facts_file, read_facts, write_facts
from compute_plane.chart_checks.helm import Helm, RenderError
from compute_plane.chart_checks.paths import get
from compute_plane.chart_checks.recording import record


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("replicas", "number"),  # read by name
        ("image.tag", "any"),  # an empty default says nothing of the type
        ("image.pullSecret", "any"),  # read, but in no defaults
        ("list", "list"),
        ("resources", "map"),  # passed on whole
        ("labels", "map"),
        ("probe.path", "string"),  # read by a helper
        ("monitor.enabled", "boolean"),
        ("monitor.endpoint", "map"),  # passed on whole once it is switched on
        ("webhook.timeout", "map"),  # its feature is never on, but the template names none of its keys
        ("legacy.flavour", "dead"),  # in the defaults, and read by nobody
        ("tracing.sampling", "number"),  # repeated to the program
        ("cache.size", "string"),  # a subchart's
        ("global.zone", "any"),  # read by a subchart, shared by all
    ],
)
def test_a_key_is_live_when_it_is_read_or_changes_something(key: str, kind: str, facts: ChartFacts) -> None:
    assert get(facts.keys, tuple(key.split("."))) == kind


def test_maps_whose_keys_are_named_are_closed_though_a_copy_of_all_values_is_rendered(facts: ChartFacts) -> None:
    closed = {key: sorted(below) for key, below in facts.keys.items() if isinstance(below, dict)}

    assert closed["image"] == ["pullSecret", "repository", "tag"]
    assert closed["probe"] == ["path", "period"]
    assert closed["tracing"] == ["sampling"]


def test_the_rest_of_the_facts_is_what_the_render_holds(facts: ChartFacts, demo: ChartArchive) -> None:
    assert facts.kinds == {"ConfigMap": 1, "CustomResourceDefinition": 1, "Deployment": 1, "Secret": 1}
    assert facts.images == ["registry.example.com/demo:4.5.6"]
    assert facts.definitions == ["queues.demo.example.com"]
    assert (facts.digest, facts.kubernetes, facts.source) == (demo.digest, ">=1.28.0-0", "archive")


def test_facts_are_read_as_they_were_written(facts: ChartFacts, tmp_path: Path) -> None:
    written = write_facts(tmp_path, "ours", facts)

    assert written == facts_file(tmp_path, "ours", "1.2.3")
    assert read_facts(tmp_path, "ours", "1.2.3") == facts
    assert read_facts(tmp_path, "ours", "1.2.4") is None


def test_a_chart_that_does_not_render_cannot_be_recorded(demo: ChartArchive, helm: Helm) -> None:
    with pytest.raises(RenderError, match="error converting YAML to JSON"):
        record(demo, helm, [{"replicas": "{"}])
