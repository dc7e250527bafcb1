"""The walkthroughs: one entry an example, in the order of docs/walkthroughs.md."""

from pairctl.demo.manual_steps import (
    accept,
    list_addresses,
    publish,
    reject_and_reinstall,
    switch_on,
)
from pairctl.demo.walkthrough import Document, Edit, Person, Run, Show, Walkthrough
from pairctl.exits import Exit
from pairctl.pairing import Phase
from pairctl.sim import EffectKind

APPLY = "apply --wait --interval 0.5"
FIRST, SECOND = "intents/store-0001.yaml", "intents/store-0002.yaml"
PAIRED: tuple[EffectKind, ...] = ("request", "accept")

ACKNOWLEDGED = "  attempt: 2\n  acknowledge: {{centralManagementOnly: {0}}}\n"
ONLY_INFRA = """\
apiVersion: pairctl/v1alpha1
kind: ProfileMatch
metadata: {name: retail-bare}
spec:
  palette: production
  profiles: [{name: retail-infra}]
"""

STORY = Walkthrough(
    "story",
    "three stores, from a commit to their statuses",
    (
        Document(
            "Operators commit an intent for each cluster",
            "intents/store-0001.yaml",
            ("desired", "endpoint", "Match", "acknowledge:"),
        ),
        Run("What would be done now, and what stands in the way", "plan", Exit.CHANGES),
        Run(
            "Carry it out: who is paired, who is blocked, and why",
            APPLY,
            Exit.BLOCKED,
        ),
        Show("The status is in the repository, on a branch of its own", "STATUS.md"),
    ),
    ends={
        "store-0001": Phase.PAIRED,
        "store-0003": Phase.BLOCKED,
        "store-0006": Phase.BLOCKED,
    },
    done={"store-0001": PAIRED, "store-0006": ("request",)},
    example="quickstart",
    is_brief=True,
    intents=("store-0001", "store-0003", "store-0006"),
)

QUICKSTART = Walkthrough(
    "quickstart",
    "six stores, from a commit to their statuses; and what helps the two that match nothing",
    (
        Run("A pull request proves the documents: no network, no secrets", "validate"),
        Run("What would be done now, by a client that cannot write", "plan", Exit.CHANGES),
        Run("Carry it out, until nothing is under way any more", APPLY, Exit.BLOCKED),
        Show("The status is in the repository, on a branch of its own", "STATUS.md"),
        Show("Every intent has all of its own", "status/store-0001.yaml"),
        Run("Once more: a settled world costs no write and no commit", "apply", Exit.BLOCKED),
        Run(
            "Why is store-0003 blocked, and what would help?",
            "explain store-0003 --repair ../repair.json",
            Exit.BLOCKED,
        ),
        Person("A person publishes that profile in Palette", publish("repair.json", "edge-retail")),
        Run("And store-0004?", "explain store-0004", Exit.BLOCKED),
        Edit(
            "It needs another selection, and nothing published",
            (
                ("retail-bare.yaml", "", ONLY_INFRA),
                (
                    "intents/store-0004.yaml",
                    "profileMatch: retail-split",
                    "profileMatch: retail-bare",
                ),
            ),
        ),
        Run("Both match now, and are paired", APPLY, Exit.BLOCKED),
    ),
    ends={
        **{f"store-000{number}": Phase.PAIRED for number in (1, 2, 3, 4)},
        "store-0005": Phase.BLOCKED,
        "store-0006": Phase.BLOCKED,
    },
    done={
        **{f"store-000{number}": PAIRED for number in (1, 2, 3, 4)},
        "store-0006": ("request",),
    },
)

INVENTORY = Walkthrough(
    "inventory",
    "from a list of addresses to a pull request",
    (
        Person(
            "A fleet begins as a list of names and addresses",
            list_addresses("inventory", "sites.csv"),
            "../sites.csv is written",
        ),
        Run(
            "Each host is asked for its certificate, and nothing is sent",
            "inventory ../sites.csv --pin",
        ),
        Run(
            "Clusters are read, matched by their stack, and written down",
            "inventory ../sites.csv --credentials store-local-ui"
            " --registration-token edge-retail --write intents",
        ),
        Run("What was written is valid as it is", "validate"),
        Edit(
            "Pair one of them: acknowledge it by its name",
            (("intents/sites.csv", ",store-0001,\n", ",store-0001,store-0001\n"),),
        ),
        Run("It is paired, and the other one waits", APPLY, Exit.BLOCKED),
    ),
    ends={"store-0001": Phase.PAIRED, "store-0002": Phase.BLOCKED},
    done={"store-0001": PAIRED, "store-0002": ("request",)},
)

