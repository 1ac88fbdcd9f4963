"""Makes the pictures of the README from the app as it is; look at each before it is committed:

    python -m tests.browser.readme_pictures [NAME ...]
"""

from __future__ import annotations

import sys

from tests.browser.conftest import ROOT, settle
from tests.browser.served import opened

WIDTH, CHARTS_MS = 1280, 2000
PICTURES = {  # name -> address, height, theme, and words that stand on the page once it is complete
    "medical-light": ("medical", 1180, "light", "Chain of reasons"),
    "xray-light": ("medical?model=chest_xray", 1180, "light", "Chain of reasons"),
    "video-light": ("video", 1150, "light", "Speaks most for it"),
    "video-dark": ("video", 1400, "dark", "Speaks most for it"),
    "retail-light": ("retail", 1110, "light", "In sentences"),
}


def take(name: str) -> None:
    """One picture, of a visit of its own."""
    address, height, theme, complete = PICTURES[name]
    with opened(address) as page:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.reload()
        page.get_by_text(complete).first.wait_for()
        settle(page)
        page.wait_for_timeout(CHARTS_MS)  # charts move while they find their sizes
        page.screenshot(path=ROOT / ".readme" / f"{name}.png")


if __name__ == "__main__":
    for chosen in sys.argv[1:] or PICTURES:
        take(chosen)
