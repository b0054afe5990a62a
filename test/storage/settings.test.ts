import { describe, expect, test } from "vitest";
import { Docker, type DockerOptions } from "../../src/storage/index.ts";
import { nameImage } from "../../src/storage/plan/image-name.ts";
import { sensitiveVariables } from "../../src/storage/plan/sensitive.ts";
import { parseDocker } from "../../src/storage/settings.ts";

describe("the options of a Docker storage", () => {
  test("that do not exist are refused where they are written", () => {
    const options = { baseimage: "node:26" } as DockerOptions;
    expect(() => new Docker(options)).toThrow(/baseimage: there is no such option.*baseImage/);
  });

  test.each<[DockerOptions, RegExp]>([
    [{ registryUrl: "https://localhost:5000" }, /registryUrl must be like "localhost:5000"/],
    [{ baseImage: "node:26", dockerfile: "Dockerfile" }, /exclude each other/],
    [{ aptPackages: ["git; rm -rf /"] }, /aptPackages.0 must be the name of a Debian package/],
    [{ files: { "data.csv": "data.csv" } }, /files.data.csv must be an absolute path/],
    [{ envVars: { A: "two\nlines" } }, /envVars.A must be one line/],
    [{ imageTag: "a b" }, /imageTag/],
  ])("%j are refused", (options, problem) => {
    expect(() => parseDocker(options)).toThrow(problem);
  });
});

describe("the name of an image", () => {
  const at = { now: new Date("2026-01-02T03:04:05.678Z"), random: () => "random-id" };
  const none = { registryUrl: null, imageName: null, imageTag: null };

  test("is the one flow's slug and the time, as Prefect names it", () => {
    expect(nameImage(none, ["Weather Report"], at)).toMatchObject({
      imageName: "weather-report",
      imageTag: "2026-01-02t03-04-05-678z",
      whole: "weather-report:2026-01-02t03-04-05-678z",
    });
  });

  test("is a random id for several flows, and what was given where it was", () => {
    expect(nameImage(none, ["a", "b"], at).imageName).toBe("random-id");
    const given = { registryUrl: "ghcr.io/team", imageName: "flows", imageTag: "1" };
    expect(nameImage(given, ["a", "b"], at).whole).toBe("ghcr.io/team/flows:1");
  });
});

describe("variables that look like secrets", () => {
  test.each([
    ["DATABASE_PASSWORD", "x"],
    ["AWS_SECRET_ACCESS_KEY", "x"],
    ["API_KEY", "x"],
    ["PGDATABASE", "postgres://me:hunter2@db/weather"],
    ["A", "ghp_abcdefghijklmnopqrstuvwxyz0123456789"],
    ["A", "AKIAIOSFODNN7EXAMPLE"],
    ["A", "-----BEGIN RSA PRIVATE KEY-----"],
  ])("%s is told, and never its value", (name, value) => {
    const told = sensitiveVariables({ [name]: value });
    expect(told).toEqual([{ name, reason: expect.any(String) }]);
    if (value.length > 1) expect(told[0]?.reason).not.toContain(value);
  });

  test.each([
    ["KEYBOARD", "de"],
    ["MONKEY", "x"],
    ["LOG_LEVEL", "debug"],
    ["TZ", "Europe/Zurich"],
    ["API", "https://api.example.org/v1"],
    ["API_TOKEN", ""],
  ])("%s=%s is none", (name, value) => {
    expect(sensitiveVariables({ [name]: value })).toEqual([]);
  });
});
