"""Enhanced multi-frame objects keep windows, rescale, spacing and orientation in groups, of each frame or of all (DICOM PS3.3 C.7.6.16)."""

from __future__ import annotations

from collections.abc import Mapping

from pydicom import Dataset

GROUP_TAGS = ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence")
_TAKEN: Mapping[str, tuple[str, ...]] = {
    "FrameVOILUTSequence": ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation", "VOILUTFunction"),
    "PixelValueTransformationSequence": ("RescaleSlope", "RescaleIntercept", "RescaleType"),
    "PixelMeasuresSequence": ("PixelSpacing",),
    "PlaneOrientationSequence": ("ImageOrientationPatient",),
}


def bring_up(ds: Dataset, frame: int) -> None:
    """Puts what the groups say of a frame, from 0, where an object with one frame keeps it; what the frame's own says counts most."""
    own, shared = ds.get(GROUP_TAGS[1]), ds.get(GROUP_TAGS[0])
    for group in ([shared[0]] if shared else []) + ([own[frame]] if own and frame < len(own) else []):
        for sequence, keywords in _TAKEN.items():
            if group.get(sequence):
                item = group.get(sequence)[0]
                for keyword in keywords:
                    if keyword in item:
                        ds[keyword] = item[keyword]
