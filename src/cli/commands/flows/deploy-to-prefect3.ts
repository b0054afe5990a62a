import { ExitCode, FlowRunnerError } from "../../../errors/index.ts";
import { CronClock, IntervalClock, Schedule } from "../../../flow/index.ts";
import { withArtifacts } from "../../../run/deploy/image-artifacts.ts";
import { deployArtifactsToPrefect3 } from "../../../run/deploy/prefect3/deploy-to-prefect3.ts";
import type { Prefect3DeployOptions } from "../../../run/deploy/prefect3/options.ts";
import { describeArtifact } from "../../../run/describe.ts";
import { prefect3AccessFor } from "../../options/access.ts";
import { dockerStorage, inFolder } from "../../options/docker-storage.ts";
import type { DeployFlags } from "../../options/image-options.ts";
import { parseParameter, readParameters } from "../../options/parameters.ts";
import { imageProgress } from "../../terminal/output/live/image-progress.ts";
import { printResult } from "../../terminal/print-result.ts";
import { moduleOutput } from "./module-output.ts";

/** `deploy FILE... --work-pool NAME`: prints the id of each deployment, one a line. */
export async function deployToPrefect3Command(files: readonly string[], flags: DeployFlags): Promise<number> {
  const { workPool } = flags;
  if (workPool === undefined) throw new FlowRunnerError("DEPLOY_TARGET_MISSING", {});
  if (flags.project !== undefined) throw new FlowRunnerError("DEPLOY_OPTION_NOT_IN_3", { option: "--project" });
  const access = await prefect3AccessFor(flags, process.env);
  const options = { ...(await deploymentOptions(flags)), workPool };
  const progress = await imageProgress(process.stderr);
  try {
    const { deployments } = await withArtifacts(files, async (artifacts) => {
      const graphs = [];
      for (const { path } of artifacts) graphs.push(...(await describeArtifact(path, { log: moduleOutput })).flows);
      return deployArtifactsToPrefect3(artifacts, graphs, access, { ...options, observer: progress.observer });
    });
    progress.close();
    for (const { deploymentId, ...deployment } of deployments)
      printResult(flags.json, { deploymentId, ...deployment }, deploymentId);
    return ExitCode.ok;
  } finally {
    progress.close();
  }
}

async function deploymentOptions(flags: DeployFlags): Promise<Omit<Prefect3DeployOptions, "workPool">> {
  const { directory, push, keep, strict, createPool, workQueue, name, command, paused, description } = flags;
  const given = {
    ...{ createPool, workQueue, name, command, paused, description },
    concurrencyLimit: flags.concurrencyLimit,
    onTooMany: flags.onTooMany,
    schedule: scheduleOf(flags),
    ...(directory === undefined ? { storage: imageOf(flags) } : inFolder(directory, flags)),
  };
  return {
    ...{ api: "prefect3", push, keep, strict },
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
      Omit<Prefect3DeployOptions, "workPool" | "api">
    >),
    jobVariables: Object.fromEntries(flags.jobVariable.map(jobVariable)),
    parameters: await readParameters(flags.parameter, flags.paramFile),
    tags: flags.runTag,
  };
}

/** Undefined: nothing is said of an image, and the pool says whether there is one. */
function imageOf(flags: DeployFlags): Prefect3DeployOptions["storage"] {
  const storage = dockerStorage(flags);
  const said = Object.values(storage.options).some(
    (value) => typeof value !== "object" || Object.keys(value).length > 0,
  );
  return said ? storage : undefined;
}

/** Undefined: the flow's own. */
function scheduleOf({ cron, interval, timeZone, schedule }: DeployFlags): Schedule | null | undefined {
  if (!schedule) return null;
  const zone = timeZone === undefined ? {} : { timeZone };
  const clocks = [
    ...cron.map((text) => new CronClock(text, zone)),
    ...interval.map((each) => new IntervalClock({ interval: each as `${number}s`, ...zone })),
  ];
  return clocks.length === 0 ? undefined : new Schedule({ clocks });
}

function jobVariable(option: string): [name: string, value: unknown] {
  if (option.indexOf("=") < 1) throw new FlowRunnerError("JOB_VARIABLE_INVALID", { option });
  return parseParameter(option, "--job-variable");
}
