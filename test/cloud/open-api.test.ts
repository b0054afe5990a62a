import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

/** What a process loads of the two adapters when it opens an API. */
function loadedFor(dialect: string): readonly string[] {
  const script = `
    import { registerHooks } from "node:module";
    const loaded = new Set();
    registerHooks({
      load(url, context, next) {
        loaded.add(/\\/src\\/cloud\\/(graphql|prefect3)\\//.exec(url)?.[1]);
        return next(url, context);
      },
    });
    const { openApi, openCloudRun } = await import(${JSON.stringify(new URL("../../src/cloud/index.ts", import.meta.url))});
    const api = await openApi({ url: "http://127.0.0.1:9/api", dialect: "${dialect}", key: null, tenantId: null, env: {} });
    api.close();
    console.log(JSON.stringify([...loaded].filter(Boolean)));
  `;
  return JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", timeout: 240_000 }),
  );
}

test.each([
  ["1.x", ["graphql"]],
  ["0.7", ["graphql"]],
  ["3", ["prefect3"]],
])("an API of Prefect %s is opened by its own adapter, and the other one is not loaded", (dialect, adapters) => {
  expect(loadedFor(dialect)).toEqual(adapters);
});
