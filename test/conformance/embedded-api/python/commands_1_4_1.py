"""The commands, client methods and views of the real Prefect 1.4.1, over the run of the weather flow; printed as JSON."""
import json
import sys

import prefect
from click.testing import CliRunner
from prefect import Flow, Task
from prefect.backend import FlowRunView, FlowView, TaskRunView, kv_store
from prefect.cli import cli
from prefect.core.edge import Edge
from prefect.storage import Local
from prefect.utilities.graphql import with_args

folder, flow_run_id = sys.argv[1:]
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


command("create project side -d other")
command("create project side --skip-if-exists")
command("get projects")
command("get flows")
command("get flows --name weather --project demo --all-versions")
command("get flow-runs --flow weather --started")
command("get tasks --flow-name weather")
command("get logs --name by-hand")
command("describe flows -n weather")
command("describe tasks -n weather")
command("describe flow-runs -n by-hand")
command("delete project side")
command("get projects --name side")
command("auth list-tenants")
command("auth list-keys")

info = client.get_flow_run_info(flow_run_id)
(warmer,) = [each for each in info.task_runs if each.task_slug == "warmer-1"]
child = client.get_task_run_info(flow_run_id, warmer.task_id, map_index=2)
told["client"] = {
    "flow_run": [type(info.state).__name__, info.name, info.project.name, info.parameters, len(info.task_runs)],
    "child": [type(child.state).__name__, child.version, child.state._result.location],
    "states": [
        type(client.get_flow_run_state(flow_run_id)).__name__,
        type(client.get_task_run_state(child.id)).__name__,
    ],
    "renamed": [client.set_flow_run_name(flow_run_id, "renamed"), client.set_task_run_name(child.id, "third")],
}

view = FlowRunView.from_flow_run_id(flow_run_id)
flow = FlowView.from_flow_id(view.flow_id)
told["views"] = {
    "run": [view.name, view.state.message, view.get_flow_metadata().name, len(view.get_logs()) > 10],
    "mapped": [run.get_result() for run in view.get_task_run(task_slug="warmer-1").iter_mapped()],
    "third": [TaskRunView.from_task_run_id(child.id).name, TaskRunView.from_task_run_id(child.id).map_index],
    "flow": [flow.name, flow.project_name, type(flow.run_config).__name__, type(flow.storage).__name__],
    "tasks": sorted(task.slug or "" for task in flow.flow.tasks),
}

kv_store.set_key_value("rows", {"of": [1, 2]})
told["key_values"] = [kv_store.list_keys(), kv_store.get_key_value("rows"), kv_store.delete_key("rows")]
told["key_values"].append(kv_store.list_keys())

artifact = client.create_task_run_artifact(child.id, "markdown", {"markdown": "# one"})
client.update_task_run_artifact(artifact, {"markdown": "# two"})
asked = {"query": {with_args("task_run_artifact", {"where": {"id": {"_eq": artifact}}}): {"kind", "data"}}}
told["artifacts"] = client.graphql(asked).to_dict()["data"]["task_run_artifact"]
client.delete_task_run_artifact(artifact)
told["artifacts"] += client.graphql(asked).to_dict()["data"]["task_run_artifact"]

client.update_task_tag_limit("database", 2)
told["tag_limit"] = [client.get_task_tag_limit("database"), client.get_task_tag_limit("other")]

# No chain: Prefect's own sorting of one takes minutes.
root, *others = [Task(name=f"step {number}") for number in range(1201)]
edges = [Edge(root, each) for each in others]
large = Flow("large", tasks=[root, *others], edges=edges, storage=Local(directory=folder))
first, second = [large.register("demo", idempotency_key="the same") for _ in range(2)]
asked = {"version": True, "tasks_aggregate": {"aggregate": "count"}, "edges_aggregate": {"aggregate": "count"}}
stored = client.graphql({"query": {with_args("flow_by_pk", {"id": first}): asked}}).to_dict()["data"]["flow_by_pk"]
told["large"] = [first == second, stored, len(FlowView.from_flow_id(first).flow.tasks)]

told["no_project"] = refusal(lambda: large.register("nowhere"))
told["no_tenant"] = refusal(lambda: client.graphql('mutation { create_tenant(input: { name: "a", slug: "a" }) { id } }'))
print("told:" + json.dumps(told))