AUTO_SELECT = Walkthrough(
    "auto-select",
    "let pairctl find the profiles",
    (
        Run("Two selections match: with `onAmbiguous: Block` a person picks", APPLY, Exit.BLOCKED),
        Edit(
            "Take the one with the fewest profiles",
            (("matches.yaml", "onAmbiguous: Block", "onAmbiguous: First"),),
        ),
        Run("The profiles are found, and proven like any others", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED},
    done={"store-0001": PAIRED},
)

CONSOLE = Walkthrough(
    "console",
    "leave the click to a person",
    (
        Run("The request is sent; the status tells what to click", APPLY, Exit.BLOCKED),
        Person(
            "A person does that in Palette's console",
            accept("store-0001", "retail-infra", "retail-observability"),
        ),
        Run("pairctl sees what came of it", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED},
    done={"store-0001": PAIRED},
)

WITHDRAW = Walkthrough(
    "withdraw",
    "take a pending request back",
    (
        Run("Without the acknowledgement the request waits", APPLY, Exit.BLOCKED),
        Edit("Keep the store local", ((FIRST, "desired: Paired", "desired: Local"),)),
        Run("The request is withdrawn, on both sides", APPLY),
    ),
    ends={"store-0001": Phase.LOCAL},
    done={"store-0001": ("request", "withdraw")},
)

REJECT = Walkthrough(
    "reject",
    "reject a pairing request by its tags",
    (
        Run("Of two pending requests, the one with the tags is rejected", APPLY),
        Show("The other is told, and left alone", "STATUS.md"),
    ),
    ends={"stolen-box": Phase.REJECTED},
    done={"store-0001": ("request", "reject"), "store-0002": ("request",)},
)

UNRECOGNIZED = Walkthrough(
    "unrecognized",
    "find, and reject, what nobody asked for",
    (
        Run("The intent's own cluster is paired, and no other", APPLY),
        Run("What no intent names can be committed", "discover", into="intents/found.yaml"),
        Run("Committed, it is rejected", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED, "reject-*": Phase.REJECTED},
    done={"store-0001": PAIRED, "store-0002": ("request", "reject")},
)

APPROVAL = Walkthrough(
    "approval",
    "accept only what somebody approved",
    (
        Run("Write a plan, and look at it", "plan --out ../plan.json", Exit.CHANGES),
        Run("Do what it holds, and nothing else", "apply --plan ../plan.json", Exit.BLOCKED),
        Run(
            "Print what there is to approve; whoever may do that commits it",
            "approve store-0001",
            into="approvals/store-0001.yaml",
        ),
        Run("What was approved, to the letter, is accepted", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED},
    done={"store-0001": PAIRED},
)

CAPS = Walkthrough(
    "caps",
    "accept only so many at once",
    (
        Run("Both are ready; the operator's file allows one a run", APPLY, Exit.BLOCKED),
        Run("The next run takes the next", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED, "store-0002": Phase.PAIRED},
    done={"store-0001": PAIRED, "store-0002": PAIRED},
)

_DARK = ("store-0012", "store-0040", "store-0041", "store-0042")

FLEET = Walkthrough(
    "fleet",
    "pair a fleet of 60 stores in three waves",
    (
        Run(
            "Approve the canary; whoever may do that commits it",
            "approve --wave emea/canary",
            into="approvals/emea-canary.yaml",
        ),
        Run("Wave after wave; four stores are dark, and two match nothing", APPLY, Exit.BLOCKED),
        Run("How far each wave is", "status --rollouts --all"),
        Person("The dark stores get power again", switch_on(*_DARK)),
        Run("They are caught up", APPLY, Exit.BLOCKED),
    ),
    ends={
        **{f"store-{number:04}": Phase.PAIRED for number in range(1, 59)},
        "store-0059": Phase.BLOCKED,
        "store-0060": Phase.BLOCKED,
    },
    done={f"store-{number:04}": PAIRED for number in range(1, 59)},
)

REPLACE_REQUEST = Walkthrough(
    "replace-request",
    "take a request to another Palette over",
    (
        Run("The host has asked another Palette", APPLY, Exit.BLOCKED),
        Edit(
            "That request may go",
            ((FIRST, "profileMatch: retail", "profileMatch: retail\n  replaceRequest: true"),),
        ),
        Run("Withdrawn there, sent here, paired", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED},
    done={"store-0001": ("withdraw", *PAIRED)},
)

TRY_AGAIN = Walkthrough(
    "try-again",
    "try again after a refusal, or after a host was installed anew",
    (
        Run("Both requests wait for the acknowledgement", APPLY, Exit.BLOCKED),
        Person(
            "One is rejected in Palette, and the other host is installed anew",
            reject_and_reinstall("store-0001", "store-0002"),
        ),
        Run("pairctl sees both, and sends nothing", APPLY, Exit.BLOCKED),
        Edit(
            "Settle it, then raise `attempt`",
            tuple(
                (file, "profileMatch: retail\n", "profileMatch: retail\n" + added)
                for file, added in (
                    (FIRST, ACKNOWLEDGED.format("store-0001")),
                    (SECOND, ACKNOWLEDGED.format("store-0002")),
                )
            ),
        ),
        Run("A new request for each, and both are paired", APPLY),
    ),
    ends={"store-0001": Phase.PAIRED, "store-0002": Phase.PAIRED},
    done={
        "store-0001": ("request", "reject", *PAIRED),
        "store-0002": ("request", *PAIRED),
    },
)

WALKTHROUGHS = (
    QUICKSTART,
    INVENTORY,
    FLEET,
    AUTO_SELECT,
    CONSOLE,
    WITHDRAW,
    REJECT,
    UNRECOGNIZED,
    CAPS,
    APPROVAL,
    REPLACE_REQUEST,
    TRY_AGAIN,
)
