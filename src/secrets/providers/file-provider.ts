import { open } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { here, notHere, type SecretProvider } from "./provider.ts";

const maxBytes = 1024 * 1024;

/**
 * Secrets mounted as files, as Docker and Kubernetes do: `<folder>/NAME`, and `file:/any/path` by an explicit name. One
 * line feed at the end is no part of the secret.
 */
export function fileProvider(folder: string): SecretProvider {
  return {
    name: "file",
    find: async (key) => {
      const path = isAbsolute(key) ? key : join(folder, key);
      if (!isAbsolute(key) && key.split(/[/\\]/).some((step) => step === ".." || step === "")) {
        return notHere(`"${key}" is no file name`);
      }
      const text = await readSecret(path);
      return text === null ? notHere(`there is no file ${path}`) : here(text.replace(/\r?\n$/, ""));
    },
  };
}

/** Null when there is no such file. @throws for a file that cannot be read, or is too large to be a secret */
async function readSecret(path: string): Promise<string | null> {
  const file = await open(path, "r").catch((error: unknown) => {
    const code: unknown = error instanceof Error ? Reflect.get(error, "code") : undefined;
    if (code === "ENOENT" || code === "ENOTDIR" || code === "ENAMETOOLONG") return null;
    throw error;
  });
  if (file === null) return null;
  try {
    const { size } = await file.stat().then((found) => (found.isFile() ? found : { size: -1 }));
    if (size < 0) return null;
    if (size > maxBytes) throw new Error(`${path} has ${size} bytes; a secret has at most ${maxBytes}`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}
