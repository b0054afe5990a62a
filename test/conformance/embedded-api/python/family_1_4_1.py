"""Flow runs that a real agent of Prefect 1.4.1 executes: one starts another, one is watched, one is cancelled."""
import json
import logging
import re
import subprocess
import sys
import time

import pendulum
import prefect
from click.testing import CliRunner
from prefect import Flow, Parameter, task
from prefect.backend import FlowRunView, TenantView
from prefect.backend.flow_run import watch_flow_run
from prefect.cli import cli
from prefect.engine.results import PrefectResult
from prefect.run_configs import LocalRun
from prefect.storage import Local
from prefect.tasks.prefect import StartFlowRun, create_flow_run, get_task_run_result, wait_for_flow_run

logging.disable(logging.CRITICAL)
folder = sys.argv[1]
client = prefect.Client()
told = {"tenant": TenantView.from_current_tenant().slug}


def flow_of(name, result=None):
    storage = Local(directory=folder, add_default_labels=False)
    often = {"CHECK_CANCELLATION_INTERVAL": "0.2", "HEARTBEAT_INTERVAL": "0.2"}
    run_config = LocalRun(env={"PREFECT__CLOUD__" + name: value for name, value in often.items()})
    return Flow(name, storage=storage, run_config=run_config, result=result)


@task
def double(number):
    return number * 2


@task
def sleep():
    import time

    time.sleep(300)


@task
def after(slept):
    return slept


with flow_of("child", PrefectResult()) as child:
    double(Parameter("number", default=1))
with flow_of("sleeper") as sleeper:
    after(sleep())
with flow_of("parent") as parent:
    started = create_flow_run(flow_name="child", project_name="family", parameters={"number": 21})
    done = wait_for_flow_run(started, raise_final_state=True)
    result = get_task_run_result(started, "double-1", poll_time=1, upstream_tasks=[done])
    StartFlowRun("child", "family", scheduled_start_time=pendulum.now().add(days=1))(upstream_tasks=[result])

client.create_project("family")
_, sleeper_id, _ = [flow.register("family") for flow in (child, sleeper, parent)]

agent = subprocess.Popen(
    ["prefect", "agent", "local", "start", "--no-hostname-label", "--name", "real"],
    stdout=subprocess.DEVNULL,
    stderr=subprocess.DEVNULL,
)
try:
    sleeping = client.create_flow_run(flow_id=sleeper_id)
    watched = CliRunner().invoke(cli, ["run", "--name", "parent", "--project", "family", "--watch", "--no-logs"])
    told["watched"] = [watched.exit_code, re.findall("Entered state <(.*?)>", watched.output)]

    asked = 'query { flow_run_by_pk(id: "%s") { heartbeat task_runs { state } } }'
    beats = set()
    while len(beats) < 3:
        time.sleep(0.1)
        run = client.graphql(asked % sleeping).data.flow_run_by_pk
        if any(each.state == "Running" for each in run.task_runs):
            beats.add(run.heartbeat)
    told["cancel"] = client.cancel_flow_run(sleeping)
    told["cancelling"] = [log.message for log in watch_flow_run(sleeping, stream_logs=False)][-1]
    view = FlowRunView.from_flow_run_id(sleeping)
    told["cancelled"] = sorted({type(run.state).__name__ for run in view.get_all_task_runs()})
finally:
    agent.terminate()
    agent.wait()

runs = client.graphql(
    """{ flow_run(order_by: { created: asc }) {
      flow { name } states { state } agent { name } parameters task_runs { task { name } artifacts { kind } }
    } }"""
).to_dict()["data"]["flow_run"]
told["runs"] = [
    [
        run["flow"]["name"],
        [each["state"] for each in run["states"]],
        (run["agent"] or {}).get("name"),
        run["parameters"],
    ]
    for run in runs
]
told["artifacts"] = [
    [each["task"]["name"], artifact["kind"]]
    for run in runs
    for each in run["task_runs"]
    for artifact in each["artifacts"]
]
print("told:" + json.dumps(told))
