from pathlib import Path

from compute_plane.config.load import load
from rehearsal.variations import CHANGEABLE, with_chart_value, with_other_cidr, without_protection

CONFIG = Path(__file__).parents[2] / "config"


def test_each_variation_is_a_valid_environment_that_differs_in_one_thing(tmp_path: Path) -> None:
    before = load(CONFIG / "prod.yaml")

    changed = load(with_chart_value(CONFIG / "prod.yaml", tmp_path / "a.yaml", addon=CHANGEABLE[0], value="x"))
    unprotected = load(without_protection(CONFIG / "prod.yaml", tmp_path / "b.yaml"))
    moved = load(with_other_cidr(CONFIG / "prod.yaml", tmp_path / "c.yaml"))

    assert changed.addon_settings[CHANGEABLE[0]].values == {"podAnnotations": {"compute-plane/rehearsal": "x"}}
    assert changed.model_copy(update={"addons": before.addons}) == before
    assert before.protection and not unprotected.protection
    assert unprotected.model_copy(update={"protection": True}) == before
    assert moved.network.cidr != before.network.cidr
    assert moved.model_copy(update={"network": before.network}) == before


def test_a_second_change_keeps_the_first_ones_other_values(tmp_path: Path) -> None:
    once = with_chart_value(CONFIG / "dev.yaml", tmp_path / "a.yaml", addon="karpenter", value="x")

    twice = with_chart_value(once, tmp_path / "b.yaml", addon="karpenter", value="y")

    assert load(twice).addon_settings["karpenter"].values["podAnnotations"] == {"compute-plane/rehearsal": "y"}
