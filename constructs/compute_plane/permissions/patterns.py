"""Wildcard patterns as IAM reads them: `*` for any text, `?` for one character."""

import re
from functools import cache


def covers(outer: str, inner: str) -> bool:
    """Whether every text that `inner` matches is matched by `outer` too, as far as the pieces of `outer` show it.

    The wildcards of `inner` count as plain characters, which only a `*` of `outer` takes: never true by mistake.
    """
    return _expression(outer).fullmatch(inner) is not None


def overlap(first: str, second: str) -> bool:
    """Whether some text is matched by both patterns."""
    head = min(_literal(first), _literal(second))
    if first[:head] != second[:head]:
        return False
    # The positions in `second` at which a text may stand that the pieces of `first` so far have matched.
    reached = _skip({0}, second)
    for character in first:
        if character == "*":
            reached = set(range(min(reached), len(second) + 1)) if reached else reached
        else:
            reached = _skip({end for at in reached for end in _step(second, at, character)}, second)
        if not reached:
            return False
    return len(second) in reached


def _step(pattern: str, at: int, character: str) -> set[int]:
    """The positions after one character that another pattern asks for."""
    if at == len(pattern):
        return set()
    if pattern[at] == "*":
        return {at}
    return {at + 1} if "?" in (pattern[at], character) or pattern[at] == character else set()


def _skip(positions: set[int], pattern: str) -> set[int]:
    """The positions, and those behind the stars at which they stand."""
    found = set(positions)
    for position in positions:
        while position < len(pattern) and pattern[position] == "*":
            position += 1
            found.add(position)
    return found


def _literal(pattern: str) -> int:
    """How many characters come before the first wildcard."""
    wildcard = re.search(r"[*?]", pattern)
    return wildcard.start() if wildcard else len(pattern)


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "[^*]"), re.DOTALL)
