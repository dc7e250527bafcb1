"""The page in Debian's Chromium, driven headless: what people see and do.

All tests that need a browser stand here: it is open for this module only, since its driver holds
the thread's event loop.
"""

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from fleet_report_factory import (
    BLOCKED,
    make_campaign,
    make_explanation,
    make_fleet,
    make_intent_record,
    make_page,
    make_record,
    make_status,
)
from pairctl.engine import FleetRecord
from report_factory import HOSTILE

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="needs chromium, which is not installed: the page was not looked at"
)

A4 = {"width": 718, "height": 1000}
PHONE = {"width": 390, "height": 844}
EVIL = (
    *HOSTILE[:-2],
    "</script><script>window.broken = 1</script>",
    "</noscript></style></title><img src=x onerror='window.broken = 2'>",
    "<svg/onload=window.broken=3>",
    "javascript:window.broken=4",
    "{{ 7 * 7 }} ${7 * 7} <!-- <script>",
    "__proto__",
    "#cluster=x&q=%00%zz",
    "x" * 300,
)
CONTRAST = """() => {
  const parsed = (text) => (text.match(/[\\d.]+/g) ?? [0, 0, 0, 0]).map(Number);
  const channel = (c) => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * channel(r) + .7152 * channel(g) + .0722 * channel(b);
  const behind = (one) => {
    for (; one; one = one.parentElement) {
      const colour = parsed(getComputedStyle(one).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return matchMedia("(prefers-color-scheme: dark)").matches ? [0, 0, 0] : [255, 255, 255];
  };
  const found = [];
  for (const one of document.querySelectorAll("body *")) {
    const hasText = [...one.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const isShown = one.checkVisibility() && !["SCRIPT", "NOSCRIPT"].includes(one.tagName);
    if (!hasText || !isShown) continue;
    const ink = light(parsed(getComputedStyle(one).color));
    const pair = [ink, light(behind(one))].sort((a, b) => b - a);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < 4.5) found.push(`${one.tagName}.${one.className} ${ratio.toFixed(2)}`);
  }
  return [...new Set(found)];
}"""

TRY_TO_REACH = """async (url) => {
  const refused = (directive, doing) => new Promise((done, fail) => {
    setTimeout(() => fail(new Error(`${directive} refused nothing`)), 20_000);
    addEventListener("securitypolicyviolation", (event) => {
      if (event.effectiveDirective === directive) done();
    });
    doing();
  });
  const add = (name, attributes) => {
    document.body.append(Object.assign(document.createElement(name), attributes));
  };
  await refused("connect-src", () => fetch(url, { mode: "no-cors" }).catch(() => {}));
  await refused("img-src", () => add("img", { src: url }));
  await refused("style-src-elem", () => add("link", { rel: "stylesheet", href: url }));
  try { document.body.innerHTML = "<b>x</b>"; } catch { return "all refused"; }
  return "markup was made";
}"""

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Run one browser for the tests of this module; it is closed whatever becomes of them."""
    expect.set_options(timeout=60_000)  # milliseconds: a busy machine hesitates
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM)
        try:
            yield opened
        finally:
            opened.close()


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Return a function that opens the page of a record in a context of its own.

    Nothing may go wrong in it, and nothing be asked for but the page itself.
    """
    contexts, wrong, asked = [], [], set()

    def open_it(record: FleetRecord, fragment: str = "", **options: Any) -> Page:
        file = tmp_path / "report.html"
        file.write_text(make_page(record, [make_campaign(record)]), encoding="utf-8")
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.on("request", lambda request: asked.add(request.url.partition("#")[0]))
        page.goto(f"{file.as_uri()}{fragment}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []
    assert {url for url in asked if not url.startswith("data:")} <= {
        (tmp_path / "report.html").as_uri()
    }


def rows(page: Page) -> list[str]:
    """Return the names of the clusters that are drawn."""
    return page.locator("#table tbody th").all_inner_texts()


def shown(page: Page, text: str) -> None:
    """Wait until the count of the table says so."""
    expect(page.locator("#shown")).to_contain_text(text)


def focused(page: Page) -> str:
    """Return the text of what has the focus."""
    return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))


