"""The kinds of text that documents are made of.

Each has its pattern here, so that the published schemas hold it too.
"""

import ipaddress
import re
from typing import Annotated, Final, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel
from pydantic.main import BaseModel

API_VERSION: Final = "pairctl/v1alpha1"

_LABEL = r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"
_HOST = rf"({_LABEL}(\.{_LABEL})*|\[[0-9a-f:.]{{2,45}}\])"


class Strict(BaseModel):
    """A model that refuses fields it does not know and cannot change; YAML names are camelCase."""

    model_config = ConfigDict(
        defer_build=True,  # made when a document of the kind is read: most commands read few
        extra="forbid",
        frozen=True,
        strict=True,
        alias_generator=to_camel,
        serialize_by_alias=True,
    )


class Written(Strict):
    """A model that pairctl writes and reads back: made by the names of its fields here."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)


class ExactlyOne(Strict):
    """A model of which exactly one field is given."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _has_exactly_one(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"exactly one field is needed, {len(given)} are given")
        return self


def canonical_host(host: str) -> str:
    """Return `host` if it has one reading only: a DNS name or a canonical IP address.

    Raises ValueError for forms that resolvers read as addresses in their own ways: `127.1`, `0`,
    `2130706433`, `[::ffff:127.0.0.1]`.
    """
    try:
        canonical = _canonical_address(host)
    except ipaddress.AddressValueError as error:
        words = "the address is not in full; write it as in 10.0.42.10 or [2001:db8::1]"
        raise ValueError(words) from error
    if canonical != host:
        raise ValueError(f"the address is not in its canonical form; write {canonical}")
    return host


def _canonical_address(host: str) -> str:
    if host.startswith("["):
        address = ipaddress.IPv6Address(host[1:-1])
        return str(address.ipv4_mapped or f"[{address}]")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", host.rpartition(".")[2]):
        return str(ipaddress.IPv4Address(host))
    return host


def _endpoint(value: str) -> str:
    host, _, port = re.fullmatch(r"https://([^\[/]+?|\[.+\])(:(\d+))?", value).group(1, 2, 3)  # type: ignore[union-attr]  # the pattern has been checked
    canonical_host(host)
    if port and not 0 < int(port) < 65536:  # noqa: PLR2004 - TCP's own bounds
        raise ValueError(f"{port} is not a port; ports are 1 to 65535, and 443 where none is given")
    return value


def near_name(text: str) -> str:
    """Return `Store_0042` as `store-0042`; empty where its letters make no name."""
    name = re.sub(r"[ _.-]+", "-", text.lower()).strip("-")
    return name if re.fullmatch(NAME, name) else ""


def near_endpoint(text: str) -> str:
    """Return `http://Palette.acme.example/` as an endpoint; empty where its host makes none."""
    scheme, is_url, rest = text.rpartition("://")
    meant = "https://" + re.split(r"[/?#]", rest, maxsplit=1)[0].lower()
    if (is_url and scheme.lower() not in ("http", "https")) or not re.fullmatch(ENDPOINT, meant):
        return ""
    try:
        return _endpoint(meant)
    except ValueError:
        return ""


def as_endpoint(address: str, port: int) -> str:
    """Return an address as an endpoint: with the port where it names none.

    `10.0.42.10`, `store-42.example:5443`, `[2001:db8::1]` and `https://10.0.42.10` are addresses.
    Raises ValueError for anything else.
    """
    host = address.removeprefix("https://")
    endpoint = f"https://{host}" if re.search(r":[0-9]+$", host) else f"https://{host}:{port}"
    if not re.fullmatch(ENDPOINT, endpoint):
        raise ValueError(f"`{address}` is no address of a host; write 10.0.42.10 or HOST:PORT")
    return _endpoint(endpoint)


def as_name(text: str) -> str:
    """Return a text that is a name already. Raises ValueError, with a near one where there is."""
    if re.fullmatch(NAME, text):
        return text
    near = near_name(text)
    raise ValueError(f"`{text}` is no name; {f'write {near}' if near else FORMS[NAME]}")


def as_fingerprint(text: str) -> str:
    """Return a text that is a fingerprint already. Raises ValueError, with a near one."""
    if re.fullmatch(FINGERPRINT, text):
        return text
    near = near_fingerprint(text)
    raise ValueError(
        f"`{text[:80]}` is no fingerprint; {f'write {near}' if near else FORMS[FINGERPRINT]}"
    )


def near_fingerprint(text: str) -> str:
    """Return `SHA256 Fingerprint=9B:1F:...` as `sha256:9b1f...`; empty where it is none."""
    digits = re.sub(r"^sha-?256[^:=]*[:=]", "", text.lower().strip()).replace(":", "")
    meant = f"sha256:{digits}"
    return meant if re.fullmatch(FINGERPRINT, meant) else ""


