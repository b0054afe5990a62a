import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textFile } from "../../src/storage/plan/context.ts";
import { env, quoted } from "../../src/storage/plan/instructions.ts";
import { type ImageParts, planImage } from "../../src/storage/plan/plan-image.ts";

const parts: ImageParts = {
  base: "flow-runner:1.0.0-node26",
  user: "",
  settings: {
    aptPackages: ["git", "ffmpeg"],
    envVars: { ZONE: "east", CITY: "New York" },
    prefectDirectory: "/root/.prefect",
    buildSecrets: {},
    ignoreHealthchecks: false,
    ignoreGotchas: [],
  },
  installation: { files: [textFile("package.json", "{}")], commands: ["npm install"] },
  files: [{ destination: "/data/stations", folder: true, files: [textFile("a.csv", "1")] }],
  artifacts: [{ file: "/home/me/weather.prefect", place: "/root/.prefect/weather.prefect" }],
};

describe("the Dockerfile of an image of flows", () => {
  test("goes from what changes seldom to the flows, and checks them last", () => {
    expect(planImage(parts).dockerfile.trimEnd().split("\n")).toEqual([
      "FROM flow-runner:1.0.0-node26",
      "USER root",
      expect.stringMatching(/^RUN apt-get update && .* ffmpeg git && /),
      'COPY ["packages/","/app/"]',
      "RUN cd /app && npm install",
      'COPY ["files/0/","/data/stations/"]',
      'ENV CITY="New York"',
      'ENV ZONE="east"',
      'COPY ["flows/","/root/.prefect/"]',
      "RUN flow-runner check /root/.prefect/weather.prefect",
    ]);
  });

  test("hands the gotchas that are to be ignored to the check", () => {
    const settings = { ...parts.settings, ignoreGotchas: ["local-address", "missing-file"] };
    expect(planImage({ ...parts, settings }).dockerfile).toMatch(
      /\nRUN flow-runner check --ignore local-address --ignore missing-file \/root\/\.prefect\/weather\.prefect\n$/,
    );
  });

  test("names the same context whatever the order in which things were given", () => {
    const { context, dockerfile } = planImage({
      ...parts,
      settings: { ...parts.settings, aptPackages: ["ffmpeg", "git"], envVars: { CITY: "New York", ZONE: "east" } },
    });
    expect(context.map(({ path }) => path)).toEqual([
      "files/0/a.csv",
      "flows/weather.prefect",
      "packages/package.json",
    ]);
    expect(dockerfile).toBe(planImage(parts).dockerfile);
  });

  test("differs in its last layers alone when a flow is added", () => {
    const more = [...parts.artifacts, { file: "/home/me/rain.prefect", place: "/root/.prefect/rain.prefect" }];
    const [before, after] = [parts, { ...parts, artifacts: more }].map((each) =>
      planImage(each).dockerfile.split("\n"),
    );
    const same = before?.findIndex((line, index) => line !== after?.[index]);
    expect(before?.[same ?? 0]).toMatch(/^RUN flow-runner check/);
  });

  test("mounts build secrets in every step that runs something, and copies none", () => {
    const settings = {
      ...parts.settings,
      buildSecrets: { npmrc: { file: "/home/me/.npmrc" }, token: { env: "TOKEN" } },
    };
    const { dockerfile, context } = planImage({ ...parts, settings });
    const steps = dockerfile.split("\n").filter((line) => line.startsWith("RUN"));
    expect(steps).toHaveLength(3);
    for (const step of steps) {
      expect(step).toContain("--mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=secret,id=token ");
    }
    expect(JSON.stringify(context)).not.toContain("/home/me/.npmrc");
  });

  test("gives the image back to the user of its base", () => {
    expect(
      planImage({ ...parts, user: "node" })
        .dockerfile.trimEnd()
        .split("\n")
        .at(-1),
    ).toBe("USER node");
  });

  test("says where the flows are when they are not in Prefect's folder", () => {
    const settings = { ...parts.settings, prefectDirectory: "/opt/flows" };
    expect(planImage({ ...parts, settings }).dockerfile).toContain('ENV PREFECT__HOME_DIR="/opt/flows"');
  });
});

describe("what an author gives", () => {
  /** Reads a quoted value as a Dockerfile does: a backslash takes the next character as it is, a dollar begins a name. */
  const read = (line: string): string => {
    const body = /^ENV \w+="(.*)"$/s.exec(line)?.[1] ?? "";
    expect(body.replace(/\\./gs, "")).not.toMatch(/["$]/);
    return body.replace(/\\(.)/gs, "$1");
  };

  test("is the value of a variable as it was, quotes, backslashes and dollars included", () => {
    fc.assert(
      fc.property(
        fc.string().filter((value) => !/[\n\r]/.test(value)),
        (value) => read(env("A", value)) === value,
      ),
    );
  });

  test("stays one word of a command line", () => {
    expect(quoted("/root/.prefect/weather.prefect")).toBe("/root/.prefect/weather.prefect");
    expect(quoted("it's; rm -rf /")).toBe(`'it'\\''s; rm -rf /'`);
  });
});
