import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { dockerDone, run } from "./engine.ts";

/** What the package says, to be found in an image that has it. */
export const ink = "the ink of a company that is not for everybody";

/** An npm registry with one package, `@company/ink`, for those who show its token. Containers reach it by its address. */
export async function startPrivateRegistry(folder: string, token: string) {
  const source = join(folder, "ink");
  await mkdir(source, { recursive: true });
  const manifest = { name: "@company/ink", version: "1.0.0", main: "index.js" };
  await writeFile(join(source, "package.json"), JSON.stringify(manifest));
  await writeFile(join(source, "index.js"), `module.exports = ${JSON.stringify(ink)};`);
  const { out } = await run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: source });
  const tarball = await readFile(join(folder, out.split("\n").at(-1) ?? ""));

  let address = "";
  const server = createServer(({ url = "", headers }, response) => {
    if (headers.authorization !== `Bearer ${token}`) return void response.writeHead(401).end('{"error":"who are you"}');
    if (url.endsWith(".tgz")) return void response.end(tarball);
    const version = { ...manifest, dist: { tarball: `${address}/ink-1.0.0.tgz` } };
    response.setHeader("content-type", "application/json");
    // yarn takes nothing that may have been published a moment ago.
    const time = { "1.0.0": "2024-01-01T00:00:00.000Z" };
    const about = { name: manifest.name, "dist-tags": { latest: "1.0.0" }, time, versions: { "1.0.0": version } };
    response.end(JSON.stringify(about));
  });
  await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
  // The engine gives itself the first address of its network.
  const subnet = await dockerDone("network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Subnet}}");
  const host = subnet.replace(/\.\d+\/\d+$/, ".1");
  address = `http://${host}:${(server.address() as AddressInfo).port}`;
  return {
    host,
    /** `http://172.17.0.1:4873`. */
    address,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
