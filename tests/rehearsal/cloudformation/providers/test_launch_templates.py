"""Launch templates count their versions."""

from rehearsal.cloudformation.providers.base import Request
from rehearsal.cloudformation.providers.ec2 import LaunchTemplates
from rehearsal.cloudformation.providers.identity import Identity
from rehearsal.cloudformation.resource import Resource


def test_an_update_is_a_new_latest_version(identity: Identity) -> None:
    templates = LaunchTemplates(identity)
    request = Request("stack-id", "Plane", "Nodes", "AWS::EC2::LaunchTemplate", {"LaunchTemplateData": {}}, "ab" * 32)
    made = templates.create(request)

    updated = templates.update(request, Resource("Nodes", request.type, made.physical_id, {}, made.attributes))

    assert updated.physical_id == made.physical_id
    assert updated.attributes["LatestVersionNumber"] == "2"
    assert updated.attributes["DefaultVersionNumber"] == "1"
