"""Names and zones of DNS, as Route 53 and the policies of roles write them."""

from typing import Annotated

from pydantic import Field

Domain = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        max_length=253,
        description="A domain in lower case, without a dot at its end: example.com.",
    ),
]
HostedZoneId = Annotated[
    str, Field(pattern=r"^Z[A-Z0-9]{3,31}$", description="Id of a Route 53 hosted zone: Z0123456789ABCDEFGHIJ.")
]
