"""Renders the Kubernetes job that Prefect 3's own worker would create for a flow run: image, arguments, environment."""

import asyncio
import json
import sys
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect_kubernetes.worker import KubernetesWorkerJobConfiguration


async def main(flow_run_id: UUID) -> None:
    async with get_client() as client:
        run = await client.read_flow_run(flow_run_id)
        flow = await client.read_flow(run.flow_id)
        deployment = await client.read_deployment(run.deployment_id)
        pool = await client.read_work_pool(deployment.work_pool_name)
        configuration = (
            await KubernetesWorkerJobConfiguration.from_template_and_values(
                base_job_template=pool.base_job_template,
                values=deployment.job_variables or {},
                client=client,
            )
        )
        configuration.prepare_for_flow_run(
            flow_run=run,
            deployment=deployment,
            flow=flow,
            work_pool=pool,
            worker_name="worker",
        )
    container = configuration.job_manifest["spec"]["template"]["spec"]["containers"][0]
    print(
        json.dumps(
            {
                "image": container["image"],
                "command": container.get("command"),
                "args": container["args"],
                "env": {each["name"]: each.get("value") for each in container["env"]},
            }
        )
    )


asyncio.run(main(UUID(sys.argv[1])))
