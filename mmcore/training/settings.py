"""Settings of training, as in model.toml [training]."""

from __future__ import annotations

from dataclasses import dataclass

from mmcore.errors import ConfigError

FREEZE_POLICIES = ("frozen", "top", "all")
CALIBRATIONS = ("subject", "source")


@dataclass(frozen=True)
class TrainingSettings:
    """How a model is trained.

    Attributes:
        folds: parts of the cross-fit; each gives one network and the out-of-fold scores of its part.
        epochs: at most; where ``stop_share`` of the training subjects is held out, ``patience`` epochs without a better loss on
            them end it earlier. A share of 0 trains all epochs on all subjects.
        hold_out: share of the subjects kept out of everything, for demonstrations.
        batch: cases a step; ``accumulate`` steps make one update.
        learning_rate, deep_rate: of the experts, and of everything behind them.
        class_weight_power: 0 leaves classes as frequent as they are, 1 weighs them all alike.
        focal_gamma: above 0 uses the focal loss (Lin et al. 2017).
        warmup: share of the updates in which the learning rate rises; a cosine follows.
        modality_dropout: probability that a case loses some of its modalities in a step, never all.
        token_dropout: probability that a field, or a patch, is hidden in a step.
        auxiliary: weight of each modality's own loss.
        freeze: picture encoder: "frozen", "top" (last blocks trained first) or "all".
        tune_epochs, tune_rate: epochs and learning rate of that.
        decay_biases: False leaves the experts' biases, which hold the class prior, out of the weight decay.
        pool: True trains fusions that read nothing but the mean of a picture's or a text's tokens on that mean: the same experts for a
            fraction of the work, but no patch or word is hidden in training.
        calibrate: "subject" fits calibration and sets to scores of subjects held out, "source" to those of whole sources held out: for a
            model that will meet other sources than its own.
        fit_exponents: False leaves the exponents of late fusion at one. Fitted to patients of the training sources, they lean on the inputs
            that tell the source; that and the few sources there are to fit them to are no help to a model that will meet others.
        views: flips and turns of each photo that training sees (1 to 8); the shipped model looks once.
    """

    folds: int = 5
    epochs: int = 40
    patience: int = 8
    stop_share: float = 0.0
    hold_out: float = 0.0
    batch: int = 64
    accumulate: int = 1
    learning_rate: float = 1e-2
    deep_rate: float = 1e-3
    weight_decay: float = 0.1
    label_smoothing: float = 0.0
    class_weight_power: float = 0.5
    focal_gamma: float = 0.0
    warmup: float = 0.1
    modality_dropout: float = 0.3
    token_dropout: float = 0.15
    auxiliary: float = 0.5
    freeze: str = "frozen"
    tune_epochs: int = 8
    tune_rate: float = 1e-4
    views: int = 4
    calibrate: str = "subject"
    decay_biases: bool = True
    pool: bool = False
    fit_exponents: bool = True

    def __post_init__(self) -> None:
        if self.freeze not in FREEZE_POLICIES:
            raise ConfigError(f"training.freeze {self.freeze!r} is not known", f"Use one of: {', '.join(FREEZE_POLICIES)}")
        if self.calibrate not in CALIBRATIONS:
            raise ConfigError(f"training.calibrate {self.calibrate!r} is not known", f"Use one of: {', '.join(CALIBRATIONS)}")
        inside = 2 <= self.folds <= 20 and 1 <= self.views <= 8 and 0 <= self.stop_share <= 0.5
        if not inside or self.epochs < 1 or self.accumulate < 1 or self.batch < 2:
            limits = "folds must be 2 to 20, views 1 to 8, epochs and accumulate at least 1, batch at least 2, stop_share 0 to 0.5"
            raise ConfigError(f"training: {limits}")
