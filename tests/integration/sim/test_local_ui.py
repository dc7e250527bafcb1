"""Local UI: logins, tokens, and answers where there is nothing."""

from typing import Any

import pytest

from sim_factory import EDGE, PASSWORD, Site, host_document, in_site, make_scenario

LOGIN = "/v1/users/default/login"
RENEWAL = "/v1/users/default/token/renewal"
READS = ("settings", "edgehosts/current", "cluster/details", "cluster/applications")


async def _login(site: Site, query: str = "", **body: Any) -> Any:
    sent = {"username": "kairos", "password": PASSWORD} | body
    return await site.client.post(site.address("store-1") + LOGIN + query, json=sent)


def test_wrong_credentials_are_a_bad_request() -> None:
    """The vendor's login knows no 401; the journal shows the try."""

    async def story(site: Site) -> None:
        for body in ({"password": "wrong"}, {"username": "root"}, {"username": 7}):
            assert (await _login(site, **body)).status_code == 400
        kinds = [effect.kind for effect in site.sim.journal.effects]
        assert kinds == ["login-refused", "login-refused"]

    in_site(story)


def test_cookies_are_set_unless_they_are_declined() -> None:
    """`setCookie` is true by default."""

    async def story(site: Site) -> None:
        assert "Authorization=" in (await _login(site)).headers["set-cookie"]
        assert "set-cookie" not in (await _login(site, "?setCookie=false")).headers

    in_site(story)


@pytest.mark.parametrize("path", READS)
def test_calls_without_a_valid_token_are_unauthorized(path: str) -> None:
    """A token that is missing, made up or expired gets 401 in the APIs' error shape."""

    async def story(site: Site) -> None:
        url = f"{site.address('store-1')}{EDGE}/{path}"
        for headers in ({}, {"Authorization": "made-up"}):
            answer = await site.client.get(url, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "Unauthorized")
        assert (await site.host("GET", f"/{path}")).status_code == 200
        site.clock.seconds += 7200
        assert (await site.host("GET", f"/{path}")).status_code == 401

    in_site(story)


def test_an_expired_token_is_renewed_or_replaced() -> None:
    """The refresh token works from the body, once; a bad one is 401."""

    async def story(site: Site) -> None:
        refresh = (await _login(site, "?setCookie=false")).json()["Token"]["RefreshToken"]
        site.clock.seconds += 7200
        url = site.address("store-1") + RENEWAL
        renewed = await site.client.post(url, json={"refreshToken": refresh})
        site.jwts["store-1"] = renewed.json()["Authorization"]
        assert (await site.host("GET", "/settings")).status_code == 200
        again = await site.client.post(url, json={"refreshToken": refresh})
        assert again.status_code == 401

    in_site(story)


def test_a_host_without_a_cluster_says_so() -> None:
    """404 in the APIs' error shape, for the cluster and for its pairing."""

    async def story(site: Site) -> None:
        for path in ("/cluster/details", "/cluster/applications", "/cluster/pair/details"):
            answer = await site.host("GET", path)
            assert (answer.status_code, set(answer.json())) == (
                404,
                {"code", "message", "details", "ref"},
            )

    in_site(story, make_scenario(host_document(cluster=None)))


def test_answers_hold_the_secrets_that_real_ones_hold() -> None:
    """A program that stores a raw answer is to be caught."""

    async def story(site: Site) -> None:
        await site.pair()
        details = (await site.host("GET", "/cluster/details")).json()
        assert "simulated-kubeconfig-token-" in details["status"]["kubeconfig"]
        pairing = (await site.host("GET", "/cluster/pair/details")).json()
        assert pairing["registrationToken"] == site.target()["registrationToken"]

    in_site(story)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/nowhere"),
        ("DELETE", "/v1/edge-mgmt/cluster"),
        ("POST", "/v1/edge-mgmt/edgehosts/current/actions/reset"),
        ("GET", "/v1/edge-mgmt/cluster/pair"),
        ("GET", "/v1/edge-mgmt/settings/"),
    ],
)
def test_everything_else_is_not_found(method: str, path: str) -> None:
    """Other paths and verbs do nothing, and their requests are in the journal."""

    async def story(site: Site) -> None:
        answer = await site.client.request(method, site.address("store-1") + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "ResourceNotFound")
        received = site.sim.journal.received[-1]
        assert (received.method, received.path) == (method, path)

    in_site(story)
