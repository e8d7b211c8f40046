"""What is loaded only where it is needed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVE = """
import sys
import bot.client
from hakken import Catalogue, ItemKNNBaseline
model = ItemKNNBaseline.load("data/starter")
catalogue = Catalogue.of_model("data/starter")
seen, other = (int(anime_id) for anime_id in model.anime_ids[:2])
assert model.recommend({seen: 9, other: 3}, n=3)
print(sorted({"pandas", "pyarrow", "scipy.optimize", "scipy.stats", "lightgbm"} & set(sys.modules)))
"""
COMMAND_LINE = """
import sys
from pathlib import Path
from hakken.cli import main
own = Path(sys.argv[1], "list.csv")
own.write_text("mal_id,score\\n1,9\\n5,8\\n")
try:
    main(["recommend", "--list", str(own), "--model", "data/starter"])
except SystemExit as ended:
    assert not ended.code
assert "hakken.cli.training" in sys.modules
print("lightgbm" in sys.modules)
"""


def test_the_command_line_loads_lightgbm_only_to_train(tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", COMMAND_LINE, str(tmp_path)]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert asked.returncode == 0, asked.stderr
    assert asked.stdout.splitlines()[-1] == "False"


def test_serving_loads_no_slow_library_that_it_does_not_need() -> None:
    command = [sys.executable, "-W", "ignore", "-c", SERVE]
    served = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert served.returncode == 0, served.stderr
    assert served.stdout.strip() == "[]"
