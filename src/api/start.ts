import type { GraphQLSchema } from "graphql";
import { z } from "zod";
import { toWireTime } from "../state/index.ts";
import type { Api, ApiOptions } from "./api.ts";
import type { Database } from "./database/database.ts";
import { inMemory, openDatabase } from "./database/open.ts";
import { openSecretBox } from "./database/secret-box.ts";
import { resolversOf07 } from "./dialect-0.7/resolvers.ts";
import { buildSchema07 } from "./dialect-0.7/schema.ts";
import { FaultMachine } from "./faults/fault-machine.ts";
import { withFaults } from "./faults/faulty-executor.ts";
import type { Answer } from "./http/answer.ts";
import { Documents } from "./http/documents.ts";
import { executeOperation } from "./http/execute.ts";
import { keyFor } from "./http/key.ts";
import { serve } from "./http/server.ts";
import { Watch } from "./live/follow/watch.ts";
import { pageRoutes } from "./live/routes.ts";
import { newId, type RequestContext } from "./mutations/context.ts";
import { operationResolvers } from "./mutations/index.ts";
import { topUp } from "./mutations/scheduling/top-up.ts";
import { pageFiles } from "./page-files/page-files.ts";
import { withEntityQueries } from "./query/resolvers.ts";
import type { Dialect } from "./rules/dialect.ts";
import { buildApiSchema, withResolvers } from "./schema/build.ts";
import { rescheduleLostRuns } from "./services/lazarus.ts";
import { concludeLostCancellations } from "./services/lost-cancellations.ts";
import { type Service, startServices } from "./services/start-services.ts";

/** Opens the file, builds the schema, listens. See `startApi`. */
export async function start(options: ApiOptions): Promise<Api> {
  const { port = 0, host = "127.0.0.1", data = inMemory, version = "0" } = options;
  const key = keyFor(options.key, host);
  const machine = new FaultMachine(options.now ?? Date.now);
  machine.set(options.faults ?? null);
  const now = (): number => machine.now();
  const database = openDatabase(data);
  try {
    const tenantId = database.transaction(() => tenantOf(database, toWireTime(now())));
    const documents = documentsOf({ "1.x": schemaOf1x, "0.7": schemaOf07 });
    // The other one waits for its first request: building a schema takes some 20 ms.
    documents("1.x");
    const shared = { database, secrets: openSecretBox(data), tenantId, key, version, now, lookAgain: new Map() };
    const watch = new Watch(database);
    const ownContext: RequestContext = { ...shared, agentId: null, dialect: "1.x" };
    const server = await serve({
      ...{ port, host, key, now },
      page: { file: pageFiles(), ask: pageRoutes(ownContext, watch) },
      execute: withFaults(
        (operation, sender) => executeOperation(documents(sender.dialect), operation, { ...shared, ...sender }),
        machine,
        options.seen,
      ),
    });
    const service = (name: string, work: (context: RequestContext) => void): Service => ({
      name,
      look: () => database.transaction(() => work(ownContext)),
    });
    const services = startServices([
      service("scheduler", topUp),
      service("Lazarus process", rescheduleLostRuns),
      service("zombie killer", concludeLostCancellations),
    ]);
    const close = async (): Promise<void> => {
      services.stop();
      watch.close();
      await server.close();
      database.close();
    };
    return {
      get url() {
        return server.url;
      },
      ...{ key, tenantId, requests: server.requests, close, listen: server.listen, connect: server.connect },
      query: (document, variables = {}) => {
        const operation = { query: document, variables, operationName: null, readOnly: false };
        return dataOf(executeOperation(documents("1.x"), operation, ownContext));
      },
      lookNow: services.lookNow,
      setFaults: (plan) => machine.set(plan),
      addFault: (rule) => machine.add(rule),
      metFaults: () => machine.met,
      restart: (downFor = 0) => server.restart(downFor),
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

const answered = z.object({ data: z.unknown(), errors: z.array(z.object({ message: z.string() })).default([]) });

/** @throws Error */
function dataOf({ body }: Answer): unknown {
  const { data, errors } = answered.parse(body);
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return data;
}

/** The documents of each dialect, whose schema is built when it is asked for. */
function documentsOf(schemas: Readonly<Record<Dialect, () => GraphQLSchema>>): (dialect: Dialect) => Documents {
  const built = new Map<Dialect, Documents>();
  return (dialect) => {
    const known = built.get(dialect) ?? new Documents(schemas[dialect]());
    built.set(dialect, known);
    return known;
  };
}

const schemaOf1x = (): GraphQLSchema => buildApiSchema(withEntityQueries(operationResolvers));
const schemaOf07 = (): GraphQLSchema => withResolvers(buildSchema07(), withEntityQueries(resolversOf07()));

/** Each file has one tenant, made with it: Prefect 1.x's clients ask for its id and send it back. */
function tenantOf(database: Database, time: string): string {
  const found = database.first("SELECT id FROM tenant LIMIT 1");
  if (found !== undefined) return String(found.id);
  const id = newId();
  database.run(
    "INSERT INTO tenant (id, name, slug, created, updated) VALUES (?, 'default', 'default', ?, ?)",
    id,
    time,
    time,
  );
  return id;
}
