import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lockfileSchema, platformEntries } from "./lockfile/platform-entries.ts";

/** After `npm install` has changed package-lock.json: adds the platforms that the registry asked does not hold. */
const path = join(import.meta.dirname, "..", "package-lock.json");
const lock: { packages: object } = JSON.parse(await readFile(path, "utf8"));
const added = platformEntries(lockfileSchema.parse(lock));
const packages = Object.entries({ ...lock.packages, ...added }).sort(([a], [b]) => a.localeCompare(b, "en"));
await writeFile(path, `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
console.log(`package-lock.json: ${Object.keys(added).length} entries added.`);
