"""How fast the viewer is, in a real browser. Not a test, since the figures are those of the machine:

    python -m tests.browser.viewer_speed [--runs 9] [--side 2000]

Drops generated 16-bit DICOM files on the medical page of a server of its own, one after the other, and then drags the window. Prints
the time from the drop to the first view of each, and how many views a second the drag drew.
"""

from __future__ import annotations

import argparse
import hashlib
import statistics
import tempfile
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
from playwright.sync_api import Page
from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian

from tests.browser.conftest import settle
from tests.browser.served import opened, say, say_load

CANVAS = """() => [...document.querySelectorAll('[class*="st-key-first-"] *, [class*="st-key-viewer-"] *')]
    .map(node => node.shadowRoot?.querySelector('canvas.picture')).filter(canvas => canvas)"""
FROM_DROP = f"""(id) => new Promise(resolve => {{
    const canvases = {CANVAS};
    document.addEventListener('change', () => {{
        const start = performance.now();
        const look = () => canvases().some(canvas => canvas.dataset.drawn === id)
            ? resolve(performance.now() - start) : requestAnimationFrame(look);
        look();
    }}, {{once: true, capture: true}});
}})"""
DRAG = f"""() => {{
    const canvas = ({CANVAS})()[0];
    window.drawn = [];
    let before = canvas.dataset.draws;
    const look = now => {{
        if (canvas.dataset.draws !== before) {{ before = canvas.dataset.draws; window.drawn.push(now) }}
        window.looking = requestAnimationFrame(look);
    }};
    window.looking = requestAnimationFrame(look);
}}"""
MOVES = 240


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--side", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, opened("medical?model=chest_xray") as page:
        page.get_by_role("radio", name="Your files").or_(page.get_by_role("button", name="Your files")).first.click()
        settle(page)
        times = [from_drop(page, picture(given.side, n), Path(folder) / f"{n}.dcm") for n in range(given.runs + 1)][1:]
        listed = ", ".join(f"{t:.0f}" for t in sorted(times))
        size, median = f"{given.side} x {given.side}", statistics.median(times)
        say(f"from drop to first view, {size} pixels of 16 bits: median {median:.0f} ms of {given.runs} ({listed})")
        steps = drag(page)
        say(f"window drag: {1000 / statistics.mean(steps):.0f} views a second, {max(steps):.0f} ms at most between two of {len(steps)}")
    say_load()


def from_drop(page: Page, data: bytes, path: Path) -> float:
    """Milliseconds from the drop of a file to the moment that the canvas shows it; then waits for the analysis."""
    path.write_bytes(data)
    page.evaluate(f"id => {{ window.seen = ({FROM_DROP})(id) }}", hashlib.sha256(data).hexdigest()[:24])
    page.locator('input[type="file"]').first.set_input_files(str(path))
    taken = page.evaluate("() => window.seen")
    settle(page)
    page.wait_for_timeout(1500)
    return taken


def drag(page: Page) -> list[float]:
    """Milliseconds between the views that a drag over the picture draws."""
    box = page.locator("canvas.picture").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 20)
    page.mouse.down()
    page.evaluate(DRAG)
    for step in range(MOVES):
        page.mouse.move(box["x"] + 20 + step, box["y"] + 20 + step % 150)
    drawn = page.evaluate("() => { cancelAnimationFrame(window.looking); return window.drawn }")
    page.mouse.up()
    return [float(b - a) for a, b in pairwise(drawn)]


def picture(side: int, seed: int) -> bytes:
    """A 16-bit X-ray object of noise over a slope."""
    values = np.random.default_rng(seed).integers(0, 2000, (side, side), np.uint16) + np.linspace(0, 60_000, side).astype(np.uint16)
    ds = Dataset()
    ds.file_meta = FileMetaDataset()
    ds.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    ds.file_meta.MediaStorageSOPClassUID = ds.SOPClassUID = DigitalXRayImageStorageForPresentation
    ds.file_meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID = f"1.2.3.{seed + 1}"
    ds.Modality, ds.BodyPartExamined, ds.PhotometricInterpretation = "DX", "CHEST", "MONOCHROME2"
    ds.Rows, ds.Columns, ds.SamplesPerPixel, ds.PixelRepresentation = side, side, 1, 0
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 16, 16, 15
    ds.WindowCenter, ds.WindowWidth, ds.PixelData = 31_000, 62_000, values.tobytes()
    stream = BytesIO()
    ds.save_as(stream, enforce_file_format=True)
    return stream.getvalue()


if __name__ == "__main__":
    main()
