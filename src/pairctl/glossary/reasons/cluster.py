"""Reasons that lie with the cluster, its hosts, or the registration token."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Phase

_blocked = partial(Reason, phases=(Phase.BLOCKED,))
_sick = partial(_blocked, conditions=(ConditionType.HEALTHY,))

CLUSTER = Group(
    "The cluster and its hosts",
    "The phase is `Blocked`. pairctl goes on by itself once a pass sees that it is mended.",
    (
        _sick(
            "NoCluster",
            "Local UI answers, and the edge host has no cluster",
            "the host shows a cluster",
            "create the cluster in Local UI, or correct the address below `localUI` in the intent",
        ),
        _sick(
            "ClusterNotRunning",
            "the cluster is in another state than `Running`: it is being made, deleted, or in "
            "error",
            "Local UI shows the cluster as `Running`",
            "wait, or repair the cluster",
        ),
        _sick(
            "NodeUnhealthy",
            "the cluster is `Running`, and a node is unhealthy or not `Running`; it is named",
            "every node is healthy",
            "repair the node",
        ),
        _sick(
            "NodesNotSeen",
            "the cluster shows no node, or not as many nodes as it has hosts: of a host without a "
            "node nobody knows whether it is healthy",
            "Local UI shows a node for each host of the cluster",
            "look at the cluster's nodes in Local UI: one may be joining, leaving, or dark",
        ),
        _sick(
            "ClusterUnhealthy",
            "every node is healthy, and the cluster as a whole says that it is not",
            "the cluster says that it is healthy",
            "repair the cluster; the message has its own words",
        ),
        _sick(
            "PackNotReady",
            "the cluster is `Running` and healthy, and a pack of it is being installed or updated, "
            "or has failed, by its status or a condition; words that are not known do not count",
            "no pack says so any more",
            "wait, or repair the pack that is named",
        ),
        _sick(
            "RebootPending",
            "the cluster says that a reboot of its hosts is pending",
            "the reboot is done",
            "let the hosts reboot",
        ),
        _blocked(
            "AnotherCluster",
            "the address answers for another cluster than it did before for this intent. Nothing "
            "is sent: it may be the wrong one",
            "the first cluster answers again, or the intent's address or `attempt` changes",
            "check the address; if the host was installed anew, raise `attempt` in the intent",
        ),
        _blocked(
            "HostsCannotReachPalette",
            "by the host's own check, not every host of the cluster reaches Palette",
            "the check succeeds",
            "open the way from the hosts to Palette: DNS, proxies and firewalls at the site",
            conditions=(ConditionType.CONNECTED,),
        ),
        _blocked(
            "NoLayers",
            "the cluster shows no packs, so that no profiles can match it",
            "Local UI shows the cluster's profiles",
            "look at the cluster's profiles in Local UI",
            conditions=(ConditionType.LAYERS_MATCHED,),
        ),
        _blocked(
            "LayersNotSeen",
            "the cluster was not seen, so that nothing can be proven about its layers",
            "Local UI shows the cluster",
            "see that Local UI shows the cluster",
        ),
        _blocked(
            "HostNotSeen",
            "nobody looked at the host in this pass",
            "the next pass",
        ),
    ),
)

TOKEN = Group(
    "The registration token",
    "The phase is `Blocked`, and nothing was sent. The token is looked at only when everything "
    "else that a request needs is proven. pairctl goes on by itself once a token can be used.",
    (
        _blocked(
            "TokenNotFound",
            "Palette has no registration token of the name in `registrationToken.fromPalette`",
            "there is one",
            "make the token in Palette, correct its name, or give the token as a secret",
        ),
        _blocked(
            "TokenAmbiguous",
            "Palette has several registration tokens of that name",
            "one is left, or the intent names another",
            "name a token that exists once, or give the token as a secret",
        ),
        _blocked(
            "TokenUnknown",
            "the token in the secret is none of this Palette's",
            "the secret holds one of Palette's tokens",
            "put the value of a token of this Palette into the secret",
        ),
        _blocked(
            "TokenExpired",
            "the token's time is over",
            "its time is extended, or the intent names another",
            "make a new token in Palette, or name another in `registrationToken`",
        ),
        _blocked(
            "TokenInactive",
            "the token is switched off in Palette",
            "it is active, or the intent names another",
            "activate the token in Palette, or name another in `registrationToken`",
        ),
        _blocked(
            "TokenOtherProject",
            "the token's default project is not the one that the Palette document names: the "
            "request would arrive in another project",
            "the two are the same",
            "name a token of this project, or correct `project` in the Palette document",
        ),
        _blocked(
            "NoToken",
            "no registration token was at hand when the host was to check its way to Palette",
            "a pass sees the token",
            "name one as `registrationToken` in the intent, if there is none",
            conditions=(ConditionType.CONNECTED,),
        ),
    ),
)
