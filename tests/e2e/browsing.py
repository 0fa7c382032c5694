"""What the browser tests share: screen sizes, and what every page must be: narrow enough and usable by everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import expect

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
PASSWORD = "xingtan-demo-2026"
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 860}
WALL = {"width": 1920, "height": 1080}
PERIOD = "2026"

# How long a condition may take before it is a fault; a machine may be busy with other tests.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than the screen."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def axe(page: Any) -> list[str]:
    """What axe-core finds by WCAG 2.2 A and AA, one line a fault."""
    # Through the debugger, past the page's own content security policy.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})).violations"
    )
    return [f"{v['id']}: {v['help']} — {n['html'][:160]}" for v in found for n in v["nodes"]]


def settled(page: Any) -> None:
    """Wait until nothing is on its way and every chart that can be seen is drawn, or says why it is not."""
    expect(page.locator(".htmx-request")).to_have_count(0)
    undrawn = page.locator(
        "[data-xt-chart]:visible:not(:has(.xt-chart-canvas svg)):not(:has(.xt-chart-message:not([hidden])))"
    )
    expect(undrawn).to_have_count(0)


def check_page(page: Any) -> None:
    """No fault by axe and nothing beyond the edge, on a desktop and on a phone; the page keeps its former size."""
    before = page.viewport_size
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        settled(page)
        faults = axe(page)
        assert not faults, f"{page.url} at {size['width']} px: {faults}"
        assert overflow(page) == 0, f"{page.url} at {size['width']} px"
    page.set_viewport_size(before)


def open_cockpit(page: Any, **query: str) -> None:
    """The cockpit of the newest period of the demo city."""
    page.goto("/cockpit/?" + "&".join(f"{key}={value}" for key, value in {"period": PERIOD, **query}.items()))


def first_figure(page: Any, code: str = "") -> str:
    """The address of the first figure that the cockpit shows the reader, of an indicator if one is named."""
    open_cockpit(page)
    link = page.locator(f"main .xt-tile-link[href*='/figures/'][href*='/{code}']").first
    address: str = link.get_attribute("href")
    return address


def shown_value(page: Any) -> str:
    """The large number of a figure page."""
    text: str = page.locator(".xt-tile-value .xt-figure").first.inner_text()
    return text
