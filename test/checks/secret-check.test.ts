import { describe, expect, test } from "vitest";
import { checkSecrets } from "../../src/checks/index.ts";
import { graph, spec } from "../graph/graphs.ts";

describe("the secret check", () => {
  test("names the secrets that are inputs, and those that result handlers take, each once", () => {
    const s3 = { type: "S3ResultHandler", bucket: "b", aws_credentials_secret: "TEAM_KEYS" };
    const upload = spec("upload-1", { resultHandler: s3 });
    const token = spec("UPLOAD_TOKEN-1", {
      name: "UPLOAD_TOKEN",
      kind: "secret",
      resultHandler: { type: "SecretResultHandler", name: "UPLOAD_TOKEN" },
    });
    const finding = checkSecrets(graph([upload, token], [], { resultHandler: s3 }));
    expect(finding).toMatchObject({ check: "secrets", level: "ok", flow: "test" });
    expect(finding.message).toContain("UPLOAD_TOKEN (inputs of its tasks)");
    expect(finding.message.match(/TEAM_KEYS/g)).toHaveLength(1);
  });

  test("says so when there are none", () => {
    expect(checkSecrets(graph([spec("a-1")], [])).message).toContain("No task has a secret");
  });
});
