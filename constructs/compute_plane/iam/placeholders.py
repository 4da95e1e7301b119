"""Fills in `${…}` in a policy document: CloudFormation's pseudo parameters and values of our own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from aws_cdk import Aws

Value = str | list[str]
"""A list repeats the item that holds its placeholder, in a list of the document, once for each of its values."""

PLACEHOLDER = re.compile(r"\$\{([^}]+)\}")
PSEUDO_PARAMETERS = {
    "AWS::AccountId": "ACCOUNT_ID",
    "AWS::Partition": "PARTITION",
    "AWS::Region": "REGION",
    "AWS::URLSuffix": "URL_SUFFIX",
}
POLICY_VARIABLE = "aws:"
TOKEN = "${Token["
"""How CDK writes a value that is not known before deployment; asking CDK itself takes a millisecond."""


class DocumentError(ValueError):
    """A policy document, or a value given for it, is wrong."""


class Placeholders:
    """The values of one document's placeholders; every error names the document's file."""

    def __init__(self, file: str, values: Mapping[str, Value]) -> None:
        self._file = file
        self._values = values

    def fill(self, node: Any) -> Any:
        if isinstance(node, dict):
            return {self._key(key): self.fill(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled for item in node for filled in self._item(item)]
        return self._text(node) if isinstance(node, str) else node

    def _item(self, item: Any) -> list[Any]:
        for name in PLACEHOLDER.findall(item) if isinstance(item, str) else ():
            values = self._values.get(name)
            if isinstance(values, list):
                if not values:
                    raise DocumentError(f"{self._file}: the list given for ${{{name}}} is empty")
                each = [Placeholders(self._file, {**self._values, name: value}) for value in values]
                return [filled for one in each for filled in one._item(item)]
        return [self.fill(item)]

    def _key(self, key: str) -> str:
        filled = self._text(key)
        if filled != key and TOKEN in filled:
            raise DocumentError(
                f"{self._file}: '{key}' is a key, where CloudFormation accepts no token; give literal values"
            )
        return filled

    def _text(self, text: str) -> str:
        return PLACEHOLDER.sub(lambda match: self._value(match[1]), text)

    def _value(self, name: str) -> str:
        if name.startswith(POLICY_VARIABLE):
            return f"${{{name}}}"
        if name in PSEUDO_PARAMETERS:
            return pseudo_parameters()[name]
        value = self._values.get(name)
        if value is None:
            allowed = [*PSEUDO_PARAMETERS, *sorted(self._values)]
            raise DocumentError(f"{self._file}: no value for ${{{name}}}; allowed are {', '.join(allowed)}")
        if isinstance(value, list):
            raise DocumentError(f"{self._file}: ${{{name}}} was given a list, so it must stand in a list")
        return value


@cache
def pseudo_parameters() -> dict[str, str]:
    """CloudFormation's pseudo parameters and their tokens.

    The tokens never change, and each question for one crosses into CDK's JavaScript process.
    """
    return {name: getattr(Aws, attribute) for name, attribute in PSEUDO_PARAMETERS.items()}
