import { describe, expect, test } from "vitest";
import { lockfileForImage } from "../../src/storage/dependencies/npm-lockfile.ts";

const version = (text: string): { version: string } => ({ version: text });

/** What npm writes for a workspace of an app and a tool, each with packages that the other has in another version. */
const lockfile = JSON.stringify({
  name: "works",
  lockfileVersion: 3,
  packages: {
    "": { workspaces: ["packages/*"] },
    "node_modules/@works/tool": { resolved: "packages/tool", link: true },
    "node_modules/app": { resolved: "packages/app", link: true },
    "node_modules/paint": version("1.0.0"),
    "node_modules/paint/node_modules/colour": version("1.1.0"),
    "node_modules/shared": version("4.0.0"),
    "packages/app": version("1.0.0"),
    "packages/app/node_modules/paint": version("2.0.0"),
    "packages/tool": version("1.0.0"),
    "packages/tool/node_modules/@deep/ink": version("3.0.0"),
    "packages/tool/node_modules/@deep/ink/node_modules/drop": version("3.1.0"),
  },
});

const tool = { folder: "packages/tool", name: "@works/tool", specifier: "file:./local/works-tool" };
const placed = (source: string, local: readonly (typeof tool)[]): Record<string, string> => {
  const { packages } = JSON.parse(lockfileForImage(lockfile, { source, local }));
  return Object.fromEntries(
    Object.entries<{ version?: string }>(packages).map(([path, entry]) => [path, entry.version ?? ""]),
  );
};

describe("npm's lockfile in an image", () => {
  test("names what a workspace has of its own where it lies there", () => {
    expect(placed("", [tool])).toMatchObject({
      "node_modules/@works/tool": "1.0.0",
      "node_modules/@works/tool/node_modules/@deep/ink": "3.0.0",
      "node_modules/@works/tool/node_modules/@deep/ink/node_modules/drop": "3.1.0",
      "node_modules/paint": "1.0.0",
    });
    const { packages } = JSON.parse(lockfileForImage(lockfile, { source: "", local: [tool] }));
    expect(packages["node_modules/@works/tool"]).toEqual({ version: "1.0.0", resolved: "file:local/works-tool" });
  });

  test("has the flow's own workspace at the top, and gives the others what they saw there", () => {
    expect(placed("packages/app/src/flows", [tool])).toEqual({
      "": "",
      "node_modules/@works/tool": "1.0.0",
      "node_modules/@works/tool/node_modules/@deep/ink": "3.0.0",
      "node_modules/@works/tool/node_modules/@deep/ink/node_modules/drop": "3.1.0",
      "node_modules/@works/tool/node_modules/paint": "1.0.0",
      "node_modules/@works/tool/node_modules/paint/node_modules/colour": "1.1.0",
      "node_modules/paint": "2.0.0",
      "node_modules/shared": "4.0.0",
    });
  });

  test.each(["{}", '{"lockfileVersion":1,"dependencies":{}}', "no JSON"])(
    "stays as it is where it names no folders: %s",
    (text) => {
      expect(lockfileForImage(text, { source: "packages/app", local: [] })).toBe(text);
    },
  );
});
