"""The graph has every dependency that a template implies, and the walk keeps to it."""

import threading

import pytest

from rehearsal.cloudformation.errors import ValidationError
from rehearsal.cloudformation.references import graph, mentioned
from rehearsal.cloudformation.walk import refuse_cycles, reversed_graph, walk


def test_every_kind_of_reference_is_found() -> None:
    value = {
        "a": [{"Ref": "One"}, {"Fn::GetAtt": ["Two", "Arn"]}, {"Fn::GetAtt": "Three.Arn"}],
        "b": {"Fn::Sub": "${Four}-${Five.Arn}-${!Literal}"},
        "c": {"Fn::Sub": ["${Own}", {"Own": {"Ref": "Six"}}]},
        "d": {"Fn::If": ["Condition", {"Ref": "Seven"}, {"Ref": "AWS::NoValue"}]},
    }

    names = mentioned(value)

    assert names == {"One", "Two", "Three", "Four", "Five", "Six", "Seven", "AWS::NoValue"}


def test_depends_on_counts_and_names_outside_the_resources_do_not() -> None:
    resources = {"A": {"DependsOn": "B", "Properties": {"x": {"Ref": "Parameter"}}}, "B": {"DependsOn": ["Gone"]}}

    needs = graph(resources)

    assert needs == {"A": frozenset({"B"}), "B": frozenset()}


def test_a_node_is_done_after_all_that_it_needs() -> None:
    needs = {"top": {"left", "right"}, "left": {"base"}, "right": {"base"}, "base": set[str]()}
    done: list[str] = []

    failures = walk(needs, done.append)

    assert failures == {}
    assert done[0] == "base"
    assert done[-1] == "top"


def test_independent_nodes_run_at_the_same_time() -> None:
    together = threading.Barrier(3, timeout=5)

    def work(node: str) -> None:
        together.wait()

    failures = walk({"a": set(), "b": set(), "c": set()}, work)

    assert failures == {}


def test_nothing_starts_after_a_failure() -> None:
    done: list[str] = []

    def work(node: str) -> None:
        done.append(node)
        if node == "bad":
            raise OSError(node)

    failures = walk({"bad": set(), "user": {"bad"}, "user of user": {"user"}}, work)

    assert list(failures) == ["bad"]
    assert done == ["bad"]


def test_keep_going_leaves_only_what_needs_the_failed_one() -> None:
    done: list[str] = []

    def work(node: str) -> None:
        if node == "bad":
            raise OSError(node)
        done.append(node)

    failures = walk({"bad": set(), "user": {"bad"}, "free": set(), "free user": {"free"}}, work, keep_going=True)

    assert list(failures) == ["bad"]
    assert done == ["free", "free user"]


def test_a_cycle_is_refused_with_its_members() -> None:
    with pytest.raises(ValidationError, match=r"Circular dependency between resources: \[A, B\]"):
        refuse_cycles({"A": {"B"}, "B": {"A"}, "C": set()})


def test_the_reversed_graph_makes_a_node_wait_for_its_users() -> None:
    users = reversed_graph({"subnet": {"vpc"}, "vpc": set()})

    assert users == {"vpc": {"subnet"}, "subnet": set()}
