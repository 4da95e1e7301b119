"""Forms become nested values, results become XML."""

from rehearsal.cloudformation import query


def test_members_are_lists_in_their_order() -> None:
    form = {
        "Action": "CreateStack",
        "Tags.member.2.Key": "b",
        "Tags.member.1.Key": "a",
        "RollbackConfiguration.MonitoringTimeInMinutes": "0",
    }

    call = query.nested(form)

    assert call == {
        "Action": "CreateStack",
        "Tags": [{"Key": "a"}, {"Key": "b"}],
        "RollbackConfiguration": {"MonitoringTimeInMinutes": "0"},
    }


def test_a_result_escapes_text_and_leaves_out_what_is_missing() -> None:
    xml = query.answer("Get", {"Text": "a<b", "Missing": None, "Yes": True, "List": [1]}, "id")

    assert "<Text>a&lt;b</Text><Yes>true</Yes><List><member>1</member></List>" in xml
    assert "Missing" not in xml


def test_a_refusal_has_its_code_and_message() -> None:
    xml = query.refusal("ValidationError", "a & b", "id")

    assert "<Code>ValidationError</Code><Message>a &amp; b</Message>" in xml
