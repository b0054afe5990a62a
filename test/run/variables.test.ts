import { expect, it } from "vitest";
import { messageOf } from "../../src/errors/message-of.ts";
import { context, flow, task } from "../../src/index.ts";

const reads = task("reads", async () => {
  const attempt = (asked: Promise<unknown>) => asked.catch(messageOf);
  const { variables } = context;
  return [
    await variables.get("region"),
    await variables.get("quota", 7),
    await attempt(variables.get("quota")),
    await attempt(variables.set("quota", 7)),
    await attempt(variables.set("Quota 7", 7)),
    await attempt(variables.set("quota", { many: 1n })),
  ];
});

it("without an API there are the variables of the run's context, and what lacks is said", async () => {
  const weather = flow("weather", () => {
    reads();
  });
  const run = await weather.run({ context: { variables: { region: ["eu"] } } });
  expect(run.result("reads-1")).toEqual([
    ["eu"],
    7,
    expect.stringMatching(/^Variable "quota" cannot be had: the run has no API.*PREFECT__CONTEXT__VARIABLES__QUOTA=/),
    expect.stringMatching(/^Variable "quota" cannot be had: the run has no API/),
    expect.stringMatching(/^Variable "Quota 7" cannot be set: its name must only contain lowercase letters/),
    expect.stringMatching(/^Variable "quota" cannot be set: its value must be JSON, but/),
  ]);
});
