"""pairctl and the judge of the vendor's page, over stacks and catalogues that are made up.

Each world is what the simulated Palette and host would answer, read by pairctl's own models.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pairctl.apis.local_ui_answers import Applications
from pairctl.apis.profile_answers import ProfileItem
from pairctl.apis.profile_values import ProfilePacks
from pairctl.pairing import Accept, Observed, ProfileListing, decide, prove
from pairctl.sim import Pack
from pairctl.sim.judge import Offer, Ruling, rulings
from pairctl.sim.palette.catalog import Catalog, Profile
from pairctl.sim.palette.matching import judged, offer
from pairctl.sim.palette.payloads import profile_packs, profile_summary
from pairctl.spec import ProfileMatchSpec
from pairing_factory import (
    NOW,
    make_cluster,
    make_entry,
    make_host,
    make_intent,
    make_match,
    make_observed,
    make_request,
    make_snapshot,
    make_view,
)

CAUTIOUS: Mapping[str, str] = {
    "ConfigurationNotReviewed": "values that are no YAML are compared as text, and values beside "
    "none at all are a difference: a person reads what the judge may take for the same",
    "LayerNotComparable": "a pack without a version, or a layer, equals nothing: what both sides "
    "leave out may differ",
    "ProfileNotPublished": "Palette contradicts itself about what is published, or lists a draft "
    "beside it, or a pack of it does not say its version",
    "SeveralMatches": "`onAmbiguous: Block` leaves the choice to a person",
}
"""Why pairctl blocks what the page lets pass. Any other reason is a defect of one of the two."""

VALUES = st.sampled_from(["x: 1", "# the same\nx: 1", "x: 2", "{{ .macro }}: {", "", None])
PACKS = st.builds(
    Pack,
    name=st.sampled_from("ab"),
    version=st.sampled_from(["1", "1.0", "v1", ""]),
    layer=st.sampled_from(["k8s", "cni", "addon", "addon", ""]),
    type=st.sampled_from(["spectro", "helm", "manifest", "oci"]),
    values=VALUES,
)
LOCAL_PACKS = st.builds(
    replace, PACKS, version=st.sampled_from("12"), layer=st.sampled_from(["k8s", "addon"])
)
UNSAID_PACKS = st.builds(
    replace, PACKS, version=st.sampled_from(["1", ""]), layer=st.sampled_from(["addon", ""])
)
CLOUDS = st.sampled_from(["edge-native"] * 4 + ["all", "", "vsphere", "AWS"])
Values = Mapping[str, Mapping[str, str]]
NO_VALUES: Values = {}
AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """A cluster's packs, the profiles of a Palette, and what the ProfileMatch selects."""

    local: tuple[Pack, ...]
    catalog: Catalog
    wanted: ProfileMatchSpec

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """All profiles, by name."""
        return self.catalog.visible_from("project")

    def listings(self) -> tuple[ProfileListing, ...]:
        """Read what Palette lists, as pairctl does."""
        items = (profile_summary(profile) for profile in self.profiles)
        return tuple(ProfileItem.model_validate(item).fact() for item in items)

    def observed(self) -> Observed:
        """Return a look in which nothing but the match may stand in the way."""
        packs = [{**one.shown(), "values": one.shown_values} for one in self.local]
        document = {"clusterProfileTemplates": [{"packs": packs}]}
        seen = Applications.model_validate(document)
        cluster = make_cluster(stack=seen.stack(), configured=seen.configured())
        view = make_view(make_entry(), profiles=self.listings())
        selection = prove(cluster.stack, self.wanted, view.profiles).selection
        brought = [one for profile in selection for one in self._values_of(profile)]
        return make_observed(
            make_host(cluster=cluster, request=make_request()),
            view,
            snapshot=make_snapshot(stack=cluster.stack),
            brought=tuple(brought),
        )

    def _values_of(self, profile: Any) -> Any:
        found = self.catalog.version(profile.uid)
        assert found
        return ProfilePacks.model_validate(profile_packs(found[1])).values_of(profile)

    def offers(self, *uids: str, kept: Values = NO_VALUES) -> list[Offer]:
        """Return what is selected as the judge sees it, with the values that are sent along."""
        found = [offer(*entry) for uid in uids if (entry := self.catalog.version(uid))]
        return [
            replace(
                one,
                packs=tuple(
                    replace(pack, values=kept.get(one.uid, {}).get(pack.name, pack.values))
                    for pack in one.packs
                ),
            )
            for one in found
        ]

    def judge(self, offers: list[Offer]) -> tuple[Ruling, ...]:
        """Ask the judge, by the strictest reading of the page."""
        return rulings([judged(pack) for pack in self.local], offers, with_values=True)


HOWS = st.sampled_from(["add", "drop", "twice", "type", "type", "values", "version", "layer"])


def mutated(draw: st.DrawFn, packs: list[Pack]) -> list[Pack]:
    """Change a pack, or add one."""
    how, other = draw(HOWS), draw(PACKS)
    if how == "add" or not packs:
        return [*packs, other]
    place = draw(st.integers(0, len(packs) - 1))
    before, odd, after = packs[:place], packs[place], packs[place + 1 :]
    match how:
        case "drop":
            return [*before, *after]
        case "twice":
            return [*before, odd, odd, *after]
        case _:
            changes: dict[str, Any] = {how: getattr(other, how)}
            return [*before, replace(odd, **changes), *after]


