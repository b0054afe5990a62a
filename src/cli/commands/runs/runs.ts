import { ExitCode } from "../../../errors/index.ts";
import { meantFlow } from "../../../run/operate/find-run.ts";
import { withRunsApi } from "../../../run/register/with-api.ts";
import { accessFor } from "../../options/access.ts";
import type { RunsFlags } from "../../options/run-options.ts";
import { columns } from "../../terminal/columns.ts";
import { paintFor, stateColour } from "../../terminal/paint.ts";
import { durationText } from "../../terminal/words.ts";

/** A run is known by its name, too, so that a narrow terminal need not have its id. */
const head = [
  { title: "Run", leaves: 4 },
  { title: "Name", least: 12 },
  { title: "Flow", least: 10 },
  { title: "State" },
  { title: "Started", leaves: 3 },
  { title: "Took", leaves: 2 },
  { title: "Message", least: 10, leaves: 1 },
] as const;

/** `runs`: the newest first, a line each. */
export async function runsCommand(options: RunsFlags): Promise<number> {
  const { flow, project, state: states, limit, json } = options;
  const access = await accessFor(options, process.env);
  const { rows, meant } = await withRunsApi(access, async (api) => {
    const rows = await api.flowRuns({
      states,
      limit,
      ...(flow === undefined ? {} : { flow }),
      ...(project === undefined ? {} : { project }),
    });
    return { rows, meant: rows.length > 0 || flow === undefined || json ? undefined : await meantFlow(api, flow) };
  });
  if (json) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return ExitCode.ok;
  }
  if (rows.length === 0) {
    const suggestion = meant === undefined ? "" : ` Did you mean --flow ${JSON.stringify(meant)}?`;
    process.stderr.write(`flow-runner: The API at ${access.apiUrl} has no such flow run.${suggestion}\n`);
    return ExitCode.ok;
  }
  const paint = paintFor(process.stdout);
  const body = rows.map((run) => [
    run.id,
    run.name,
    run.flow.name,
    { text: run.state ?? "none", colour: stateColour(run.state ?? "Pending") },
    run.started === null ? "" : startText(run.started),
    run.started === null || run.ended === null ? "" : durationText(run.ended - run.started),
    run.message ?? "",
  ]);
  process.stdout.write(await columns(head, body, { paint, width: process.stdout.columns }));
  return ExitCode.ok;
}

/** In the reader's own time zone: `11-25 19:40:03`. */
function startText(time: number): string {
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${at.toTimeString().slice(0, 8)}`;
}
