import { buildSchema, type GraphQLSchema, parse, validate } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { judge, operationOf, rootFields } from "../../scripts/documents/judge.ts";
import { type SentDocument, sentDocuments } from "../../scripts/documents/sent-documents.ts";
import { buildSchema07 } from "../../src/api/dialect-0.7/schema.ts";
import { schemaSdl } from "../../src/api/schema/build.ts";
import { depthLimit } from "../../src/api/schema/depth-limit.ts";
import { attachScalars } from "../../src/api/schema/scalars.ts";
import type { GraphqlDialectName } from "../../src/config/index.ts";

const schemas: Readonly<Record<GraphqlDialectName, () => GraphQLSchema>> = {
  "1.x": () => buildSchema(schemaSdl()),
  "0.7": buildSchema07,
};

type States = readonly { readonly state: object; readonly [id: string]: unknown }[];

const namesIn = (document: SentDocument): string[] =>
  rootFields(operationOf(document.query)).map(({ name }) => name.value);
const isOfStates = (name: string): boolean => /^set_?(task|flow)_?run_?states$/i.test(name);

describe.each<GraphqlDialectName>(["1.x", "0.7"])("what is sent in the dialect of Prefect %s", (dialect) => {
  let documents: readonly SentDocument[] = [];
  let schema: GraphQLSchema;

  beforeAll(async () => {
    schema = schemas[dialect]();
    attachScalars(schema);
    documents = await sentDocuments(dialect);
  });

  test("is every operation of the client", () => {
    const names = new Set(documents.flatMap(namesIn));
    const ofBoth = ["flow_run_by_pk", "task_run", "flow", "flow_by_pk", "project"];
    const of07 = [
      "setFlowRunStates",
      "setTaskRunStates",
      "getOrCreateTaskRun",
      "writeRunLogs",
      "updateTaskRunHeartbeat",
    ];
    const of1x = ["set_flow_run_states", "get_or_create_task_run_info", "write_run_logs", "cancel_flow_run"];
    expect([...names]).toEqual(expect.arrayContaining([...ofBoth, ...(dialect === "0.7" ? of07 : of1x)]));
    expect(names.size).toBeGreaterThanOrEqual(dialect === "0.7" ? 17 : 24);
  });

  test("is valid, variables and depth included", () => {
    for (const document of documents) {
      expect(judge(schema, document)).toEqual({ operations: namesIn(document), problems: [] });
      expect(validate(schema, parse(document.query), [depthLimit])).toEqual([]);
    }
  });

  test("has one state of a run in a list, and never states beside logs", () => {
    const withStates = documents.filter((document) => namesIn(document).some(isOfStates));
    expect(withStates.length).toBeGreaterThan(2);
    for (const document of withStates) {
      expect(namesIn(document).filter((name) => /log/i.test(name))).toEqual([]);
      for (const { states } of Object.values(document.variables) as { states: States }[]) {
        const runs = states.map((item) => item.task_run_id ?? item.taskRunId ?? item.flow_run_id ?? item.flowRunId);
        expect(new Set(runs).size).toBe(runs.length);
      }
    }
  });

  test("stays far from the servers' limits of a body", () => {
    expect(Math.max(...documents.map(({ bytes }) => bytes))).toBeLessThan(5_000_000);
  });
});
