"""Real Prefect 1.4.1 in one process: registers the whole table, then executes each flow run that it is told of.

Standard input and output carry one line of JSON for each question and answer; all else goes to standard error.
"""
import json
import os
import pathlib
import sys
import traceback

answers = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

import prefect
from prefect.cli.execute import flow_run as execute_flow_run
from prefect.storage import Local
from table import flow_of, graphs, load


def answer(**words):
    answers.write(json.dumps(words) + "\n")


def registered(name):
    flow = flow_of(name)
    flow.storage = Local(directory=sys.argv[1])
    # Local storage brings a result of its own, an image does not: a flow has only the result that it says.
    flow.storage.result = None
    return flow.register(project_name="prefect", labels=[], no_url=True, set_schedule_active=False)


load()
prefect.Client().create_project("prefect")
answer(flows={name: registered(name) for name in graphs})

for line in sys.stdin:
    flow_run_id = json.loads(line)["execute"]
    try:
        with prefect.context(flow_run_id=flow_run_id):
            execute_flow_run.callback()
        answer(executed=flow_run_id)
    except Exception:
        answer(executed=flow_run_id, error=traceback.format_exc())
