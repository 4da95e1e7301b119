"""The base of every configuration model: immutable, and strict about unknown keys and types."""

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Refuses unknown keys, and values that only resemble the declared type (`1.30` for "1.30")."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, validate_default=True)
