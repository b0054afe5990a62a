"""Real Prefect 3 in one process: executes each flow run that it is told of, as a worker's process would.

Standard input and output carry one line of JSON for each question and answer; all else goes to standard error.
"""
import itertools
import json
import os
import pathlib
import sys
import time
import traceback
from uuid import UUID

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent.parent))

import prefect.task_runners
from prefect.exceptions import Abort
from prefect.flow_engine import load_flow_run, run_flow
from table import graphs, load


def answer(**words):
    answers.write(json.dumps(words) + "\n")


numbers = itertools.count()


def rising_id():
    """A UUID of version 7 above the one before: within a millisecond Prefect's have no order, and then nothing tells which
    mapped child is the first."""
    return UUID(int=time.time_ns() // 1_000_000 << 80 | 7 << 76 | 2 << 62 | next(numbers))


prefect.task_runners.uuid7 = rising_id
themes = load()
answer(graphs=list(graphs), themes=themes)

for line in sys.stdin:
    asked = json.loads(line)
    try:
        run_flow(graphs[asked["graph"]], flow_run=load_flow_run(UUID(asked["execute"])), return_type="state")
        answer(executed=asked["execute"])
    except Abort:
        answer(executed=asked["execute"])
    except Exception:
        answer(executed=asked["execute"], error=traceback.format_exc())
