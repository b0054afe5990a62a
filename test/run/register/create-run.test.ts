import { expect, test } from "vitest";
import type { DialectName } from "../../../src/config/index.ts";
import { createRun } from "../../../src/run/register/create-run.ts";
import { flowForm, openApi, register } from "../../api/api-client.ts";

const parameters = [
  { name: "city", slug: "city", required: true, default: null },
  { name: "days", slug: "days", required: false, default: [1, 2] },
];

async function open(dialect: DialectName, declared: readonly object[] = parameters) {
  const client = await openApi();
  const { flowId } = await register(client, flowForm("weather", [], { parameters: declared }));
  const access = { apiUrl: client.api.url, apiKey: null, tenantId: null, dialect };
  const create = (given: Record<string, unknown> | undefined, flow = flowId) =>
    createRun(flow, access, { project: null, ...(given === undefined ? {} : { parameters: given }) });
  const runs = () => client.send("{ flow_run { parameters } }");
  return { create, runs };
}

test.each<DialectName>(["1.x", "0.7"])("a run needs its flow's parameters, and no others (%s)", async (dialect) => {
  const { create, runs } = await open(dialect);
  await expect(create(undefined)).rejects.toMatchObject({
    code: "PARAMETER_MISSING",
    message: expect.stringContaining('"weather" did not receive its required parameter city'),
  });
  for (const flow of [undefined, "weather"]) {
    await expect(create({ city: "Bern", dyas: [3] }, flow)).rejects.toMatchObject({
      code: "PARAMETER_UNKNOWN",
      message: 'Flow "weather" has no parameter dyas; it has city, days. Did you mean days?',
    });
  }
  expect(await runs()).toEqual({ flow_run: [] });
  await create({ city: "Bern" });
  expect(await runs()).toEqual({ flow_run: [{ parameters: { city: "Bern", days: [1, 2] } }] });
});

test.each<DialectName>(["1.x", "0.7"])(
  "a run's values are held against what is registered of them (%s)",
  async (dialect) => {
    const schema = { type: "array", items: { type: "string", format: "date" } };
    const { create, runs } = await open(dialect, [
      { name: "days", slug: "days", required: true, default: null, schema },
      { name: "city", slug: "city", required: false, default: null, schema: { type: "string" } },
    ]);
    await expect(create({ days: ["2012-01-01", "today", 3], city: 5 })).rejects.toMatchObject({
      code: "PARAMETER_VALUE_INVALID",
      message: expect.stringMatching(
        /^Flow "weather" cannot run with .*: days\[1\]: string does not match format "date"; days\[2\]: type "number".*; city: type/,
      ),
    });
    expect(await runs()).toEqual({ flow_run: [] });
    await create({ days: ["2012-01-01"], city: null });
  },
);

test("a flow that is not there is named, by its id as by its name, and the one that is near it", async () => {
  const { create } = await open("1.x");
  await expect(create({}, "wether")).rejects.toThrow('has no flow "wether". Did you mean "weather"?');
  for (const flow of ["climate", "00000000-0000-4000-8000-000000000000"]) {
    await expect(create({}, flow)).rejects.toMatchObject({
      code: "REGISTERED_FLOW_NOT_FOUND",
      message: expect.stringContaining(`no flow "${flow}"`),
    });
  }
});
