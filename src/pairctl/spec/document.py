"""What documents of several kinds are made of.

Names of fields are those of the YAML in camelCase. A field that may be left out is `None` here; a
null in YAML is a finding. What a schema can say is said in the schema, so that editors say it too.
"""

from typing import Annotated, Literal

from pydantic import Field

from pairctl.spec.fields import API_VERSION, ExactlyOne, Fingerprint, Name, RepositoryPath, Strict


class Metadata(Strict):
    """The name that other documents refer to, and labels."""

    name: Name = Field(description="What other documents, and commands, call it.")
    labels: dict[Name, Annotated[str, Field(max_length=63)]] = Field(
        default={}, description="For people and tools; pairctl decides nothing by them."
    )


class Document(Strict):
    """What every kind shares."""

    api_version: Literal["pairctl/v1alpha1"] = Field(description=f"Always `{API_VERSION}`.")
    metadata: Metadata = Field(description="Its name, and labels.")


class SecretReference(Strict):
    """The name of a secret. The value comes from the secrets folder or the environment."""

    secret: Name = Field(
        description="The secret's name; its value never stands in a document.",
        examples=["store-local-ui"],
    )


class Tls(ExactlyOne):
    """How a server proves who it is, where its certificate is not signed by a known authority."""

    fingerprint: Fingerprint | None = None
    ca_file: RepositoryPath | None = Field(
        default=None,
        description="Authorities to trust: a file of the repository, certificates in PEM.",
    )
    insecure: Literal[True] | None = Field(
        default=None, description="Checks nothing. Works only where the operator's file allows it."
    )
