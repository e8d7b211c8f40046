"""The second stage: orders the best matches once more, by boosted trees that weigh many facts together.

The first stage, `hakken.model`, scores every anime. The second looks closer, at the best of them only
(Covington, Adams & Sargin, *Deep Neural Networks for YouTube Recommendations*, 2016, §2).
"""

from hakken.recommend.second_stage.stage import SecondStage

__all__ = ["SecondStage"]