def tab_to(page: Page, text: str) -> None:
    """Press the tabulator until something has the focus, and see that the focus can be seen."""
    for _ in range(60):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline != "none", f"no focus is to be seen on {focused(page)}"
        if focused(page).startswith(text):
            return
    pytest.fail(f"the keyboard never came to {text}")


# ── finding clusters ─────────────────────────────────────────────────────────────────────────────


def test_typing_filters_the_table(open_page: Open) -> None:
    """Each word has to be somewhere in what is known of a cluster."""
    page = open_page(make_fleet(60))
    shown(page, "all 60")
    page.fill("#q", "region=emea unreachable")
    shown(page, "with region=emea unreachable")
    assert rows(page) == ["store-0009", "store-0030", "store-0051"]
    page.click("#all")
    shown(page, "all 60")


def test_a_count_is_a_filter(open_page: Open) -> None:
    """A phase that is clicked on leaves its clusters; once more, and all are back."""
    page = open_page(make_fleet(60))
    page.click("[data-phase=Requested]")
    shown(page, "8 of 60: phase Requested")
    assert page.locator("[data-phase=Requested]").get_attribute("aria-current") == "true"
    page.click("[data-phase=Requested]")
    shown(page, "all 60")


def test_a_cause_leads_to_its_clusters(open_page: Open) -> None:
    """The link below a cause shows those that it holds for."""
    page = open_page(make_fleet(60))
    page.click("text=Show these 9 in the table")
    shown(page, "9 of 60")
    assert rows(page)[:2] == ["store-0002", "store-0009"]


def test_a_wave_leads_to_its_clusters(open_page: Open) -> None:
    """The name of a wave shows those that are in it."""
    page = open_page(make_fleet(60))
    page.click(".wave.current a")
    shown(page, "7 of 60: rollout emea; wave first")


def test_selections_go_together(open_page: Open) -> None:
    """Phase, Palette and label narrow the table together, and stand in the address."""
    page = open_page(make_fleet(60))
    page.select_option("#phase", "Blocked")
    page.select_option("#palette", "lab")
    page.select_option("#label", "region=emea")
    shown(page, "phase Blocked; palette lab; label region=emea")
    assert rows(page) == ["store-0030"]
    assert page.url.endswith("#phase=Blocked&palette=lab&label=region%3Demea")
    page.go_back()
    shown(page, "phase Blocked; palette lab")


def test_a_column_sorts(open_page: Open) -> None:
    """A title sorts by its column; once more turns it round, and the column says so."""
    page = open_page(make_fleet(12))
    page.click("th[data-sort=name] button")
    assert rows(page)[0] == "store-0012"
    assert page.locator("th[data-sort=name]").get_attribute("aria-sort") == "descending"
    page.click("th[data-sort=phase] button")
    assert rows(page)[0] == "store-0002"


# ── one cluster ──────────────────────────────────────────────────────────────────────────────────


def test_a_cluster_opens(open_page: Open) -> None:
    """Its layers beside those of the profiles, what it waits for, and what a person does."""
    page = open_page(make_fleet(60))
    page.click("text=store-0007 >> nth=-1")
    expect(page.locator("#name")).to_have_text("store-0007")
    differs = page.locator(".stack tr.differs td").all_inner_texts()
    assert differs[1:] == [
        "prometheus-grafana 40.3.1",
        "prometheus-grafana 44.3.1",
        "retail-observability 1.4.0",
        "wrong version",
    ]
    expect(page.locator("#detail")).to_contain_text("publish retail-observability")
    assert page.locator(".conditions tbody tr").count() == 9


def test_a_paired_cluster_shows_its_evidence(open_page: Open) -> None:
    """By which commit, who asked, under which claim, and when it was seen."""
    page = open_page(make_fleet(12), "#cluster=store-0003")
    expect(page.locator("#detail")).to_contain_text("Evidence: paired")
    expect(page.locator("#detail")).to_contain_text("carried out")


