"""The journal tells how long each thing took."""

import time

from rehearsal.cloudformation.journal import Journal, shown

STACK = ("stack-id", "Plane")


def test_seconds_run_from_the_beginning_of_the_work_through_its_phases() -> None:
    journal = Journal()
    statuses = ("REVIEW_IN_PROGRESS", "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE")

    for status in statuses:
        journal.write(STACK, "Plane", "AWS::CloudFormation::Stack", status)
        time.sleep(0.02)

    seconds = [event.seconds for event in journal.since(0)]
    assert seconds[:2] == [0, 0]
    assert 0.02 <= seconds[2] < seconds[3]
    assert seconds[3] >= 0.04


def test_the_next_operation_starts_from_zero() -> None:
    journal = Journal()

    for status in ("CREATE_IN_PROGRESS", "CREATE_COMPLETE", "DELETE_IN_PROGRESS"):
        journal.write(STACK, "Chart", "Custom::Chart", status)
        time.sleep(0.01)

    assert journal.since(0)[-1].seconds == 0


def test_events_are_numbered_and_can_be_followed() -> None:
    journal = Journal()
    for number in range(3):
        journal.write(STACK, f"R{number}", "T", "CREATE_COMPLETE", reason="why")

    later = [shown(event) for event in journal.since(1)]

    assert [(one["n"], one["logical_id"], one["stack"], one["reason"]) for one in later] == [
        (1, "R1", "Plane", "why"),
        (2, "R2", "Plane", "why"),
    ]
