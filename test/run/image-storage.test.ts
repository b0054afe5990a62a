import { describe, expect, test } from "vitest";
import { imageStorage, localStorage } from "../../src/run/register/image-storage.ts";

const stored = { name: "weather report", path: "/home/me/build/weather-report.prefect", digest: "ab12" };

describe("where a registered flow's artifact lies", () => {
  test("on this machine: its own path", () => {
    expect(localStorage(stored)).toMatchObject({
      type: "Local",
      flows: { "weather report": stored.path },
      digests: { "weather report": "ab12" },
    });
  });

  test.each([
    ["weather", null, "weather", "latest"],
    ["weather:1.2", null, "weather", "1.2"],
    ["team/weather:1.2", null, "team/weather", "1.2"],
    ["localhost/weather", "localhost", "weather", "latest"],
    ["localhost:5000/weather", "localhost:5000", "weather", "latest"],
    ["registry.example.org/team/weather:2026-01-01", "registry.example.org", "team/weather", "2026-01-01"],
  ])("in the image %s: under its file name in /root/.prefect", (image, registry, name, tag) => {
    expect(imageStorage(stored, image)).toMatchObject({
      type: "Docker",
      registry_url: registry,
      image_name: name,
      image_tag: tag,
      flows: { "weather report": "/root/.prefect/weather-report.prefect" },
      digests: { "weather report": "ab12" },
    });
  });

  test.each(["", "Weather", "weather:", "weather: 1", "-x", "https://registry/weather"])("%j is no image", (image) => {
    expect(() => imageStorage(stored, image)).toThrow(/no image reference/);
  });
});
