import { z } from "zod";
import type { LogRecord } from "../../../engine/index.ts";
import { toWireTime } from "../../../state/index.ts";
import type { UnwantedLog } from "../../port/api.ts";
import type { CallOptions } from "../../port/call.ts";
import { withRetries } from "../../transport/retry.ts";
import { problemOf } from "../client/graphql-answer.ts";
import type { GraphqlClient } from "../client/graphql-client.ts";
import { isUnknown } from "../client/known-columns.ts";
import { mutationDocument, mutationField, spelledInput } from "../client/mutation.ts";

type Entry = Readonly<Record<string, unknown>>;

/**
 * Writes logs as a list. Prefect 0.7.0 has no lists of logs: an API that does not know them gets one field for each
 * record, all in one document, from then on.
 */
export class LogWriter {
  readonly #client: GraphqlClient;
  #hasLists = true;

  constructor(client: GraphqlClient) {
    this.#client = client;
  }

  async write(
    flowRunId: string,
    records: readonly LogRecord[],
    options: CallOptions = {},
  ): Promise<readonly UnwantedLog[]> {
    const entries = records.map((record) => this.#entry(flowRunId, record));
    if (this.#hasLists && (await this.#writeList(entries, options))) return [];
    this.#hasLists = false;
    return this.#writeEach(records, entries, options);
  }

  #entry(flowRunId: string, { taskRunId, time, name, level, message }: LogRecord): Entry {
    const entry = { flow_run_id: flowRunId, task_run_id: taskRunId, timestamp: toWireTime(time), name, level, message };
    return spelledInput(this.#client.dialect, entry);
  }

  /** False: this API has no lists. */
  async #writeList(logs: readonly Entry[], options: CallOptions): Promise<boolean> {
    const { dialect, retry } = this.#client;
    const list = { name: "write_run_logs", input: { logs }, select: "success", row: z.unknown(), operation };
    const document = mutationDocument(dialect, list);
    const answer = await withRetries(() => this.#client.once(document, options), retry, options);
    if (dialect.singleLogs && isUnknown(answer, dialect.spell(list.name))) return false;
    this.#client.read(document, z.unknown(), answer);
    return true;
  }

  async #writeEach(
    records: readonly LogRecord[],
    entries: readonly Entry[],
    options: CallOptions,
  ): Promise<readonly UnwantedLog[]> {
    const { dialect, retry } = this.#client;
    const name = "write_run_log";
    const declared = entries.map((_, at) => `$l${at}: ${dialect.inputType(name)}!`);
    const fields = entries.map((_, at) => `l${at}: ${mutationField(dialect, name, `$l${at}`, "success")}`);
    const document = {
      operation,
      query: `mutation(${declared.join(", ")}) {\n${fields.join("\n")}\n}`,
      variables: JSON.stringify(Object.fromEntries(entries.map((entry, at) => [`l${at}`, entry]))),
    };
    const answer = await withRetries(() => this.#client.once(document, options), retry, options);
    const failed = entries.flatMap((_, at) => (answer.data[`l${at}`] == null ? [at] : []));
    if (failed.length === entries.length) this.#client.read(document, z.unknown(), answer);
    return failed.flatMap((at) => {
      const record = records[at];
      const own = answer.errors.filter(({ path }) => path?.[0] === `l${at}`);
      return record === undefined ? [] : [{ record, reason: problemOf(own.length > 0 ? own : answer.errors) }];
    });
  }
}

const operation = "a batch of logs";
