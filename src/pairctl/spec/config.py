"""`Config`: what a person would type with each command. Never read from a repository."""

from typing import Annotated, Literal

from pydantic import Field

from pairctl.spec.fields import API_VERSION, Strict
from pairctl.spec.operators import HostPattern

Given = Annotated[str, Field(min_length=1, max_length=2048)]
Named = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2048,
        description="A path; `~` is your home, and a relative one begins at the file's folder.",
    ),
]


class ConfigSpec(Strict):
    """Options of the commands, by their names in camelCase; what is left out has its default."""

    repository: Given | None = Field(
        default=None,
        description="A path, or a clone URL (https, ssh).",
        examples=["git@git.example:edge/pairings.git"],
    )
    ref: Given | None = Field(
        default=None, description="The branch, tag or commit that holds the intents."
    )
    path: Given | None = Field(
        default=None, description="The folder of the repository that holds them."
    )
    status_branch: Given | None = Field(
        default=None, description="Where statuses are written; a branch that holds nothing else."
    )
    remote: Given | None = Field(
        default=None,
        description="For a path: the remote where intents are merged, and that keeps the status"
        " branch.",
    )
    heartbeat: Given | None = Field(
        default=None,
        description="The ref at the remote that says when `watch` looked last; `none` for none.",
        examples=["refs/pairctl/heartbeat/pairctl-status"],
    )
    operator: Named | None = Field(
        default=None,
        description="The operator's file; it never lies in the repository.",
        examples=["~/pairctl/operator.yaml"],
    )
    secrets_dir: Named | None = Field(
        default=None,
        description="The folder that holds one file or folder a secret. No value of a secret stands"
        " in this file.",
        examples=["~/pairctl/secrets"],
    )
    allow_host: Annotated[list[HostPattern], Field(min_length=1)] | None = Field(
        default=None, description="Without an operator's file: where secrets may go."
    )
    log_level: Literal["debug", "info", "warning", "error"] | None = Field(
        default=None,
        description="From which level on log lines are written; `watch` begins with `info`.",
    )
    log_format: Literal["text", "json"] | None = Field(
        default=None, description="How log lines are written."
    )


class Config(Strict):
    """The file of whoever types the commands: options that hold where nothing else is given."""

    api_version: Literal["pairctl/v1alpha1"] = Field(description=f"Always `{API_VERSION}`.")
    kind: Literal["Config"]
    spec: ConfigSpec = Field(default_factory=ConfigSpec, description="The options.")
