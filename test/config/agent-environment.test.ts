import { expect, test } from "vitest";
import { parseAgentEnvironment, parseRunnerEnvironment } from "../../src/config/index.ts";

const file = (agent: object) => ({ path: "/root/.prefect/config.toml", tables: { cloud: { agent } } });
const run = { PREFECT__CLOUD__API: "http://x", PREFECT__CONTEXT__FLOW_RUN_ID: "fr-1" };

test("an agent that is told nothing has a name, and no labels", () => {
  expect(parseAgentEnvironment({}, file({}))).toEqual({
    ...{ name: "agent", labels: [], env: {}, logLevel: null, address: null },
  });
});

test("what it is told comes from variables, which win over the file", () => {
  const told = file({ name: "in-file", labels: ["file"], level: "ERROR", env_vars: { Case: "kept", N: 1 } });
  expect(parseAgentEnvironment({}, told)).toMatchObject({
    ...{ name: "in-file", labels: ["file"], env: { Case: "kept", N: "1" }, logLevel: "ERROR" },
  });
  const env = {
    PREFECT__CLOUD__AGENT__NAME: "north",
    PREFECT__CLOUD__AGENT__LABELS: `['gpu', "it's"]`,
    PREFECT__CLOUD__AGENT__LEVEL: "debug",
    PREFECT__CLOUD__AGENT__ENV_VARS: '{"STATION": "Seattle", "DAYS": 3, "PRICE": "$HOME"}',
    PREFECT__CLOUD__AGENT__AGENT_ADDRESS: "http://127.0.0.1:8080",
  };
  expect(parseAgentEnvironment(env, told)).toEqual({
    ...{ name: "north", labels: ["gpu", "it's"], logLevel: "DEBUG", address: "http://127.0.0.1:8080" },
    env: { STATION: "Seattle", DAYS: "3", PRICE: "$HOME" },
  });
});

test.each([
  ["PREFECT__CLOUD__AGENT__LABELS", "gpu", /PREFECT__CLOUD__AGENT__LABELS.*"gpu".*a list of texts/s],
  ["PREFECT__CLOUD__AGENT__ENV_VARS", "TOKEN=hush", /PREFECT__CLOUD__AGENT__ENV_VARS(?!.*hush)/s],
])("%s that is none stops an agent, and not the run that it was left to", (name, value, message) => {
  expect(() => parseAgentEnvironment({ [name]: value }, file({}))).toThrow(message);
  expect(() => parseRunnerEnvironment({ ...run, [name]: value }, file({}))).not.toThrow();
});
