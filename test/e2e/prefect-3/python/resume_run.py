"""Resumes a flow run with Prefect 3's own client, as `prefect.flow_runs.resume_flow_run` does, and says what it thinks of it."""

import json
import sys
from uuid import UUID

from prefect.client.orchestration import get_client
from prefect.flow_runs import resume_flow_run

flow_run_id = UUID(sys.argv[1])
with get_client(sync_client=True) as client:
    state = client.read_flow_run(flow_run_id).state
    keyset = state.state_details.run_input_keyset
    schema = json.loads(client.read_flow_run_input(flow_run_id, keyset["schema"]))
refused = None
for run_input in json.loads(sys.argv[2]):
    try:
        resume_flow_run(flow_run_id, run_input=run_input)
    except RuntimeError as error:
        refused = str(error)
print(json.dumps({"state": state.name, "schema": schema, "refused": refused}))
