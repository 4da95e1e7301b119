"""The account of a vendor that provisions Kubernetes with Cluster API (Spectro Cloud, Palette)."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from compute_plane.config.model import Model
from compute_plane.config.platform import ExternalId
from compute_plane.tags import RESERVED


def _free(key: str) -> str:
    if key.lower().startswith(RESERVED):
        raise ValueError(f"must not begin as the tags of controllers do: {', '.join(RESERVED)}")
    return key


class CrossAccountConfig(Model):
    """A role with the four policies of the vendor, which principals of the vendor's account assume."""

    role_name: Annotated[str, Field(pattern=r"^[\w+=,.@-]{1,64}$")] = Field(
        default="SpectroCloudRole",
        description="The name that the vendor expects. It does not hold the plane's, so that an account has one such "
        "plane, or planes with different names here.",
    )
    account: Annotated[str, Field(pattern=r"^\d{12}$")] = Field(
        description="The vendor's AWS account id, in quotes; the vendor's console shows it."
    )
    external_id: ExternalId = Field(description="What the vendor must send; the vendor's console shows it.")
    form: Literal["tightened", "vendor"] = Field(
        default="tightened",
        description="What the four policies grant: the vendor's work on this plane's cluster alone, or the grants that "
        "the vendor prints, which reach everything in the account.",
    )
    tag_keys: list[Annotated[str, Field(pattern=r"^[A-Za-z0-9_ .:/+@-]+$", max_length=128), AfterValidator(_free)]] = (
        Field(
            default=[],
            max_length=10,
            description="Tightened: keys of further tags that the vendor sets (Cluster API's additionalTags), beside "
            "Cluster API's own, Name and the keys of `tags`. A request with any other key is refused.",
        )
    )
