import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { saveArtifact } from "../../src/artifact/index.ts";

const graphsFolder = join(import.meta.dirname, "graphs");

/** The folders of the TypeScript graphs. */
export const themes: readonly string[] = readdirSync(graphsFolder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** A host loads all of an artifact: the whole table would cost each run as much as all else that it does. */
export function saveTheme(theme: string, folder: string): Promise<{ readonly path: string; readonly digest: string }> {
  const flows = join(folder, `${theme}.ts`);
  writeFileSync(
    flows,
    `import * as theme from ${JSON.stringify(join(graphsFolder, theme, "graphs.ts"))};
     export default Object.fromEntries(Object.values(theme).flat().map((flow) => [flow.name, flow]));`,
  );
  return saveArtifact({ flows, output: join(folder, `${theme}.prefect`) });
}
