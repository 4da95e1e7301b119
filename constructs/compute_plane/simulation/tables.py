"""The tables of cases as their files hold them: every key is checked, nothing is guessed."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from ruamel.yaml import YAML

from compute_plane.iam.flatten import as_list
from compute_plane.simulation.patterns import SimulationError

Attack = Literal["other-cluster", "untagged", "foreign"]
Whose = Literal["this cluster", "another cluster", "nobody", "another VPC", "another account", "another region"]
Expected = Literal["allowed", "denied", "forbidden"]
Texts = dict[str, str]

ATTACKS: dict[str, Attack] = {
    "another cluster": "other-cluster",
    "nobody": "untagged",
    "another VPC": "foreign",
    "another account": "foreign",
}


class TableModel(BaseModel):
    """Part of a table: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Thing(TableModel):
    """What a row speaks of: an ARN with placeholders, or a role of the plane by its name."""

    arn: str | None = None
    role: str | None = None
    vpc: bool = False
    tags: Texts = {}

    @model_validator(mode="after")
    def _one_of_both(self) -> Thing:
        if self.arn and self.role:
            raise ValueError("a thing has an `arn` or is a `role`")
        return self


class Row(TableModel):
    """One line of a table; README.md says what each key means."""

    does: list[str] = Field(min_length=1)
    on: list[str] = []
    makes: list[str] = []
    of: list[Whose] = ["this cluster"]
    tags: Texts | None = None
    tagging: Texts = {}
    untagging: list[str] = []
    when: dict[str, str | list[str]] = {}
    by: list[str] = []
    with_rights: bool = False
    expected: Expected = Field(alias="is")
    attack: Attack | None = None

    @field_validator("does", "on", "makes", "of", "untagging", "by", mode="before")
    @classmethod
    def _one_is_a_list(cls, value: Any) -> list[Any]:
        return as_list(value)

    @model_validator(mode="after")
    def _one_kind_of_thing(self) -> Row:
        if self.on and self.makes:
            raise ValueError("a row says `on` or `makes`, not both")
        return self


class AssumedBy(TableModel):
    """Who may take the role."""

    service_account: str | None = Field(default=None, pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")
    service: str | None = None
    source: str | None = None
    principal: str | None = None
    external_id: str | None = None


class Unnamed(TableModel):
    """A role that AWS names, by the beginning of its logical id."""

    logical_id: str


class Table(TableModel):
    """The cases of one role, of one resource's policy, or of a policy that no role of the plane has."""

    role: str | Unnamed | None = None
    policy_of: str | None = None
    policy: str | None = None
    needs: str | None = None
    assumed_by: AssumedBy | None = None
    things: dict[str, Thing] = {}
    cases: list[Row] = []
    options: dict[str, list[Row]] = {}
    beside: dict[str, list[str]] = {}
    exempt: dict[str, dict[Attack, str]] = {}
    unpinned: dict[str, str] = {}

    @model_validator(mode="after")
    def _one_subject(self) -> Table:
        if [self.role, self.policy_of, self.policy].count(None) != 2:
            raise ValueError("a table is about one of: a `role`, the `policy_of` a thing, a `policy`")
        if self.role is not None and self.assumed_by is None:
            raise ValueError("the table of a role says by whom it is `assumed_by`")
        return self


class Id(TableModel):
    """One resource of a plane: its type, the beginning of its logical id where there are more, and what of it.

    `after` leaves out the beginning of an attribute up to this text.
    """

    type: str
    logical_id: str = ""
    attribute: str | None = None
    after: str = ""


class Vocabulary(TableModel):
    """What all tables share."""

    ids: dict[str, Id]
    things: dict[str, Thing]


Read = TypeVar("Read", bound=BaseModel)


def read(file: Path, model: type[Read]) -> Read:
    """Raises with the file's name and the place in it."""
    try:
        return model.model_validate(YAML(typ="safe").load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        places = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
        raise SimulationError(f"{file.name}: " + "; ".join(places)) from error
