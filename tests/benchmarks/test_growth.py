from __future__ import annotations

from benchmarks import growth
from benchmarks.table import Row


def test_growth_is_what_a_rating_costs_beside_what_it_cost_before() -> None:
    def run(seconds: float, similarities: float, gigabytes: float) -> list[Row]:
        return [
            Row("", growth.WHOLE, "s", seconds),
            Row("", growth.STEPS["similarities"], "s", similarities),
            Row("", growth.PEAK, "GB", gigabytes),
        ]

    of_time, of_similarities, of_memory = growth.rows({1_000_000: run(4, 2, 1), 2_000_000: run(8, 3, 3)})

    assert (of_time.hakken, of_time.of_peer, of_time.verdict) == (4, 4, "met")
    assert (of_similarities.hakken, of_similarities.of_peer, of_similarities.verdict) == (1.5, 2, "met")
    assert (of_memory.hakken, of_memory.of_peer, of_memory.verdict) == (1500, 1000, "NOT: +36%")
