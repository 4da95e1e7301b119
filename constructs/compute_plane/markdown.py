"""Tables in Markdown."""

from collections.abc import Iterable, Sequence


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with one line a row; line breaks within a cell are kept."""
    lines = [headings, ["---"] * len(headings), *(list(map(cell, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def cell(text: str) -> str:
    """Markdown would read `*` as emphasis, `|` as the next cell and `<` as a tag."""
    escaped = text.replace("\\", "\\\\").replace("*", "\\*").replace("|", "\\|").replace("<", "&lt;")
    return escaped.replace("\n", "<br>")