def test_a_link_shows_one_row_to_a_colleague(open_page: Open) -> None:
    """The address holds the filters and the open cluster; a new page shows the same."""
    record = make_fleet(60)
    page = open_page(record)
    page.select_option("#label", "region=apac")
    shown(page, "label region=apac")
    page.locator("#table").get_by_role("link", name="store-0007").click()
    fragment = page.url.partition("#")[2]
    other = open_page(record, f"#{fragment}")
    expect(other.locator("#name")).to_have_text("store-0007")
    shown(other, "20 of 60: label region=apac")


def test_a_link_to_a_cluster_that_is_gone_says_so(open_page: Open) -> None:
    """An old link opens, and tells that the page has no such cluster."""
    page = open_page(make_fleet(3), "#cluster=store-9999")
    expect(page.locator("#detail")).to_contain_text("no cluster of that name")


# ── by keyboard, on a phone, in the dark, on paper ───────────────────────────────────────────────


def test_the_keyboard_is_enough(open_page: Open) -> None:
    """`/` filters, the tabulator reaches the row, Enter opens, Escape closes; focus is seen."""
    page = open_page(make_fleet(60))
    page.keyboard.press("/")
    assert focused(page) == "q"
    page.keyboard.type("store-0007")
    shown(page, "1 of 60")
    tab_to(page, "store-0007")
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_be_hidden()
    assert focused(page) == "store-0007"
    assert page.url.endswith("#q=store-0007")
    page.keyboard.press("/")
    page.keyboard.press("Escape")
    shown(page, "all 60")


@pytest.mark.parametrize("fragment", ["", "#cluster=store-0007", "#phase=Blocked"])
def test_a_phone_needs_no_sideways_scrolling(open_page: Open, fragment: str) -> None:
    """390 px are enough for all of the page, and for an open cluster."""
    page = open_page(make_fleet(60), fragment, viewport=PHONE, has_touch=True)
    for one in ("document.documentElement", "document.querySelector('dialog')"):
        assert page.evaluate(f"{one}.scrollWidth <= {one}.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fragment", ["", "#cluster=store-0007"])
def test_texts_stand_out(open_page: Open, scheme: str, fragment: str) -> None:
    """Every text has a contrast of at least 4.5 to what is behind it: WCAG AA."""
    page = open_page(make_fleet(60), fragment, color_scheme=scheme, reduced_motion="reduce")
    assert page.evaluate(CONTRAST) == []


def test_the_dark_is_dark(open_page: Open) -> None:
    """Where a system asks for dark colours, the page has them."""
    colour = "getComputedStyle(document.body).backgroundColor"
    dark = open_page(make_fleet(3), color_scheme="dark").evaluate(colour)
    assert dark != open_page(make_fleet(3), color_scheme="light").evaluate(colour)
    assert all(int(part) < 64 for part in dark.removeprefix("rgb(").rstrip(")").split(","))


def test_nothing_moves_where_motion_is_not_wanted(open_page: Open) -> None:
    """A cluster opens without an animation for those who ask for none."""
    page = open_page(make_fleet(3), "#cluster=store-0001", reduced_motion="reduce")
    name = page.evaluate("getComputedStyle(document.querySelector('dialog')).animationName")
    assert name == "none"


def test_paper_has_all_that_is_filtered_and_no_controls(open_page: Open) -> None:
    """More rows than are drawn on a screen are printed; what can be pressed is not."""
    record = make_fleet(400)
    paired = [one.name for one in record.intents if one.status and one.status.phase == "Paired"]
    page = open_page(record, "#phase=Paired")
    assert len(rows(page)) == 100
    page.emulate_media(media="print")
    expect(page.locator("#table tbody tr")).to_have_count(len(paired))
    assert page.locator("details:not([open])").count() == 0
    for control in (".filters", "#more", "#all", ".skip"):
        expect(page.locator(control)).to_be_hidden()
    page.set_viewport_size(A4)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    display = "getComputedStyle(document.querySelector('#table tbody tr')).display"
    assert page.evaluate(display) == "table-row"


