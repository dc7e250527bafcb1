"""Reasons that lie with the selection of profiles."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Phase

_blocked = partial(Reason, phases=(Phase.BLOCKED,))
_unproven = partial(_blocked, conditions=(ConditionType.LAYERS_MATCHED,))

MATCH = Group(
    "The match",
    "The phase is `Blocked`. Palette accepts a cluster only with profiles that have exactly its "
    "layers: the same packs in the same versions, nothing more, and only latest profile versions. "
    "The proof is made anew with every pass, on the layers as they are then, so pairctl goes on "
    "by itself once it holds.",
    (
        _unproven(
            "LayersDiffer",
            "the selected profiles and the cluster do not have the same layers; the message tells "
            "the differences",
            "they are equal: the cluster was changed, a profile was published, or the "
            "ProfileMatch selects others",
            "`pairctl explain NAME` shows both stacks, the nearest selections, and for each what "
            "to publish or select",
        ),
        _unproven(
            "SelectionInvalid",
            "the selection cannot be used whatever the layers: two base profiles, none, a profile "
            "twice, or one of a type that is not selected",
            "the ProfileMatch selects otherwise",
            "select one infra or one full profile, and any number of add-ons, each once",
        ),
        _unproven(
            "DeclaredLayersDiffer",
            "the ProfileMatch declares its `layers`, and the cluster has others. The profiles "
            "match; the document says that they are meant for another stack",
            "the two are equal, or the intent refers to another ProfileMatch",
            "correct `layers` in the ProfileMatch, or refer to one that is meant for this stack",
        ),
        _unproven(
            "NoExactMatch",
            "`select: Auto`, and no set of latest profile versions has exactly the cluster's "
            "layers",
            "there is such a set",
            "publish profiles with these layers: `pairctl explain NAME` tells what is missing",
        ),
        _unproven(
            "SeveralMatches",
            "`select: Auto`, and several sets of profiles match exactly: more than 50 of them, or "
            "`onAmbiguous: Block`",
            "one set is left, or the ProfileMatch names profiles",
            "name the profiles that are meant as `profiles` in the ProfileMatch",
        ),
        _unproven(
            "SearchTooLarge",
            "`select: Auto`, and the search was left at its limit. Nothing is guessed",
            "the profiles, or the ProfileMatch, change",
            "name the profiles that are meant as `profiles` in the ProfileMatch",
        ),
        _unproven(
            "ProfileNotFound",
            "a profile of the selection is not in the project, or not in sight of the API key",
            "Palette lists it, or the ProfileMatch names another",
            "check the name in the ProfileMatch, and `project` in the Palette document",
        ),
        _unproven(
            "LayerNotComparable",
            "Local UI shows a pack of the cluster without its layer, name or version. Only a "
            "manifest may lack a version: it matches a manifest of the same name without one",
            "Local UI says what the pack is",
            "replace the pack by one that says its layer and version, or pair the cluster by hand",
        ),
        _unproven(
            "ProfileAmbiguous",
            "several profiles have the name, in the project, the tenant or the system",
            "one of that name is left in sight",
            "give the profiles different names in Palette",
        ),
        _unproven(
            "ProfileNotPublished",
            "the profile has no published version that could be selected: it is a draft, is for "
            "another cloud than edge-native, has a pack that is disabled, or its latest version "
            "cannot be told; the message says which",
            "Palette lists a published version",
            "publish the profile, or name another in the ProfileMatch",
        ),
        _unproven(
            "ProfileNotLatest",
            "the ProfileMatch guards a profile with a `version`, and the latest is another",
            "the two are the same",
            "look at what has changed, then write the latest version into the ProfileMatch",
        ),
        _blocked(
            "NoProfileMatch",
            "the intent names no ProfileMatch to prove the cluster's layers with",
            "it names one",
            "name one as `profileMatch` in the intent",
        ),
        _blocked(
            "LayersChanged",
            "the cluster's layers are not those that its pairing request was sent with. Palette "
            "would compare the selection with the old ones",
            "a new request carries the layers as they are",
            "take the request back with `desired: Local` in the intent, then write "
            "`desired: Paired` again",
        ),
        _blocked(
            "VariableUnknown",
            "a value is given for a profile variable that no selected profile has",
            "the variable is there, or the value is gone",
            "correct `variables` in the intent, or in the ProfileMatch",
        ),
        _blocked(
            "PackUnknown",
            "values are given for a pack that no selected profile has",
            "the pack is there, or the values are gone",
            "correct `values` in the intent, or in the ProfileMatch",
        ),
        _blocked(
            "PaletteObjects",
            "Palette's own validation finds something wrong with the acceptance; the message has "
            "its words",
            "Palette finds the acceptance valid",
            "correct the ProfileMatch, its values, or the profiles in Palette",
        ),
        _blocked(
            "NotValidated",
            "everything is proven, and Palette was not asked to validate the acceptance yet",
            "the next pass",
        ),
        _blocked(
            "ConfigurationNotReviewed",
            "the selected profiles, or the documents, bring other values of packs than the running "
            "cluster has, and nobody has said that they were read; or the values of one side "
            "cannot be read. The message tells the first differences, without what may be secret",
            "the values are the same, or the ProfileMatch names the difference in `reviewed`",
            "`pairctl explain NAME` shows all differences and prints the line to commit; or write "
            "`valuesFrom: Local` into the ProfileMatch, and the cluster keeps its own values",
        ),
        _blocked(
            "ConfigurationDiffers",
            "`configuration: Same`, and the selected profiles bring other values of packs than the "
            "running cluster has, or the values of one side cannot be read",
            "the values are the same",
            "publish the profiles with the cluster's values, or write `valuesFrom: Local` into the "
            "ProfileMatch",
        ),
        _blocked(
            "ConfigurationNotSeen",
            "the values of the selected profiles were not looked at yet",
            "a pass looks at them",
            "look again: `pairctl apply`",
        ),
    ),
)
