"""Deploys a small flow through the real Prefect 0.7.0 client and creates a run; prints both ids as JSON."""
import datetime
import json
import sys

import prefect
from prefect import Flow, Parameter, task
from prefect.engine.result_handlers import JSONResultHandler
from prefect.environments.storage import Local
from prefect.tasks.secrets import Secret

persisted = {"result_handler": JSONResultHandler(), "checkpoint": True}


@task(cache_for=datetime.timedelta(hours=1), **persisted)
def days(count):
    return list(range(count))


@task(**persisted)
def warmer(day):
    return day + 1


@task(max_retries=1, retry_delay=datetime.timedelta(seconds=1), tags=["flaky"], **persisted)
def flaky_sum(readings):
    if prefect.context.task_run_count == 1:
        raise ValueError("first")
    return sum(readings)


@task
def signed(total, token):
    return "{}:{}".format(total, len(token))


with Flow("weather", result_handler=JSONResultHandler(), storage=Local(directory=sys.argv[1])) as flow:
    signed(flaky_sum(warmer.map(days(Parameter("count", default=3)))), Secret("TOKEN"))

client = prefect.Client()
client.set_secret("TOKEN", "hush hush")
project_id = client.create_project("demo", "of old")
first_id = client.deploy(flow, "demo", compressed=False)
flow_id = flow.deploy(project_name="demo", build=False)
flow_run_id = client.create_flow_run(flow_id=flow_id, parameters={"count": 4}, idempotency_key="once")
assert client.create_flow_run(flow_id=flow_id, parameters={"count": 4}, idempotency_key="once") == flow_run_id
print("told:" + json.dumps({"first_id": first_id, "flow_id": flow_id, "flow_run_id": flow_run_id}))
