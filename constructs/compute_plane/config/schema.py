"""Writes `config/schema.json`, which editors use to complete and check an environment's file."""

import json
from pathlib import Path
from typing import Any

from compute_plane.config.environment import EnvironmentConfig

FILE = Path(__file__).parents[3] / "config" / "schema.json"


def schema() -> dict[str, Any]:
    """The JSON schema of an environment."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **EnvironmentConfig.model_json_schema(),
    }


def text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
