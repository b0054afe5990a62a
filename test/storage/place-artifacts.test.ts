import { describe, expect, test } from "vitest";
import type { Manifest } from "../../src/artifact/index.ts";
import { refuseEntrypoint } from "../../src/storage/plan/author-dockerfile.ts";
import { type ImageArtifact, placeArtifacts } from "../../src/storage/plan/place-artifacts.ts";

function artifact(path: string, sha256: string, ...names: string[]): ImageArtifact {
  const flows = names.map((name) => ({ name, slug: name, tasks: 1, shape: "" }));
  return { path, sourceFolder: null, manifest: { flows, sha256 } as unknown as Manifest };
}

describe("flows of one image", () => {
  test("each have a file, and the same artifact given twice has one", () => {
    const both = artifact("/a.prefect", "1", "Weather", "rain");
    const places = placeArtifacts([both, both, artifact("/b.prefect", "2", "snow")], "/root/.prefect");
    expect(places).toEqual({
      flows: {
        Weather: "/root/.prefect/weather.prefect",
        rain: "/root/.prefect/weather.prefect",
        snow: "/root/.prefect/snow.prefect",
      },
      digests: { Weather: "1", rain: "1", snow: "2" },
      files: [
        { file: "/a.prefect", place: "/root/.prefect/weather.prefect" },
        { file: "/b.prefect", place: "/root/.prefect/snow.prefect" },
      ],
    });
  });

  test.each([
    ["name", "weather", "weather"],
    ["file name", "My weather", "my-weather"],
  ])("of the same %s are refused, with both files", (what, first, second) => {
    const place = () => placeArtifacts([artifact("/a.prefect", "1", first), artifact("/b.prefect", "2", second)], "/f");
    expect(place).toThrow(new RegExp(`same ${what} .*/a.prefect and /b.prefect`));
  });
});

describe("a Dockerfile of the author's", () => {
  test("is refused with the line of its ENTRYPOINT", () => {
    expect(() => refuseEntrypoint("Dockerfile", 'FROM a\nRUN b \\\n  c\nentrypoint ["x"]\n')).toThrow(
      /^Dockerfile:4 sets/,
    );
  });

  test.each([
    ["in a stage that is not the last", 'FROM a AS x\nENTRYPOINT ["x"]\nFROM b\n'],
    ["in a comment", "FROM a\n# ENTRYPOINT x\n"],
    ["in a step's command", "FROM a\nRUN echo \\\n  ENTRYPOINT x\n"],
    ["nowhere", 'FROM a\nCMD ["x"]\n'],
  ])("may have one %s", (_, text) => {
    expect(() => refuseEntrypoint("Dockerfile", text)).not.toThrow();
  });
});
