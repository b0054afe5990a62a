"""The commands, client methods and agent of the real Prefect 0.7.0, over runs of the weather flow; printed as JSON."""
import json
import os
import subprocess
import sys
import threading

import pendulum
import prefect
from click.testing import CliRunner
from prefect.agent import Agent
from prefect.cli import cli
from prefect.engine import state

flow_run_id, run_name = sys.argv[1:]
client = prefect.Client()
told = {}


def command(line):
    result = CliRunner().invoke(cli, line.split())
    told[line] = result.output if result.exception is None else result.output + repr(result.exception)


def refusal(work):
    try:
        return work()
    except Exception as error:
        return str(error)


def names(run_id):
    asked = 'query { flow_run_by_pk(id: "%s") { states { state } task_runs { map_index task { name } states { state } } } }'
    run = client.graphql(asked % run_id).to_dict()["data"]["flow_run_by_pk"]
    task_runs = {
        "%s[%s]" % (each["task"]["name"], each["map_index"]): " ".join(state["state"] for state in each["states"])
        for each in run["task_runs"]
    }
    return " ".join(each["state"] for each in run["states"]), task_runs


told["states"] = names(flow_run_id)
command("get projects")
command("get flows --name weather --all-versions")
command("get flow-runs --flow weather --started")
command("get tasks --flow-name weather --flow-version 2")
command("get logs --name " + run_name)
command("get logs --info --name " + run_name)
command("describe flows -n weather")
command("describe tasks -n weather")
command("describe flow-runs -n " + run_name)


class ProcessAgent(Agent):
    """0.7.0 starts flow runs in containers only; this one starts what its command does there."""

    def deploy_flows(self, flow_runs):
        for flow_run in flow_runs:
            env = dict(os.environ, PREFECT__CONTEXT__FLOW_RUN_ID=flow_run.id)
            subprocess.run(["prefect", "execute", "cloud-flow"], env=env, stdout=subprocess.DEVNULL, check=True)


def poll():
    agent = ProcessAgent(labels=[])
    tenant_id = agent.agent_connect()
    while not agent.agent_process(tenant_id):
        pass


polling = threading.Thread(target=poll, daemon=True)
polling.start()
command("run cloud --name weather --project demo --watch")
polling.join()
(second,) = [
    run.id for run in client.graphql("query { flow_run(order_by: { created: desc }, limit: 1) { id } }").data.flow_run
]
told["second"] = names(second)

info = client.get_flow_run_info(second)
(days,) = [each for each in info.task_runs if type(each.state).__name__ == "Cached"]
warmer_id = [each.task_id for each in info.task_runs if type(each.state).__name__ == "Mapped"][0]
child = client.get_task_run_info(second, warmer_id, map_index=1)
cached = client.get_latest_cached_states(days.task_id, None, pendulum.now().subtract(hours=1))
told["client"] = {
    "child": [type(child.state).__name__, child.version, child.state._result.safe_value.value],
    "cached": [each._result.safe_value.value for each in cached],
    "version_lock": refusal(lambda: client.set_flow_run_state(second, 0, state.Running())),
}
client.update_task_tag_limit("flaky", 0)
held = client.create_flow_run(flow_id=info.flow_id)
client.set_flow_run_state(held, 1, state.Running())
for each in client.get_flow_run_info(held).task_runs:
    answer = client.set_task_run_state(each.id, each.version, state.Running())
    if isinstance(answer, state.Queued):
        told["queued"] = answer.message
told["tag_limit"] = client.get_task_tag_limit("flaky")

client.login_to_tenant(tenant_slug="default")
client._refresh_access_token()
told["tenants"] = [each.slug for each in client.get_available_tenants()]
told["logged_in"] = prefect.Client(api_token=client._access_token).graphql("query { hello }").data.hello
token = 'mutation { createAPIToken(input: { name: "mine", role: "RUNNER" }) { token } }'
told["token"] = refusal(lambda: client.graphql(token))
print("told:" + json.dumps(told))
