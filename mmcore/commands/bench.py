"""How long a warm analysis with its full explanation takes on this machine, stage by stage, and how much memory the process needs."""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.commands import tasks
from mmcore.commands.arguments import add_json, check_writable, whole
from mmcore.commands.output import progress_bar, report
from mmcore.errors import InputError

if TYPE_CHECKING:
    from mmcore.case import Case
    from mmcore.pipeline import Pipeline

RUNS = 30
FEWEST_RUNS = 20
WARM_UP = 3
STATUS = Path("/proc/self/status")
SAMPLES = Path(__file__).resolve().parents[2] / "sample_data"


@dataclass(frozen=True)
class Run:
    """One analysis: milliseconds in all and by stage."""

    total: float
    stages: Mapping[str, float]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How many analyses to time, and where to write the figures."""
    add_json(parser)
    parser.add_argument("--runs", type=whole(FEWEST_RUNS), default=RUNS, help=f"analyses to time, at least {FEWEST_RUNS} (default {RUNS})")


def run(args: argparse.Namespace) -> int:
    """Times every model that has a sample, warm, beside one pass of a known network; 0. InputError where there is no sample."""
    check_writable(args.json)
    from mmcore import device as devices
    from mmcore.commands.yardstick import Yardstick
    from mmcore.library import model_folders

    device = devices.pick()
    samples = {name: sample for name in model_folders() if (sample := _sample(name)) is not None}
    if not samples:
        raise InputError("no model has a sample case to time", "Keep the folder sample_data beside the program")
    yardstick = Yardstick(device)
    passes: list[float] = []
    jobs = {f"{name}.analyze": _time(name, sample, args.runs, yardstick, passes) for name, sample in samples.items()}
    document = _document(jobs, passes, devices.describe(device), device.type)
    report(document, args.json, lines(document))
    return 0


def _sample(name: str) -> Path | None:
    """What the model's task says, else the sample case with the most inputs."""
    own = getattr(tasks.of_model(name), "find_sample", find_sample)
    return own(name)


def find_sample(model: str, samples: Path = SAMPLES) -> Path | None:
    """Folder of the sample case of this model with the most inputs, the first by name; None where there is none."""
    from mmcore.settings import read_toml

    cases = [(read_toml(path), path.parent) for path in sorted(samples.glob("*/*/case.toml"))]
    own = [(len(table.get("inputs", {})), folder) for table, folder in cases if table.get("model") == model]
    return max(own, key=lambda item: item[0])[1] if own else None


def lines(document: Mapping[str, Any]) -> list[str]:
    """The figures for people."""
    out = [f"{document['device_name']}; one EfficientNet-Lite0 in plain torch: {document['torch_lite0_ms']:.1f} ms"]
    for job, figures in document["jobs"].items():
        stages = ", ".join(f"{stage} {ms:.1f}" for stage, ms in figures["stages"].items())
        times = f"median {figures['median_ms']:.1f} ms, p95 {figures['p95_ms']:.1f} ms"
        out.append(f"{job}: {times}, {figures['torch_lite0_passes']:.1f} passes ({stages})")
    return [*out, f"peak memory {document['peak_rss_mb']:.0f} MB"]


def _time(name: str, sample: Path, runs: int, yardstick: Any, passes: list[float]) -> list[Run]:
    """Timed runs, each beside one pass of the yardstick, so that both meet the same machine."""
    analyse = tasks.of_model(name).timer(name, sample)
    for number in range(WARM_UP):
        analyse(-number - 1)
    bar = progress_bar(f"{name}.analyze", runs)
    timed = []
    for number in range(runs):
        timed.append(analyse(number))
        passes.append(yardstick.milliseconds())
        bar.update()
    bar.close()
    return timed


def timer(name: str, sample: Path) -> Callable[[int], Run]:
    """For classification: a function that analyses the sample once, as if it had not been seen before."""
    from mmcore.pipeline import load

    pipeline = load(name)
    return lambda number: _analyse(pipeline, sample, number)


def _analyse(pipeline: Pipeline, sample: Path, number: int) -> Run:
    from mmcore.readers.case_folder import read_case

    started = time.perf_counter()
    case = read_case([sample], pipeline.spec)
    read = time.perf_counter() - started
    fresh = _unknown(case, number)
    started = time.perf_counter()
    result = pipeline.analyze(fresh)
    analysed = time.perf_counter() - started
    return Run(1000 * (read + analysed), {**result.timings_ms, "read": 1000 * read})


def _unknown(case: Case, number: int) -> Case:
    """The same case under a name of its own, so that nothing kept from the run before can answer."""
    from mmcore.case import Picture

    for modality, item in case.inputs.items():
        if isinstance(item.value, Picture):
            case = case.with_value(modality, replace(item.value, sha256=f"{number}:{item.value.sha256}"), item.warnings)
    return case


def _document(jobs: Mapping[str, Sequence[Run]], passes: Sequence[float], device_name: str, device_type: str) -> dict[str, Any]:
    import numpy as np
    import torch

    pass_ms = float(np.median(passes))
    return {
        "device": device_type,
        "device_name": device_name,
        "threads": torch.get_num_threads(),
        "torch_lite0_ms": pass_ms,
        "jobs": {job: _figures(runs, pass_ms) for job, runs in jobs.items()},
        "peak_rss_mb": peak_rss_mb(),
    }


def _figures(runs: Sequence[Run], pass_ms: float) -> dict[str, Any]:
    import numpy as np

    median = float(np.median([item.total for item in runs]))
    stages = sorted({stage: None for item in runs for stage in item.stages}, key=lambda stage: stage != "read")
    return {
        "runs": len(runs),
        "median_ms": median,
        "p95_ms": float(np.percentile([item.total for item in runs], 95)),
        "torch_lite0_passes": median / pass_ms,
        "stages": {stage: float(np.median([item.stages.get(stage, 0.0) for item in runs])) for stage in stages},
    }


def peak_rss_mb() -> float:
    """The most memory that this process has held so far; on Linux its own alone, where ``ru_maxrss`` counts what started it too."""
    if STATUS.is_file():
        return next(int(line.split()[1]) for line in STATUS.read_text().splitlines() if line.startswith("VmHWM")) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
