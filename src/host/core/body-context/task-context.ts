import type { BodyRequest, LogRecord } from "../../../engine/index.ts";
import { type LocationContext, type RunContext, type RunDates, runDates } from "../../../flow/index.ts";
import { fullName } from "../../../graph/full-name.ts";
import type { TaskSpec } from "../../../graph/index.ts";
import type { RunDetails } from "../../run-details.ts";
import type { CoreContext } from "../core-context.ts";
import { flowRunControl } from "./control/flow-run-control.ts";
import { runArtifacts } from "./run-artifacts.ts";
import { runLimits } from "./run-limits.ts";
import { runVariables } from "./run-variables.ts";

/** The days around a run; a `date` in the run's context moves them (Prefect 1.x). */
export const datesOf = (details: RunDetails): RunDates => {
  const date = Date.parse(String(details.context.date));
  return Number.isNaN(date) ? runDates(details.scheduledStart) : runDates(details.scheduledStart, date);
};

/** The `context` that a body sees. */
export function runContext(
  { flow, details, dates, ports, secrets }: CoreContext,
  spec: TaskSpec,
  request: BodyRequest,
  loopResult: unknown,
  controller: AbortController,
): RunContext {
  const name = `prefect.${fullName(spec.name, request.mapIndex)}`;
  const log = (level: LogRecord["level"]) => (message: string) =>
    ports.log({ time: Date.now(), level, name, message: String(message), taskRunId: request.taskRunId });
  const logger = { debug: log("DEBUG"), info: log("INFO"), warning: log("WARNING"), error: log("ERROR") };
  return {
    ...dates,
    ...runLimits(ports.ask, request.taskRunId, controller.signal),
    parameters: details.parameters,
    flowName: flow.graph.name,
    flowRunId: details.flowRunId,
    taskName: spec.name,
    taskSlug: spec.slug,
    taskRunId: request.taskRunId,
    mapIndex: request.mapIndex,
    taskRunCount: request.runCount,
    loopCount: request.loopCount,
    loopResult,
    resume: request.resume,
    signal: controller.signal,
    logger,
    secrets: { get: secrets.get },
    artifacts: runArtifacts(ports.ask, request.taskRunId, logger.warning),
    variables: runVariables(details.context, ports.ask, request.taskRunId),
    flowRun: flowRunControl(ports.ask, { request, controller }),
  };
}

/** What a location template may use. */
export function locationContext(
  { flow, details, dates }: CoreContext,
  spec: TaskSpec,
  request: BodyRequest,
  inputs: Readonly<Record<string, unknown>>,
): LocationContext {
  return {
    flow_name: flow.graph.name,
    flow_run_id: details.flowRunId ?? "",
    task_name: spec.name,
    task_slug: spec.slug,
    task_full_name: fullName(spec.name, request.mapIndex),
    task_run_id: request.taskRunId ?? "",
    map_index: request.mapIndex,
    date: dates.date.toISOString(),
    today: dates.today,
    parameters: details.parameters,
    inputs,
  };
}
