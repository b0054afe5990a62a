import { FlowRunnerError } from "../../errors/index.ts";
import { inMemory } from "./open.ts";

const algorithm = "aes-256-gcm";
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

/** Seals and opens the values of secrets, so that a copy of the data file alone does not give them away. */
export interface SecretBox {
  seal(name: string, value: string): Buffer;
  /** @throws FlowRunnerError API_SECRET_KEY_LOST when the key is another one, or the value was tampered with. */
  open(name: string, sealed: Uint8Array): string;
}

/**
 * The box of a data file. Its key lies beside it in `FILE.key`, readable by the owner only, and is made with the
 * first secret; for an API in memory it lives as long as the process.
 */
export function openSecretBox(dataPath: string): SecretBox {
  const crypto = process.getBuiltinModule("node:crypto");
  const keyPath = `${dataPath}.key`;
  let known: Buffer | undefined;

  return {
    seal(name, value) {
      known ??= dataPath === inMemory ? crypto.randomBytes(keyBytes) : readOrMakeKey(keyPath);
      const nonce = crypto.randomBytes(nonceBytes);
      const cipher = crypto.createCipheriv(algorithm, known, nonce).setAAD(Buffer.from(name));
      return Buffer.concat([nonce, cipher.update(value, "utf8"), cipher.final(), cipher.getAuthTag()]);
    },
    open(name, sealed) {
      try {
        known ??= process.getBuiltinModule("node:fs").readFileSync(keyPath);
        const decipher = crypto.createDecipheriv(algorithm, known, sealed.subarray(0, nonceBytes));
        decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(-tagBytes));
        const body = sealed.subarray(nonceBytes, -tagBytes);
        return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
      } catch (error) {
        throw new FlowRunnerError("API_SECRET_KEY_LOST", { path: dataPath, keyPath }, { cause: error });
      }
    },
  };
}

/** Made whole under another name and then linked, so that two processes starting at once agree on one key. */
function readOrMakeKey(path: string): Buffer {
  const fs = process.getBuiltinModule("node:fs");
  if (!fs.existsSync(path)) {
    const draft = `${path}.${process.pid}`;
    fs.writeFileSync(draft, process.getBuiltinModule("node:crypto").randomBytes(keyBytes), { mode: 0o600 });
    try {
      fs.linkSync(draft, path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    } finally {
      fs.rmSync(draft, { force: true });
    }
  }
  return fs.readFileSync(path);
}
