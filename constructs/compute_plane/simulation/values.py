"""Fills in a table's placeholders: with this plane's values, or with those of whoever else a row speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from compute_plane.simulation.patterns import SimulationError
from compute_plane.simulation.plane import Plane
from compute_plane.simulation.tables import Id, Thing, Whose

OTHER = "payments-west"
UNRELATED = "bookkeeping"
OTHER_ACCOUNT = "888899990000"
OTHER_REGION = "ap-southeast-2"
PLACEHOLDER = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")
NEXT_DIGIT = str.maketrans("0123456789abcdefABCDEF", "123456789abcdef0BCDEFA")


@dataclass(frozen=True)
class Concrete:
    """A thing with all its values; `vpc` is an ARN."""

    arn: str
    account: str
    tags: Mapping[str, str]
    vpc: str | None


class Values:
    """The placeholders of one plane."""

    def __init__(self, plane: Plane, ids: Mapping[str, Id]) -> None:
        self._plane = plane
        found = {name: plane.identifier(each.type, each.logical_id, each.attribute) for name, each in ids.items()}
        self._ids = {
            name: identifier.partition(ids[name].after)[2] if ids[name].after else identifier
            for name, identifier in found.items()
            if identifier
        }
        self._missing = set(found) - set(self._ids)
        self.ours: dict[str, str] = {
            **self._ids,
            "CLUSTER": plane.cluster,
            "ACCOUNT": plane.account,
            "REGION": plane.region,
            "OTHER": OTHER,
            "OTHER_ACCOUNT": OTHER_ACCOUNT,
            "OTHER_REGION": OTHER_REGION,
            "OTHER_VPC": _other(self._ids["VPC"]),
        }

    @property
    def names(self) -> dict[str, str]:
        """The placeholders of what is this plane's alone, by its values; longer values first."""
        own = {value: name for name, value in self.ours.items() if name in {*self._ids, "CLUSTER", "OTHER_VPC"}}
        return dict(sorted(own.items(), key=lambda each: -len(each[0])))

    def has(self, thing: Thing) -> bool:
        """Whether the plane has the resource whose id a thing's ARN names."""
        return not self._missing.intersection(PLACEHOLDER.findall(thing.arn or ""))

    def fill(self, value: Any, values: Mapping[str, str] | None = None) -> Any:
        """A text, or every text in a mapping or list."""
        given = self.ours if values is None else values
        if isinstance(value, str):
            return PLACEHOLDER.sub(lambda found: self._value(found[0], given), value)
        if isinstance(value, Mapping):
            return {self.fill(key, given): self.fill(each, given) for key, each in value.items()}
        return [self.fill(each, given) for each in value] if isinstance(value, list) else value

    def _value(self, name: str, given: Mapping[str, str]) -> str:
        if name in self._missing:
            raise SimulationError(f"the plane has no {name}")
        return given.get(name, name)

    def concrete(self, thing: Thing, whose: Whose, tags: Mapping[str, str] | None = None) -> Concrete:
        """A thing of this cluster, or the same of somebody else. `tags` stand for the thing's own."""
        arn = self._arn(thing)
        kept = thing.tags if tags is None else tags
        values = dict(self.ours)
        if whose == "another cluster":
            self._rename(arn, kept, OTHER, values)
        elif whose == "nobody":
            if kept:
                kept = {}
            else:
                self._rename(arn, kept, UNRELATED, values)
        elif whose == "another VPC":
            values["VPC"] = values["OTHER_VPC"]
        elif whose == "another account":
            values["ACCOUNT"] = OTHER_ACCOUNT
            # Nobody sees the tags of what another account shares.
            kept = kept if "ACCOUNT" in arn else {}
        elif whose == "another region":
            values["REGION"] = OTHER_REGION
        vpc = self.fill("arn:aws:ec2:REGION:ACCOUNT:vpc/VPC", values) if thing.vpc else None
        found = Concrete(self.fill(arn, values), values["ACCOUNT"], self.fill(kept, values), vpc)
        if whose != "this cluster" and replace(found, account="") == replace(
            self.concrete(thing, "this cluster", tags), account=""
        ):
            raise SimulationError(f"'{whose}' changes nothing of {arn}: nothing in it says whose it is")
        return found

    def _arn(self, thing: Thing) -> str:
        """With placeholders, so that it can become somebody else's. A role that the plane lacks has no path."""
        if thing.arn:
            return thing.arn
        role = self._plane.role(self.fill(thing.role or ""))
        if role is None:
            return f"arn:aws:iam::ACCOUNT:role/{thing.role}"
        return role.arn.replace(self._plane.cluster, "CLUSTER").replace(self._plane.account, "ACCOUNT")

    def _rename(self, arn: str, tags: Mapping[str, str], name: str, values: dict[str, str]) -> None:
        """Another name for the cluster; where the thing does not name it, other ids of what the cluster made."""
        if re.search(r"\bCLUSTER\b", f"{arn} {tags}"):
            values["CLUSTER"] = name
        else:
            times = 1 if name == OTHER else 2
            values.update({key: _other(identifier, times) for key, identifier in self._ids.items()})


def _other(identifier: str, times: int = 1) -> str:
    """An id of the same form: every digit after the prefix is another one."""
    prefix, dash, digits = identifier.partition("-") if not identifier[:8].isalnum() else ("", "", identifier)
    for _ in range(times):
        digits = digits.translate(NEXT_DIGIT)
    return f"{prefix}{dash}{digits}"
