"""Conditions combine as CloudFormation combines them."""

from typing import Any

import pytest

from rehearsal.cloudformation.conditions import evaluate
from rehearsal.cloudformation.errors import ValidationError

CONDITIONS: dict[str, Any] = {
    "Prod": {"Fn::Equals": ["prod", "prod"]},
    "Small": {"Fn::Equals": [1, "2"]},
    "NotSmall": {"Fn::Not": [{"Condition": "Small"}]},
    "Both": {"Fn::And": [{"Condition": "Prod"}, {"Condition": "Small"}]},
    "Either": {"Fn::Or": [{"Condition": "Prod"}, {"Condition": "Small"}]},
}


@pytest.mark.parametrize(
    ("name", "expected"), [("Prod", True), ("Small", False), ("NotSmall", True), ("Both", False), ("Either", True)]
)
def test_a_condition_has_its_truth(name: str, expected: bool) -> None:
    truth = evaluate(name, CONDITIONS, lambda value: value)

    assert truth is expected


def test_an_undefined_condition_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="Nowhere"):
        evaluate("Nowhere", CONDITIONS, lambda value: value)
