import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exposedKey, keyWarning } from "../../src/run/execute/exposed-key.ts";

const folder = mkdtempSync(join(tmpdir(), "exposed-key-"));
afterAll(() => rmSync(folder, { recursive: true }));
const environ = join(folder, "environ");
writeFileSync(environ, "PATH=/bin\0PREFECT__CLOUD__API_KEY=the-key\0");

test("a first process that shows the key is warned of, with what to do", () => {
  expect(exposedKey("the-key", environ)).toMatch(/can read the API key.*ENTRYPOINT.*FLOW_RUNNER__HOST_USER/);
});

test("a key is warned of where the flow's code is the runner's own user, unless that is wanted", () => {
  expect(keyWarning("the-key", false, false)).toMatch(/same user as the runner.*SECURITY\.md/);
  expect(keyWarning("the-key", false, true)).toBeNull();
  expect(keyWarning("the-key", true, false)).toBeNull();
  expect(keyWarning(null, false, false)).toBeNull();
});

test("nothing is said where it shows another, where there is none, and where it cannot be read", () => {
  expect(exposedKey("another", environ)).toBeNull();
  expect(exposedKey("", environ)).toBeNull();
  expect(exposedKey(null, environ)).toBeNull();
  expect(exposedKey("the-key", join(folder, "nothing"))).toBeNull();
});
