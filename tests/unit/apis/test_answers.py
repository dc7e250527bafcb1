"""Answers keep what is needed, and no secret by name."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pairctl.apis import ApiFailure, failures, local_ui_answers, palette_answers, profile_answers
from pairctl.apis.answers import Answer, AnswerModel
from pairctl.apis.local_ui_answers import Applications, Cluster
from pairctl.apis.palette_answers import Page
from pairctl.apis.profile_answers import ProfileItem
from pairctl.apis.routes import READING_LOCAL_UI, Operation
from pairctl.apis.translation import Call

SECRET_FIELDS = {"kubeconfig", "registrationtoken", "localclustertoken", "packserversecret"}
CALL = Call(Operation.GET_CLUSTER, READING_LOCAL_UI[Operation.GET_CLUSTER], "https://10.0.0.1")


def models() -> list[type[AnswerModel]]:
    """Return every model of an answer."""
    rooms = (local_ui_answers, palette_answers, profile_answers)
    found = (it for room in rooms for it in vars(room).values() if isinstance(it, type))
    return [it for it in found if issubclass(it, AnswerModel)]


@pytest.mark.parametrize("model", models(), ids=lambda model: model.__name__)
def test_no_field_holds_what_must_not_be_kept(model: type[AnswerModel]) -> None:
    """Kubeconfigs, tokens and pack server secrets are dropped when an answer is parsed."""
    names = {*model.model_fields, *(field.alias or "" for field in model.model_fields.values())}
    assert not {name.replace("_", "").casefold() for name in names} & SECRET_FIELDS


def outcome(read: Callable[[], object]) -> object:
    """Return what comes of reading: the result, or the failure."""
    try:
        return read()
    except ApiFailure as failure:
        return failure


def anything() -> st.SearchStrategy[object]:
    """Return any JSON, with names that the models know among its keys."""
    names = ["metadata", "id", "uid", "name", "status", "items", "packs", "layer", "version",
             "clusterProfileTemplates", "nodePools", "nodes", "health", "specSummary",
             "versions", "published", "tags", "listmeta", "continue"]  # fmt: skip
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    keys = st.sampled_from(names) | st.text()
    return st.recursive(leaves, lambda it: st.lists(it) | st.dictionaries(keys, it), max_leaves=30)


@given(anything())
def test_any_json_is_read_or_refused(document: object) -> None:
    """Nothing but an ApiFailure comes of an answer, however odd."""
    for model in (Cluster, Applications, Page[ProfileItem]):
        read = outcome(lambda model=model: Answer(CALL, 200).fields(document, model))
        if isinstance(read, Page):
            assert all(item.fact().name == item.metadata.name for item in read.items)
        elif isinstance(read, Exception):
            assert type(read) is failures.UnexpectedAnswer


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """A body is JSON or an ApiFailure, never a crash."""
    read = outcome(Answer(CALL, 200, "application/json", body).document)
    if isinstance(read, Exception):
        assert read.__context__ is None


def test_an_answer_shows_its_size_only() -> None:
    """Its repr may end up in a traceback."""
    assert repr(Answer(CALL, 200, "application/json", b"canary")) == "Answer(200, 6 bytes)"


def test_half_characters_are_refused() -> None:
    """A lone surrogate could not be written into a status."""
    body = b'{"metadata": {"id": "x", "name": "\\ud800"}}'
    with pytest.raises(failures.UnexpectedAnswer):
        Answer(CALL, 200, "application/json", body).read(Cluster)
