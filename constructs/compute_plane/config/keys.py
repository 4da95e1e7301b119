"""KMS keys that exist already, as an operator names them."""

from typing import Annotated

from pydantic import Field

KeyArn = Annotated[
    str,
    Field(
        pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/(mrk-)?[0-9a-f-]+$",
        description="ARN of a KMS key of this region; an alias is no key, and IAM takes none.",
    ),
]


def region_of(arn: str) -> str:
    """The region in an ARN."""
    return arn.split(":")[3]
