"""The item-based KNN model with baseline and the interest model: fit, save, load and predict."""

from hakken.model.explanations import Reason, Recommendation, Similar
from hakken.model.item_knn import ItemKNNBaseline
from hakken.model.parameters import Parameters

__all__ = ["ItemKNNBaseline", "Parameters", "Reason", "Recommendation", "Similar"]
