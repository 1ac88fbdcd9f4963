"""Whether a picture is of the kind that an input takes: by what its DICOM tags say, and by its colours."""

from __future__ import annotations

import numpy as np

from mmcore.case import Picture
from mmcore.model_spec import InputSpec
from mmcore.readers.names import shown
from mmcore.readers.study import read_instance
from mmcore.wording import in_sentence, listing

# DICOM's codes of apparatus (PS3.3 C.7.3.1.1.1) that people have words for.
APPARATUS = {
    "CT": "a CT", "MR": "an MRI", "US": "an ultrasound picture", "MG": "a mammogram", "PT": "a PET picture", "NM": "a scintigram",
    "CR": "an X-ray", "DX": "an X-ray", "ES": "an endoscopic picture", "SM": "a picture of a slide", "XC": "a photo",
    "DMS": "a dermoscopic picture",
}  # fmt: skip
VIVID, MUCH = 24, 0.1
"""Distance between a pixel's colours, of 255, and share of such pixels from which on a picture is in colour; of 150 chest pictures none."""

MEANINGLESS = "what the model says of it means nothing"


def unfit(picture: Picture, item: InputSpec) -> tuple[str, ...]:
    """A warning where a picture is not what this input is for; nothing where neither tags nor colours tell."""
    title = in_sentence(item.title)
    wanted = f"{'an' if title[:1].lower() in 'aeiou' else 'a'} {title}"
    about = read_instance("", picture.source.data) if picture.source is not None else None
    if about and item.modalities and about.modality and about.modality not in item.modalities:
        kind = APPARATUS.get(about.modality, f"a picture of the kind {shown(about.modality, 16)}")
        return (f"this is {kind}, not {wanted}: {MEANINGLESS}",)
    if about and item.body_parts and about.body_part and not any(part in about.body_part for part in item.body_parts):
        return (f"this is a picture of another part of the body ({shown(about.body_part, 16).lower()}), not {wanted}: {MEANINGLESS}",)
    if about and item.views and about.view and not about.view.startswith(item.views):
        view = f"the tags give its view as {shown(about.view, 16).lower()}, and this model has seen {listing(list(item.views))} alone"
        return (f"{view}: {MEANINGLESS}",)
    if item.grey and _colourful(picture.pixels):
        return (f"this is a picture in colour, not {wanted}: {MEANINGLESS}",)
    return ()


def _colourful(pixels: np.ndarray) -> bool:
    """Whether many of (H, W, 3) pixels have a colour of their own."""
    seen = pixels[:: max(1, len(pixels) // 256), :: max(1, pixels.shape[1] // 256)].astype(int)
    return float((np.ptp(seen, axis=2) > VIVID).mean()) > MUCH
