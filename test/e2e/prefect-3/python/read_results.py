"""Reads the results of task runs with Prefect 3's own client, as JSON: a value, or the error that its user gets."""

import asyncio
import json
import sys

from prefect.client.orchestration import get_client
from prefect.states import get_state_result


async def read(client, task_run_id: str) -> dict:
    run = await client.read_task_run(task_run_id)
    try:
        return {"value": await get_state_result(run.state, retry_result_failure=False)}
    except Exception as error:
        return {"error": type(error).__name__, "says": str(error)}


async def main(task_run_ids: list[str]) -> None:
    async with get_client() as client:
        print(json.dumps([await read(client, each) for each in task_run_ids]))


asyncio.run(main(sys.argv[1:]))
