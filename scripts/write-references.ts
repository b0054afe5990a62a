import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { referencePages } from "./references/pages.ts";

/** After a change of settings, commands, errors or gotchas: writes the pages of docs/reference/ again. */
const folder = join(import.meta.dirname, "../docs/reference");
await mkdir(folder, { recursive: true });
for (const [name, text] of Object.entries(referencePages())) await writeFile(join(folder, name), text);
