"""Windows by modality and body part: what a reading room calls them, with their usual centre and width.

CT values are Hounsfield units, so its windows are numbers. Values of an X-ray, MR and the like have no common unit: their windows are
parts of the picture's own range of values.
"""

from __future__ import annotations

import numpy as np

from mmcore.readers.dicom_frame import Frame, Window

# name, centre, width in HU; body parts that it is offered first for ("" = for all that are not named).
_CT = {
    "Soft tissue": (40, 400),
    "Lung": (-600, 1500),
    "Bone": (400, 1800),
    "Mediastinum": (50, 350),
    "Brain": (40, 80),
    "Subdural": (75, 215),
    "Stroke": (35, 35),
    "Temporal bone": (600, 2800),
    "Abdomen": (60, 400),
    "Liver": (80, 150),
    "Angiogram": (300, 600),
    "Spine": (50, 250),
}
_CT_BY_PART = {
    "CHEST": ("Lung", "Mediastinum", "Bone", "Angiogram"),
    "HEAD": ("Brain", "Subdural", "Stroke", "Bone", "Temporal bone"),
    "BRAIN": ("Brain", "Subdural", "Stroke", "Bone", "Temporal bone"),
    "NECK": ("Soft tissue", "Bone", "Angiogram"),
    "ABDOMEN": ("Abdomen", "Liver", "Bone", "Angiogram"),
    "LIVER": ("Liver", "Abdomen", "Bone"),
    "PANCREAS": ("Abdomen", "Liver", "Bone"),
    "PELVIS": ("Abdomen", "Bone"),
    "SPINE": ("Spine", "Bone"),
}
_CT_ELSE = ("Soft tissue", "Lung", "Bone", "Brain", "Abdomen")
# name, from and to in percentiles of the values, from what is shown dark to what is shown bright.
_XRAY = (("All but the extremes", 1.0, 99.0), ("Dark parts", 1.0, 65.0), ("Bright parts", 35.0, 99.5))
_XRAY_CHEST = (("All but the extremes", 1.0, 99.0), ("Lungs", 1.0, 60.0), ("Mediastinum and bone", 40.0, 99.5))
_OTHER = (("All but the extremes", 0.5, 99.5), ("Dark parts", 0.5, 70.0))
_SAMPLED = 200_000


def presets(frame: Frame) -> tuple[Window, ...]:
    """What to offer beside the windows of the file; none for colour."""
    if not frame.grey:
        return ()
    if frame.modality == "CT" and frame.units in ("HU", ""):
        names = next((names for part, names in _CT_BY_PART.items() if part in frame.body_part), _CT_ELSE)
        return tuple(Window(name, float(_CT[name][0]), float(_CT[name][1])) for name in names)
    if frame.modality in ("CR", "DX", "RF", "XA", "MG", "PX", "IO"):
        return _parts(frame, _XRAY_CHEST if "CHEST" in frame.body_part or "THORAX" in frame.body_part else _XRAY)
    return _parts(frame, _OTHER)


def _parts(frame: Frame, parts: tuple[tuple[str, float, float], ...]) -> tuple[Window, ...]:
    flat = frame.values.reshape(-1)
    sample = flat[:: max(1, flat.size // _SAMPLED)].astype(np.float32)
    out = []
    for name, dark, bright in parts:
        ends = (100 - bright, 100 - dark) if frame.inverted else (dark, bright)
        low, high = (float(v) * frame.slope + frame.intercept for v in np.percentile(sample, ends))
        if high > low:
            out.append(Window(name, (low + high) / 2, high - low, "LINEAR_EXACT"))
    return tuple(out)
