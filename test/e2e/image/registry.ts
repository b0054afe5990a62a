import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Server, startServer } from "../../results/servers.ts";

/** A Docker registry of a test's own, that keeps all in a folder which goes with it. Its address has no `http://`. */
export async function startRegistry(): Promise<Server & { readonly address: string }> {
  const server = await startServer("docker-registry", async ({ port, folder }) => {
    const file = join(folder, "config.yml");
    const storage = { filesystem: { rootdirectory: join(folder, "data") }, delete: { enabled: true } };
    // JSON is YAML too.
    await writeFile(
      file,
      JSON.stringify({ version: "0.1", log: { level: "error" }, storage, http: { addr: `127.0.0.1:${port}` } }),
    );
    return ["serve", file];
  });
  return { ...server, address: new URL(server.url).host };
}
