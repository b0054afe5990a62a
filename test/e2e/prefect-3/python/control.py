"""Starts flow-runner as a process worker of Prefect 3 does, and speaks with it over the worker's own control channel.

Words: the file that bodies write to, then `FLOW_RUN_ID INTENT` pairs; the intent `none` waits for the end. The command is
everything behind `--`. Prints for each pair what the channel says of the attempt, and the exit code.
"""

import asyncio
import json
import os
import signal
import sys
from uuid import UUID

from prefect._internal.attempt_control import EngineOutcomeReceipt
from prefect.runner._control_channel import ControlChannel


async def attempt(channel, log, command, run_id, intent):
    port, token = channel.register(UUID(run_id))
    env = {
        **os.environ,
        "PREFECT__FLOW_RUN_ID": run_id,
        "PREFECT__CONTROL_PORT": str(port),
        "PREFECT__CONTROL_TOKEN": token,
    }
    child = await asyncio.create_subprocess_exec(
        *command, env=env, stdout=sys.stderr, stderr=sys.stderr
    )
    status = None
    if intent != "none":
        while f"{run_id} waits\n" not in open(log).read():
            if child.returncode is not None:
                sys.exit(f"{run_id} ended with {child.returncode} before its body ran")
            await asyncio.sleep(0.05)
        status = (await channel.signal(UUID(run_id), intent)).value
        try:
            child.send_signal(signal.SIGTERM)
        except ProcessLookupError:
            pass
    code = await child.wait()
    concluded = channel.unregister(UUID(run_id))
    if isinstance(concluded, EngineOutcomeReceipt):
        end = [concluded.disposition.value, concluded.state_type]
    else:
        end = None if concluded is None else [concluded.intent]
    return {"status": status, "exitCode": code, "end": end}


async def main():
    words, command = sys.argv[1:], []
    at = words.index("--")
    words, command = words[:at], words[at + 1 :]
    log, pairs = words[0], words[1:]
    told = []
    async with ControlChannel() as channel:
        for run_id, intent in zip(pairs[::2], pairs[1::2]):
            told.append(await attempt(channel, log, command, run_id, intent))
    print(json.dumps(told))


asyncio.run(main())
