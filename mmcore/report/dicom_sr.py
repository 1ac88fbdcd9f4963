"""A Result as a DICOM structured report by template TID 1500: each probability a measurement, the strongest evidence as regions."""

from __future__ import annotations

import highdicom
import numpy as np
from highdicom import sr
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from mmcore.case import Case
from mmcore.model_spec import ModelSpec
from mmcore.report import findings, origin, reading
from mmcore.report.dicom_study import MANUFACTURER, SERIES, bytes_of, reference
from mmcore.report.picture import patches
from mmcore.result import Result

Region = sr.PlanarROIMeasurementsAndQualitativeEvaluations
SCHEME = "99TRIPTYCH"
REGIONS = 5
PERCENT, POINTS = Code("%", "UCUM", "percent"), Code("{points}", "UCUM", "percentage points")
REPORTED = Code("43468-8", "LN", "XR unspecified body region Views")
FINDING, COMMENT = Code("121071", "DCM", "Finding"), Code("121106", "DCM", "Comment")


def render(result: Result, spec: ModelSpec, case: Case, modality: str, text: str, study: Dataset, frame: int | None = None) -> bytes:
    """The report as a DICOM file: partial, unverified, and preliminary.

    Args:
        modality: of the picture that it is about.
        text: findings, one a line.
        study: data set of that picture, which the report refers to and whose study it joins.
        frame: number of the frame looked at, from 1; None where there is one alone.
    """
    evidence = reference(study)
    model = sr.AlgorithmIdentification(f"Triptych {result.model}", result.version, [f"case {result.case}"])
    device = sr.DeviceObserverIdentifyingAttributes(uid=highdicom.UID(), name=f"Triptych {result.model}", manufacturer_name=MANUFACTURER)
    context = sr.ObservationContext(observer_device_context=sr.ObserverContext(codes.DCM.Device, device))
    where = (evidence.SOPClassUID, evidence.SOPInstanceUID, [frame] if frame else None)
    seen = sr.SourceImageForMeasurementGroup(*where)
    probabilities = sr.MeasurementsAndQualitativeEvaluations(
        sr.TrackingIdentifier(highdicom.UID(), "probabilities"),
        algorithm_id=model,
        measurements=[
            sr.Measurement(Code(f"P-{p.label}"[:16], SCHEME, f"Probability of {p.name}"[:64]), 100 * p.probability, PERCENT)
            for p in result.predictions
        ],
        source_images=[seen],
    )
    regions = _regions(result, spec, modality, sr.SourceImageForRegion(*where), model)
    content = sr.MeasurementReport(context, REPORTED, [probabilities, *regions])
    root = content[0]
    lines = [(FINDING, f"{findings.DRAFT}: {line}") for line in findings.sentences(text)]
    for name, said in [*lines, *((COMMENT, f"{what}: {fact}") for what, fact in origin.facts(result, case))]:
        root.ContentSequence.append(sr.TextContentItem(name, said, sr.RelationshipTypeValues.CONTAINS))
    report = sr.ComprehensiveSR(
        [evidence], root, highdicom.UID(), SERIES["report"], highdicom.UID(), 1, MANUFACTURER,
        is_complete=False, is_final=False, is_verified=False,
    )  # fmt: skip
    report.SeriesDescription = f"{spec.title} ({findings.DRAFT.lower()})"[:64]
    return bytes_of(report, evidence)


def _regions(
    result: Result, spec: ModelSpec, modality: str, source: sr.SourceImageForRegion, model: sr.AlgorithmIdentification
) -> list[Region]:
    """The strongest patches, each a closed outline in pixels of the picture with what the class explained loses without it."""
    if result.explanation is None:
        return []
    boxes, scores = patches(result.explanation, modality)
    name = Code(f"E-{result.explanation.target}"[:16], SCHEME, f"Evidence for {reading.name(spec, result.explanation.target)}"[:64])
    out: list[Region] = []
    for number in np.argsort(-np.abs(scores))[:REGIONS]:
        x, y, width, height = boxes[number]
        outline = np.array([[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]], dtype=float)
        out.append(
            Region(
                sr.TrackingIdentifier(highdicom.UID(), f"evidence {len(out) + 1}"),
                sr.ImageRegion(sr.GraphicTypeValues.POLYLINE, outline, source),
                algorithm_id=model,
                measurements=[sr.Measurement(name, 100 * float(scores[number]), POINTS)],
            )
        )
    return out
