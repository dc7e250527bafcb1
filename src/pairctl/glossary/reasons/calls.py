"""Reasons that a call to Palette or to Local UI comes to."""

from functools import partial

from pairctl.glossary.reason import Group, Reason
from pairctl.pairing import ConditionType, Phase

_call = partial(
    Reason,
    phases=(Phase.BLOCKED,),
    conditions=(ConditionType.REACHABLE, ConditionType.CONNECTED),
)
_AGAIN = "a later pass gets the answer"

CONNECTION = Group(
    "The way to a server",
    "The phase is `Blocked`, with what was called and why it failed. `Reachable` is False where "
    "the first look at Palette or Local UI failed, `Connected` where the host was to check its "
    "own way. Every pass tries again; `pairctl doctor NAME` walks the way step by step.",
    (
        _call(
            "Unreachable",
            "there is no connection: no address in DNS, nobody at the port, no way there, or no "
            "answer in time",
            "a later pass gets through",
            "see that the server runs; check the endpoint, DNS, and firewalls on the way",
        ),
        _call(
            "CertificateUnknown",
            "the server's certificate leads to no authority that is trusted. No login was sent",
            "the document pins the certificate or names its authority, or the server has another",
            "compare the fingerprint in the message with the server's own, then pin it as "
            "`tls.fingerprint`, or name the authority as `tls.caFile`",
        ),
        _call(
            "CertificateChanged",
            "the server shows another certificate than the one that the document pins. No login "
            "was sent: somebody may stand in between",
            "the pinned certificate is back, or the document pins the new one",
            "find out why it changed. If it was renewed, write the new fingerprint into the "
            "document, or its row",
        ),
        _call(
            "TlsUntrusted",
            "TLS itself failed: the protocol, the ciphers, or a certificate that cannot be used",
            "a later pass gets through",
            "correct the server's TLS settings",
        ),
        _call(
            "ClientCertificateRequired",
            "the server lets nobody in without a client certificate (mutual TLS), and pairctl has "
            "none to show. It is not tried again at once",
            "the server lets pairctl in without one, or the document names another endpoint",
            "let pairctl in without one, at the server or at the proxy before it, or write an "
            "endpoint that wants none",
        ),
        _call(
            "NoAnswer",
            "the connection stood, and the answer was cut off or took too long",
            _AGAIN,
            "nothing at first; if it stays, look at the server and at what is in between",
        ),
        _call(
            "NotTheApi",
            "something else answered: a portal, a proxy, or a server without this path",
            "the API answers",
            "check the endpoint; for a path that is not published, `routes` in the operator's file",
        ),
        _call(
            "NoSuchRoute",
            "the server has no such path (404 or 405 in the words of a web framework): Palette's "
            "paths of pairing requests are not published, and an old Local UI has no pairing",
            "the path is served; for an action, the intent changes as well",
            "give the path as `routes` in the operator's file, or update the host; then raise "
            "`attempt` in the intent",
        ),
        _call(
            "UnexpectedRedirect",
            "the server redirects, and redirects are never followed: a secret could go astray",
            "the endpoint answers by itself",
            "write the endpoint that it leads to into the document",
        ),
        _call(
            "RateLimited",
            "Palette or a host asks to slow down (429). The call was not applied; where it was an "
            "action, the phase stays as it was",
            _AGAIN,
            "nothing; pairctl has slowed down. Other tools at the same address count too",
        ),
        _call(
            "ServerError",
            "the server failed by itself (5xx) while it was read",
            _AGAIN,
            "nothing at first; if it stays, look at the server",
        ),
    ),
)

ANSWERS = Group(
    "What a server says",
    "The phase is `Blocked`; the message has the server's words. A definite no to an action is "
    "not asked for again until the intent changes: `waitingFor` says so, and `attempt` can be "
    "raised once it is settled.",
    (
        _call(
            "Unauthorized",
            "the API key, or the session, is not accepted (401). Where it is for an action alone, "
            "that is tried three times, and then every ten minutes",
            "the secret holds a key that is accepted",
            "check the key, and that it has not expired; put the right one into the secret",
        ),
        _call(
            "AuthenticationFailed",
            "Local UI does not accept user and password. It is not tried again with the same "
            "ones: accounts lock after a few tries",
            "the secret changes",
            "correct the secret",
        ),
        _call(
            "LoginUnusable",
            "the login was answered without a token that can be used: at the first login, Local "
            "UI wants a new password",
            "a login leads to a token",
            "log in to Local UI by hand once; change the password if it asks, and the secret too",
        ),
        _call(
            "Forbidden",
            "a permission is missing (403)",
            "the user has it",
            "give the key's user the permission that the message names, in the project or the "
            "tenant",
        ),
        _call(
            "NotFound",
            "the server does not have the object (404)",
            "it is there",
            "check what the message names: it may have been deleted, or be in another project",
        ),
        _call(
            "Refused",
            "the server understood the call and declined it (another 4xx)",
            "the server takes it; for an action, the intent changes",
            "do what the server's words ask for, then raise `attempt` in the intent",
        ),
        _call(
            "ProjectNotFound",
            "the Palette document names a project that cannot be seen with this key",
            "the project is in sight",
            "check `project` in the Palette document, and what the key's user may see",
        ),
        _call(
            "ProjectAmbiguous",
            "several projects have the name",
            "the document gives a uid",
            "write the uid of the one that is meant as `project`",
        ),
        _call(
            "UnexpectedAnswer",
            "the answer cannot be read: a field is missing, of another type, too long, or a name "
            "with characters that cannot be shown. Its value is never shown",
            "the answer can be read",
            "where a name is odd, rename what it names; else report the message to the makers of "
            "pairctl, with the server's version",
        ),
        _call(
            "AnswerTooLarge",
            "the answer is larger than any that pairctl reads, and was cut while it came in",
            "the answer is smaller",
            "check that the endpoint is the API",
        ),
        _call(
            "PagingLoop",
            "the pages of a list do not come to an end",
            "the list ends",
            "report it to the makers of the server",
        ),
        _call(
            "ListMayBeCut",
            "Palette lists exactly one full page of pairing requests, and not whether there are "
            "more, or its pages got fewer each time that they were read; or a list says that it is "
            "longer than what it shows. What is not listed must not count as gone",
            "there are fewer requests, or the list says that it is whole",
            "accept or reject requests in Palette's console until there are fewer; where a list "
            "stays shorter than it says, report the message with Palette's version",
        ),
        _call(
            "RouteClosed",
            "the call is not one that pairctl makes, or a value does not fit into its path. "
            "Nothing was sent",
            "the value is another",
            "report the message to the makers of pairctl",
        ),
        _call(
            "RouteRefused",
            "a path in `routes` of the operator's file is none that may be called",
            "pairctl is started with another operator's file",
            "correct the path, or leave it out for the default",
        ),
    ),
)
