import { startApi } from "../../src/api/index.ts";

/** Serves a data file until it is killed; the first line says where. */
const api = await startApi({ data: process.argv[2] ?? "" });
console.log(JSON.stringify({ url: api.url, tenantId: api.tenantId }));