@st.composite
def odd_profiles(draw: st.DrawFn, usual: Profile) -> Profile:
    """Make a profile that Palette would not let anybody select, or contradicts itself about."""
    return replace(
        usual,
        type=draw(st.sampled_from([usual.type, "system", "infra", "add-on"])),
        project_uid=draw(st.sampled_from([None, "project"])),
        cloud_type=draw(CLOUDS),
        disabled_packs=draw(st.sampled_from([0, 0, 1])),
        says_published=draw(st.sampled_from([None, None, False])),
        has_own_draft=draw(st.booleans()),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Make a cluster, deal its packs out to profiles, and change one thing of it, or nothing."""
    trouble = draw(
        st.sampled_from(["packs", "packs", "packs", "profile", "versions", "unsaid", ""])
    )
    kind = UNSAID_PACKS if trouble == "unsaid" else LOCAL_PACKS
    local = draw(st.lists(kind, min_size=1, max_size=3))
    hands = draw(st.lists(st.integers(0, 2), min_size=len(local), max_size=len(local)))
    troubled = draw(st.sampled_from(sorted(set(hands))))
    catalog = Catalog()
    for number in range(3):
        base = draw(st.sampled_from(["infra", "cluster"]))
        profile = Profile(f"p{number}", "add-on" if number else base, None)
        packs = [pack for pack, hand in zip(local, hands, strict=True) if hand == number]
        here = trouble if number == troubled else ""
        if here == "profile":
            profile = draw(odd_profiles(profile))
        if here == "versions":
            is_published = draw(st.booleans())
            old = mutated(draw, packs)
            catalog.publish(profile, "0.9.0", old, at=AT, is_published=is_published)
        last = mutated(draw, packs) if here == "packs" else packs
        is_published = here != "versions" or draw(st.booleans())
        catalog.publish(profile, "1.0.0", last, at=AT, is_published=is_published)
    return Case(tuple(local), catalog, draw(matches(hands)))


@st.composite
def matches(draw: st.DrawFn, hands: list[int]) -> ProfileMatchSpec:
    """Select the profiles that the packs were dealt out to, others, or leave it to a search."""
    fields: dict[str, Any] = {"valuesFrom": draw(st.sampled_from(["Profile", "Local"]))}
    if draw(st.booleans()):
        block = draw(st.sampled_from(["Block", "First"]))
        return make_match(profiles=None, select="Auto", onAmbiguous=block, **fields)
    names = [f"p{n}" for n in sorted({0, *hands})]
    if draw(st.integers(0, 5)) == 0:
        names = draw(st.lists(st.sampled_from(["p0", "p1", "p2"]), min_size=1, max_size=3))
    return make_match(profiles=[{"name": name} for name in dict.fromkeys(names)], **fields)


MANY = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@MANY
@given(cases())
def test_pairctl_never_accepts_what_the_judge_refuses(case: Case) -> None:
    """By the strictest reading of the page, over all that was sent with the acceptance."""
    intent = make_intent(match=case.wanted)
    action = decide(intent, case.observed(), now=NOW).verdict.action
    if isinstance(action, Accept):
        offers = case.offers(*(one.uid for one in action.profiles), kept=action.kept)
        assert case.judge(offers) == ()


@MANY
@given(cases())
def test_what_pairctl_blocks_and_the_judge_accepts_has_a_stated_reason(case: Case) -> None:
    """Blocking is never a matter of chance: each kind of it is listed, with why."""
    if not any(case.judge(case.offers(*uids)) == () for uids in selections(case)):
        return
    verdict = decide(make_intent(match=case.wanted), case.observed(), now=NOW).verdict
    if not isinstance(verdict.action, Accept):
        assert verdict.reason in CAUTIOUS, verdict.message


def selections(case: Case) -> Iterator[tuple[str, ...]]:
    """Yield what the ProfileMatch may mean: the profiles that it names, or any that are usable."""
    if case.wanted.profiles is not None:
        names = [reference.name for reference in case.wanted.profiles]
        yield tuple(one.shown.uid for name in names for one in case.profiles if one.name == name)
        return
    # A search leaves out what brings nothing, also as a base.
    usable = [one.latest.uid for one in case.listings() if one.latest and one.latest.layers]
    for count in range(1, len(usable) + 1):
        yield from combinations(usable, count)


def test_the_made_up_worlds_are_of_all_kinds() -> None:
    """Some are accepted, some refused by both, and some by pairctl alone."""
    seen: Counter[str] = Counter()

    @MANY
    @given(cases())
    def count(case: Case) -> None:
        verdict = decide(make_intent(match=case.wanted), case.observed(), now=NOW).verdict
        seen[verdict.reason if verdict.action is None else "accepted"] += 1

    count()
    assert seen["accepted"] > 10
    assert {"LayersDiffer", "NoExactMatch", *CAUTIOUS} - {"SeveralMatches"} <= set(seen)
