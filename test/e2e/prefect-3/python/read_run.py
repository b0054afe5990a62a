"""Reads a flow run with Prefect 3's own client: its state, task runs, logs, graph and artifacts, as JSON."""

import asyncio
import json
import sys
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    ArtifactFilter,
    ArtifactFilterFlowRunId,
    FlowRunFilter,
    FlowRunFilterId,
    LogFilter,
    LogFilterFlowRunId,
)


async def main(flow_run_id: UUID) -> None:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run_id)
        flow = await client.read_flow(run.flow_id)
        tasks = []
        while page := await client.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[flow_run_id])),
            limit=200,
            offset=len(tasks),
        ):
            tasks += page
        logs = await client.read_logs(
            LogFilter(flow_run_id=LogFilterFlowRunId(any_=[flow_run_id])), limit=200
        )
        artifacts = await client.read_artifacts(
            artifact_filter=ArtifactFilter(
                flow_run_id=ArtifactFilterFlowRunId(any_=[flow_run_id])
            )
        )
        graph = (await client._client.get(f"/flow_runs/{flow_run_id}/graph-v2")).json()
    names = {str(task.id): task.name for task in tasks}
    edges = [
        [names.get(parent["id"]), names.get(node["id"])]
        for node_id, node in graph["nodes"]
        for parent in node["parents"]
    ]
    print(
        json.dumps(
            {
                "flow": flow.name,
                "completed": run.state.is_completed(),
                "state": run.state.name,
                "tasks": [
                    [task.name, task.state.type.value, task.run_count] for task in tasks
                ],
                "edges": edges,
                "artifacts": [
                    [
                        names.get(str(artifact.task_run_id)),
                        artifact.type,
                        artifact.key,
                        artifact.data,
                        artifact.description,
                    ]
                    for artifact in artifacts
                    if artifact.type != "result"
                ],
                "logs": [[log.level, log.message] for log in logs],
            }
        )
    )


asyncio.run(main(UUID(sys.argv[1])))