def test_an_open_cluster_is_printed_by_itself(open_page: Open) -> None:
    """Whoever prints one cluster gets its sheet, and not the fleet."""
    page = open_page(make_fleet(12), "#cluster=store-0007")
    page.emulate_media(media="print")
    expect(page.locator("#sheet")).to_contain_text("prometheus-grafana 40.3.1")
    expect(page.locator("main")).to_be_hidden()
    expect(page.locator("dialog")).to_be_hidden()


def test_without_scripts_it_is_read(open_page: Open) -> None:
    """Counts, causes with what a person does, and all clusters are in the page itself."""
    page = open_page(make_fleet(60), java_script_enabled=False)
    assert page.locator("noscript tbody tr").count() == 60
    expect(page.locator(".problems")).to_contain_text("see that the host runs")
    expect(page.locator("#table")).to_be_hidden()


# ── harm, and size ───────────────────────────────────────────────────────────────────────────────


def hostile_fleet() -> FleetRecord:
    """Return a fleet in which every text that can be foreign is hostile."""
    intents = [
        make_intent_record(
            text,
            status=make_status(
                text,
                **{**BLOCKED, "reason": text, "message": text, "human_action": text},
                digest=text,
                pairing_uid=text,
            ),
            labels={text: text},
            palette=text,
            endpoint=text,
            explanation=make_explanation(text, f"addon/{text[:20].replace('/', '')} 1.0"),
        )
        for text in EVIL
    ]
    return make_record(*intents, ref=EVIL[-3], unreadable=EVIL)


@pytest.mark.parametrize("viewport", [PHONE, {"width": 1280, "height": 900}])
def test_hostile_texts_are_texts(open_page: Open, viewport: dict[str, int]) -> None:
    """Whatever a name, a message or a label holds, it is shown, and nothing comes of it."""
    page = open_page(hostile_fleet(), viewport=viewport)
    shown(page, f"all {len(EVIL)}")
    names = page.locator("#table tbody th").evaluate_all("all => all.map((o) => o.textContent)")
    assert sorted(names) == sorted(text.replace("\ud83d", "\ufffd") for text in EVIL)
    for index in range(len(EVIL)):
        page.evaluate("n => document.querySelectorAll('#table tbody a')[n].click()", index)
        expect(page.locator("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        page.wait_for_url(lambda url: "cluster=" not in url)
    assert page.evaluate("window.broken") is None
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.locator("body img, body iframe, body object").count() == 0


def test_the_page_can_reach_nothing(browser: Browser, tmp_path: Path) -> None:
    """The policy refuses every request, even of a script that came into the page."""
    came: list[str] = []

    class Counting(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            came.append(self.path)
            self.send_response(204)
            self.end_headers()

    file = tmp_path / "report.html"
    file.write_text(make_page(make_fleet(3)), encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), Counting) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            with browser.new_context() as context:
                page = context.new_page()
                page.goto(file.as_uri())
                url = f"http://127.0.0.1:{server.server_port}/x"
                refused = page.evaluate(TRY_TO_REACH, url)
        finally:
            server.shutdown()
            thread.join()
    assert came == []
    assert refused == "all refused"


def test_five_thousand_clusters_are_drawn_little_by_little(open_page: Open) -> None:
    """A screen's worth of rows is drawn, more while somebody scrolls; a filter looks at all."""
    page = open_page(make_fleet(5_000))
    shown(page, "all 5,000")
    assert len(rows(page)) == 100
    page.locator("#more").scroll_into_view_if_needed()
    expect(page.locator("#table tbody tr")).to_have_count(200)
    page.fill("#q", "store-4999")
    shown(page, "1 of 5,000")
    assert rows(page) == ["store-4999"]
