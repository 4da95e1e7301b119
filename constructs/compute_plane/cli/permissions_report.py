"""Writes policies and comparisons for people and for programs."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from compute_plane.errors import UserError
from compute_plane.permissions.comparison import Lack
from compute_plane.permissions.documents import LONGEST, MOST, size
from compute_plane.permissions.plan import Part


def write_policies(parts: Sequence[Part], folder: Path, *, cluster: str) -> None:
    """One file a policy. What an earlier run wrote for the same cluster goes, so that no policy outlives its need."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in parts:
            for stale in folder.glob(f"{cluster}-{part.holder}*.json"):
                stale.unlink()
            for name, document in part.documents.items():
                (folder / f"{name}.json").write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"--output {folder}: {error.strerror}: {error.filename}") from error


def policies_report(parts: Sequence[Part], left_out: Sequence[str], *, as_json: bool, folder: Path | None) -> str:
    """The policies, or the files that they were written to; warnings go to standard error."""
    for part in parts:
        if len(part.documents) > MOST:
            sys.stderr.write(
                f"{part.title}: {len(part.documents)} policies, but a role takes {MOST} unless its quota is raised\n"
            )
    if as_json:
        content = {part.holder: part.documents for part in parts} | {"left_out": list(left_out)}
        return json.dumps(content, indent=2)
    lines: list[str] = []
    for part in parts:
        lines += [f"# {part.title}", ""]
        for name, document in part.documents.items():
            where = str(folder / f"{name}.json") if folder else name
            lines.append(f"# {where}: {size(document)} of {LONGEST} characters")
            lines += [] if folder else [json.dumps(document, indent=2), ""]
        lines += [""] if folder else []
    lines += ["# Left out, because the data of IAM's actions does not know them:"] if left_out else []
    lines += [f"#   {each}" for each in left_out]
    return "\n".join(lines).rstrip()


def comparison_report(lacks: Sequence[Lack], needed: int, *, as_json: bool) -> str:
    """A table with a row for each action and resource, and a summary."""
    if as_json:
        rows = [
            {
                "action": lack.need.action,
                "resource": lack.need.resource,
                "reason": lack.reason,
                "needed_by": [str(source) for source in lack.sources],
            }
            for lack in lacks
        ]
        return json.dumps({"needed": needed, "missing": rows}, indent=2)
    if not lacks:
        return f"Nothing is missing: all {needed} grants that the deployment needs are there."
    table = [("ACTION", "RESOURCE", "WHY", "NEEDED BY")]
    for lack in lacks:
        table.append((lack.need.action, lack.need.resource, lack.reason, ", ".join(map(str, lack.sources))))
    widths = [max(len(row[column]) for row in table) for column in range(3)]
    lines = [
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]]) for row in table
    ]
    actions = {lack.need.action for lack in lacks}
    services = {action.partition(":")[0] for action in actions}
    return "\n".join(
        [*lines, "", f"Missing: {len(lacks)} of {needed} grants: {len(actions)} actions of {len(services)} services."]
    )
