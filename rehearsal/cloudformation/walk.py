"""Walks a dependency graph with several workers, each node after what it needs."""

from collections.abc import Callable, Mapping, Set
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from rehearsal.cloudformation.errors import ValidationError

WORKERS = 8


def walk(
    needs: Mapping[str, Set[str]],
    work: Callable[[str], None],
    *,
    keep_going: bool = False,
) -> dict[str, Exception]:
    """Do `work` for every node; the failures by node.

    After a failure nothing new starts, unless `keep_going`: then only what needs a failed node stays undone.
    """
    refuse_cycles(needs)
    waiting = dict(needs)
    done: set[str] = set()
    failures: dict[str, Exception] = {}
    running: dict[Future[None], str] = {}
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="walk") as pool:
        while True:
            if keep_going or not failures:
                for node in [node for node, needed in waiting.items() if needed <= done]:
                    del waiting[node]
                    running[pool.submit(work, node)] = node
            if not running:
                return failures
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                node = running.pop(future)
                error = future.exception()
                if error is None:
                    done.add(node)
                elif isinstance(error, Exception):
                    failures[node] = error
                else:
                    raise error


def refuse_cycles(needs: Mapping[str, Set[str]]) -> None:
    """CloudFormation's refusal of a template whose resources need each other."""
    waiting, done = dict(needs), set[str]()
    while ready := [node for node, needed in waiting.items() if needed <= done]:
        done.update(ready)
        for node in ready:
            del waiting[node]
    if waiting:
        names = ", ".join(sorted(waiting))
        raise ValidationError(f"Circular dependency between resources: [{names}]")


def reversed_graph(needs: Mapping[str, Set[str]]) -> dict[str, set[str]]:
    """The same graph the other way round, for deletion: a node waits for all that need it."""
    users: dict[str, set[str]] = {node: set() for node in needs}
    for node, needed in needs.items():
        for one in needed:
            if one in users:
                users[one].add(node)
    return users
