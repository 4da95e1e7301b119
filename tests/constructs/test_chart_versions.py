"""A chart in the lock file has a default version, and others to choose from."""

from pathlib import Path

import pytest

from compute_plane.charts import Chart, load_charts

LOCK = """\
charts:
  keda:
    repository: https://example.com/charts
    chart: keda
    version: 2.0.0
    app_version: 2.0.0
    digest: sha256:aa
    others:
      - {version: 1.9.0, app_version: 1.9.1, digest: null}
"""


@pytest.fixture
def chart(tmp_path: Path) -> Chart:
    (tmp_path / "charts.lock.yaml").write_text(LOCK)
    return load_charts(tmp_path / "charts.lock.yaml")["keda"]


def test_without_a_choice_it_is_the_charts_own_row(chart: Chart) -> None:
    assert (chart.at(None).version, chart.at("2.0.0").version) == ("2.0.0", "2.0.0")
    assert chart.versions == ["2.0.0", "1.9.0"]


def test_another_version_shares_the_repository_and_has_its_own_digest(chart: Chart) -> None:
    other = chart.at("1.9.0")

    assert (other.repository, other.chart, other.app_version) == (chart.repository, "keda", "1.9.1")
    assert (chart.digest, other.digest) == ("sha256:aa", None)


def test_a_version_that_is_not_locked_is_refused_with_those_that_are(chart: Chart) -> None:
    with pytest.raises(
        ValueError, match=r"no version 3\.0\.0 in the lock file; expected one of \['2\.0\.0', '1\.9\.0'\]"
    ):
        chart.at("3.0.0")
