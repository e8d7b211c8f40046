"""Parameters of the model: everything that is set and not learned."""

from __future__ import annotations

from dataclasses import dataclass

from hakken.errors import ParameterError


@dataclass(frozen=True, slots=True)
class _Range:
    """Type and range of a parameter. Only Python's own numbers are allowed, as a manifest preserves them."""

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
    """Parameters of the predicted ratings."""

    k: int = 30
    """Maximum number of a member's rated anime that count for one prediction."""
    shrinkage: float = 100.0
    """s of the similarities, in common raters: higher values trust pairs with few common raters less."""
    neighbours: int | None = 400
    """Number of similar anime stored for each; ``None`` stores all with a positive similarity."""
    reg_user: float = 2.0
    """λ_u, the regularisation of the users' biases, in ratings."""
    reg_item: float = 5.0
    """λ_i, the regularisation of the anime's biases, in ratings."""
    epochs: int = 20
    """Rounds of the alternating least squares."""
    min_support: int = 1
    """Minimum number of common raters of two similar anime; a single one never suffices."""
    amplification: float = 2.5
    """p of the weights sim(i,j)^p: higher values give the most similar anime more weight."""
    damping: float = 0.01
    """δ, in units of the weights' sum: the evidence needed to move away from the baseline."""

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
"""Default parameters of scikit-surprise's ``KNNBaseline`` on ``pearson_baseline`` similarities of items."""


@dataclass(frozen=True, slots=True)
class InterestParameters:
    """Parameters of the interest model, and of its combination with the predicted rating.

    See `hakken.model.interest`.
    """

    slope: float = 0.3
    """a of the weights clip(1 + a·(r − μ − b_u), …): what a point above the user's level adds."""
    reg: float = 80.0
    """λ, the regularisation, in ratings."""
    dropout: float = 0.25
    """p, the share of a list that is dropped out in training; shrinks the most rated anime most."""
    list_norm: float = 0.5
    """ρ of the users' scales ‖x_u‖^−ρ: 0 weighs lists by their length, 1 weighs all lists the same."""
    franchise: float = 4.0
    """φ: prior strength of the links between anime of one franchise, in √ratings."""
    least_raters: int = 10
    """Minimum number of raters of an anime for learned weights from and to it."""
    kept: int = 100
    """Average number of weights stored for each anime."""
    likes: int = 50
    """Maximum number of similar anime from which an anime with too few raters takes its interest."""
    rarity: float = 0.14
    """γ of (raters + 1)^−γ: how much less known anime are favoured."""
    keenness: float = 1.8
    """β of r̂^(β·n_u/(n_u + κ)): how much the predicted rating counts in what is chosen."""
    trust: float = 6.0
    """κ: the number of a member's ratings n_u at which the predicted rating counts half."""
    rarity_trust: float = 20.0
    """The number of a member's ratings n_u at which γ counts half."""
    level_reg: float = 30.0
    """λ_u of the b_u in the levels r − μ − b_u, in ratings: a few low scores alone are dislikes."""
    usual: float = 1.0
    """ω: how many ratings everyone's usual interest counts as."""
    say: float = 0.75
    """σ: how much a rating of an anime without weights counts, through similar anime, beside another."""
    thin: float = 10.0
    """κ of `own_share`, in raters: the fewer an anime has, the more its facts count beside its ratings."""

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
    "rarity_trust": _AMOUNT,
    "level_reg": _AMOUNT,
    "usual": _FEW,
    "say": _FEW,
    "thin": _AMOUNT,
}
