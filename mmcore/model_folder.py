"""A model folder's weights: written by training, read by the pipeline, each file hashed."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open

from mmcore.errors import ModelError
from mmcore.library import WEIGHTS
from mmcore.model_spec import FILE, ModelSpec

if TYPE_CHECKING:  # torch takes seconds to import, and listing models needs none of it
    import torch

    from mmcore.fusion import Ensemble

BUILT = "built_as"
CONFIDENCE = "confidence.safetensors"
ENCODER = "encoder_{modality}.safetensors"
SEAL = "weights.sha256"
FIGURES, CARD, HASHES, CURVES, HELD_OUT, TRAINING, NOTES = (
    "figures.json", "card.md", "training_hashes.json", "curves.json", "held_out.json", "training.json", "notes.md",
)  # fmt: skip
OF_TRAINING = frozenset({HASHES, CURVES, HELD_OUT, TRAINING})
"""JSON files that training writes; all others were measured on the weights afterwards."""
EARLIER = "_of_earlier_weights"


def save_fusion(folder: Path, ensemble: Ensemble) -> None:
    """The networks as float16 with what is needed to build them again."""
    from safetensors.torch import save_file

    from mmcore.fusion import Fusion

    first = ensemble.members[0]
    assert isinstance(first, Fusion)
    meta = {
        "settings": asdict(first.settings),
        "shapes": {name: asdict(shape) for name, shape in first.shapes.items()},
        "networks": len(ensemble.members),
        "classes": len(first.log_prior),
    }
    tensors = {name: value.half().contiguous() if value.is_floating_point() else value for name, value in ensemble.state_dict().items()}
    save_file(tensors, folder / WEIGHTS, metadata={BUILT: json.dumps(meta)})  # one entry: safetensors writes several in any order


def load_fusion(folder: Path) -> Ensemble:
    """The networks that `save_fusion` wrote, in float32 and evaluation mode; ModelError where the file is damaged."""
    import torch

    from mmcore.fusion import Ensemble, FusionSettings, TokenShape, build_fusion

    path = folder / WEIGHTS
    with readable(path):
        with safe_open(path, "pt") as file:
            meta, tensors = json.loads(file.metadata()[BUILT]), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        settings = FusionSettings(**meta["settings"])
        shapes = {name: TokenShape(**shape) for name, shape in meta["shapes"].items()}
        prior = torch.full((meta["classes"],), 1 / meta["classes"])
        ensemble = Ensemble([build_fusion(settings, shapes, prior) for _ in range(meta["networks"])])
        ensemble.load_state_dict({name: value.float() if value.is_floating_point() else value for name, value in tensors.items()})
    return ensemble.eval()


@contextlib.contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turns what a missing or damaged file of weights raises while it is read into a ModelError."""
    try:
        yield
    except (SafetensorError, OSError, KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        why = "is not there" if isinstance(error, FileNotFoundError) else f"cannot be read ({type(error).__name__})"
        raise ModelError(f"{path.name} of model {path.parent.name} {why}", "Restore the file or train again") from error


def save_encoder(folder: Path, modality: str, state: Mapping[str, torch.Tensor]) -> None:
    """Weights of a picture encoder trained with the model, as float16."""
    from safetensors.torch import save_file

    halves = {name: value.half().contiguous() for name, value in state.items() if value.is_floating_point()}
    save_file(halves, folder / ENCODER.format(modality=modality))


def load_encoder(folder: Path, modality: str) -> dict[str, torch.Tensor] | None:
    """The weights that `save_encoder` wrote, or None where the model uses the registry's."""
    path = folder / ENCODER.format(modality=modality)
    if not path.is_file():
        return None
    with readable(path), safe_open(path, "pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def seal(folder: Path) -> None:
    """Writes the sha256 of every file of weights in the folder, in the form that ``sha256sum -c`` reads.

    safetensors keeps its files from everybody else: from here on they may be read by whoever may read the seal.
    """
    files = sorted(folder.glob("*.safetensors"))
    lines = [f"{_sha256(path)}  {path.name}\n" for path in files]
    (folder / SEAL).write_text("".join(lines), encoding="utf-8")
    for path in files:
        shutil.copymode(folder / SEAL, path)


def set_figures_aside(folder: Path) -> bool:
    """What was measured on the weights that were there goes under other names, ending in EARLIER; whether there was any."""
    measured = [path for path in folder.glob("*.json") if path.name not in OF_TRAINING and not path.stem.endswith(EARLIER)]
    for path in measured:
        path.replace(path.with_name(f"{path.stem}{EARLIER}.json"))
    return bool(measured)


def sealed(folder: Path) -> dict[str, str]:
    """File of weights -> its sha256 in the seal; {} without a seal."""
    path = folder / SEAL
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    return {Path(name.strip()).name: digest for digest, name in (line.split(maxsplit=1) for line in lines)}


def check_seal(folder: Path) -> None:
    """ModelError where a file of weights is not the one that was sealed; a folder without a seal is taken as it is."""
    for name, digest in sealed(folder).items():
        file = folder / name
        with readable(file):
            found = _sha256(file)
        if found != digest:
            message = f"{file.name} of model {folder.name} is not the file that was trained: its sha256 is another"
            raise ModelError(message, f"Restore the file, train again, or remove {SEAL} if you changed it yourself")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def version(folder: Path, spec: ModelSpec) -> str:
    """sha256 over the settings and every weight that the model in this folder uses."""
    digest = hashlib.sha256()
    names = [FILE, WEIGHTS, CONFIDENCE, *(ENCODER.format(modality=m) for m in spec.modalities)]
    for path in (folder / name for name in names):
        if path.is_file():
            digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def write_card(folder: Path, text: str) -> Path:
    """card.md of the folder; its path."""
    path = folder / CARD
    path.write_text(text, encoding="utf-8")
    return path


def stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of the folder's files: changes when the model was trained again."""
    files = (path for path in sorted(folder.iterdir()) if path.is_file())
    return tuple((path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in files)


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """A JSON file of the folder; {} where there is none."""
    path = folder / name
    if not path.is_file():
        return {}
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise ModelError(f"{name} of model {folder.name} is damaged", "Restore the file or train again") from error