NAME = rf"^{_LABEL}$"
_PACK_OR_PROFILE = r"^\S+( \S+)*$"
_VERSION = r"^[0-9A-Za-z][0-9A-Za-z.+_-]*$"
ENDPOINT = rf"^https://{_HOST}(:[0-9]{{1,5}})?$"
FINGERPRINT = r"^sha256:[0-9a-f]{64}$"
# Says the same as a fingerprint's pattern, in other signs: FORMS tells patterns apart.
_DIGEST = r"^sha256:[a-f0-9]{64}$"
_UID = r"^[0-9A-Za-z][0-9A-Za-z_-]{0,127}$"
LOCAL_UID = r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$"
# One part of a path, neither `.` nor `..`; pydantic's regular expressions know no look-ahead.
_ANY = r"[^/\\\x00-\x1f]"
_PART = rf"([^./\\\x00-\x1f]{_ANY}*|\.[^./\\\x00-\x1f]{_ANY}*|\.\.{_ANY}+)"
_REPOSITORY_PATH = rf"^{_PART}(/{_PART})*$"
_TABLE_PATH = rf"^{_PART}(/{_PART})*\.(csv|CSV)$"
COLUMN = r"[A-Za-z][0-9A-Za-z_-]{0,62}"
_COLUMN_NAME = rf"^{COLUMN}$"

FORMS = {
    NAME: "a name has lower-case letters, digits and hyphens, and begins and ends without one",
    _PACK_OR_PROFILE: "a name has no spaces at its ends, and single ones within",
    _VERSION: "a version has letters, digits and any of `.+_-`",
    ENDPOINT: "an endpoint is https://HOST or https://HOST:PORT, in lower case, with no path",
    FINGERPRINT: "a fingerprint is sha256: and 64 lower-case hex digits",
    _DIGEST: "a digest is sha256: and 64 lower-case hex digits, as a status or a plan has it",
    _UID: "a uid has letters, digits, hyphens and underscores",
    LOCAL_UID: "a uid of a host has letters, digits, and any of `._-`",
    _REPOSITORY_PATH: "a file is named from the repository's root, with `/` and without `..`",
    _TABLE_PATH: "a CSV file is named from the repository's root, with `/` and without `..`, and "
    "ends in .csv",
    _COLUMN_NAME: "a column's name begins with a letter, and has letters, digits, `_` and `-`",
}
"""What each pattern asks for, in words for a finding."""

Name = Annotated[
    str,
    Field(
        pattern=NAME,
        max_length=63,
        description="A DNS label: lower-case letters, digits and hyphens.",
        examples=["store-0042"],
    ),
]
Text = Annotated[str, Field(min_length=1, max_length=1024)]
PackName = Annotated[str, Field(pattern=_PACK_OR_PROFILE, max_length=253, examples=["cni-calico"])]
ProfileName = Annotated[
    str, Field(pattern=_PACK_OR_PROFILE, max_length=253, examples=["retail-infra"])
]
Version = Annotated[
    str,
    Field(
        pattern=_VERSION,
        max_length=128,
        description="A version, letter for letter. Quote it where YAML would read a number.",
        examples=["1.31.0"],
    ),
]
Endpoint = Annotated[
    str,
    Field(
        pattern=ENDPOINT,
        max_length=300,
        description="An https URL of host and port, with no path.",
        examples=["https://10.0.42.10:5080"],
    ),
    AfterValidator(_endpoint),
]
Fingerprint = Annotated[
    str,
    Field(
        pattern=FINGERPRINT,
        description="SHA-256 of the server's certificate (DER); `pairctl doctor` tells it.",
    ),
]
Digest = Annotated[str, Field(pattern=_DIGEST)]
RepositoryPath = Annotated[
    str,
    Field(
        pattern=_REPOSITORY_PATH,
        max_length=512,
        description="A file of the repository, from its root, with forward slashes.",
        examples=["certificates/ca.pem"],
    ),
]
TablePath = Annotated[
    str,
    Field(
        pattern=_TABLE_PATH,
        max_length=512,
        description="A CSV file of the repository, in the folder that documents are read from: "
        "UTF-8, with commas, and a first line that names the columns.",
        examples=["inventory/emea.csv"],
    ),
]
ColumnName = Annotated[str, Field(pattern=_COLUMN_NAME, max_length=63, examples=["address"])]
LocalUid = Annotated[
    str,
    Field(
        pattern=LOCAL_UID,
        description="The uid that Local UI shows; the case of its letters does not matter.",
    ),
]
Uid = Annotated[str, Field(pattern=_UID, examples=["6707f0a1b2c3d4e5f6a7b8c9"])]
