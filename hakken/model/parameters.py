"""What the model is told; the rest it learns."""

from __future__ import annotations

from dataclasses import dataclass

from hakken.errors import ParameterError


@dataclass(frozen=True, slots=True)
class _Range:
    """What a parameter can be. Of Python's own numbers, which a manifest gives back as they were."""

    kind: type[int] | tuple[type[int], type[float]]
    noun: str
    least: float
    most: float

    def check(self, name: str, value: object) -> None:
        if (
            isinstance(value, bool)
            or not isinstance(value, self.kind)
            or not self.least <= value <= self.most
        ):
            raise ParameterError(
                f"{name} must be {self.noun} from {self.least} to {self.most}, not {value!r}"
            )


_MOST = 2**31 - 1
_COUNT = _Range(int, "a whole number", 1, _MOST)
_AMOUNT = _Range((int, float), "a number", 0, _MOST)


@dataclass(frozen=True, slots=True)
class Parameters:
    """Of the predicted ratings."""

    k: int = 30
    """How many of the anime that a member rated speak for one prediction."""
    shrinkage: float = 100.0
    """s of the similarities, in common raters: trust in pairs that few users rated both."""
    neighbours: int | None = 400
    """How many similar anime are stored for each; ``None`` stores all with a positive similarity."""
    reg_user: float = 2.0
    """λ_u, in ratings."""
    reg_item: float = 5.0
    """λ_i, in ratings."""
    epochs: int = 20
    """Rounds of the alternating least squares."""
    min_support: int = 1
    """How many common raters two anime need to be similar; a single one never suffices."""
    amplification: float = 2.5
    """p of the weights sim(i,j)^p: how much more the most similar speak than the others."""
    damping: float = 0.01
    """δ, in units of the weights' sum: how much evidence it takes to leave the baseline."""

    def __post_init__(self) -> None:
        for name, allowed in _RANGES.items():
            allowed.check(name, getattr(self, name))
        if self.neighbours is not None:
            _COUNT.check("neighbours", self.neighbours)


_RANGES = {
    "k": _COUNT,
    "shrinkage": _AMOUNT,
    "reg_user": _AMOUNT,
    "reg_item": _AMOUNT,
    "epochs": _COUNT,
    "min_support": _COUNT,
    "amplification": _Range((int, float), "a number", 0.01, 100),
    "damping": _AMOUNT,
}

SURPRISE = Parameters(
    k=40,
    shrinkage=100,
    neighbours=None,
    reg_user=15,
    reg_item=10,
    epochs=10,
    min_support=1,
    amplification=1,
    damping=0,
)
"""What scikit-surprise's ``KNNBaseline`` does by default on ``pearson_baseline`` similarities of items."""


@dataclass(frozen=True, slots=True)
class InterestParameters:
    """Parameters of the interest model, and of how it and the predicted rating choose together.

    See `hakken.model.interest`.
    """

    slope: float = 0.3
    """a of the weights clip(1 + a·(r − μ − b_u), 0.05, 3): what a point above the user's level adds."""
    reg: float = 80.0
    """λ, in ratings."""
    dropout: float = 0.25
    """p, the share of a list that the others must do without; draws the most rated hardest."""
    list_norm: float = 0.5
    """ρ of the users' scales ‖x_u‖^−ρ: 0 lets long lists speak as loudly as they are long, 1 levels them."""
    franchise: float = 4.0
    """φ: how strongly anime of one franchise belong together beforehand; √ratings."""
    least_raters: int = 10
    """Anime that fewer users rated tell and are told nothing by the ratings."""
    kept: int = 100
    """How many weights are stored for each anime on average."""
    likes: int = 50
    """How many others an anime with too few raters is likened to at most."""
    rarity: float = 0.14
    """γ of (raters + 1)^−γ: how much less well-known anime are favoured."""
    keenness: float = 1.8
    """β of r̂^(β·n_u/(n_u + κ)): how much the predicted rating has a say in what is chosen."""
    trust: float = 6.0
    """κ: with so many ratings n_u of a member the predicted rating has half its say."""

    def __post_init__(self) -> None:
        for name, allowed in _INTEREST_RANGES.items():
            allowed.check(name, getattr(self, name))


_FEW = _Range((int, float), "a number", 0, 100)
_INTEREST_RANGES = {
    "slope": _FEW,
    "reg": _Range((int, float), "a number", 1e-3, _MOST),
    "dropout": _Range((int, float), "a number", 0, 0.99),
    "list_norm": _Range((int, float), "a number", 0, 2),
    "franchise": _FEW,
    "least_raters": _COUNT,
    "kept": _COUNT,
    "likes": _COUNT,
    "rarity": _Range((int, float), "a number", 0, 2),
    "keenness": _FEW,
    "trust": _AMOUNT,
}
