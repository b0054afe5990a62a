import type { StartableRun } from "../../../cloud/index.ts";
import type { ApiAccess } from "../../../config/index.ts";

/** What a run's environment tells of it. */
export type LaunchableRun = Pick<StartableRun, "id" | "flow">;

/** What an agent adds to the environment of the runs that it starts. */
export interface LaunchSettings {
  readonly access: ApiAccess;
  readonly labels: readonly string[];
  /** `--env`. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs may send their logs to the API. */
  readonly sendLogs: boolean;
}

/** What a run's own run config asks for. */
export interface RunSurroundings {
  readonly env: Readonly<Record<string, string>>;
  /** Null: the agent's own. */
  readonly workingFolder: string | null;
}
