// Validates every document that the client sends in Prefect 1.x's dialect against a server's own schema: the folder of
// .graphql files that is given (`node scripts/validate-documents.ts FOLDER`). Operations that the schema does not have
// (the queries of a database behind the server) are named and not judged.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { buildSchema } from "graphql";
import { judge } from "./documents/judge.ts";
import { sentDocuments } from "./documents/sent-documents.ts";

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Give the folder of the schema: node scripts/validate-documents.ts FOLDER");
  process.exit(2);
}
const files = readdirSync(folder).filter((name) => name.endsWith(".graphql"));
const schema = buildSchema(files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n"));
const judged = new Set<string>();
const unknown = new Set<string>();
let wrong = 0;
for (const document of await sentDocuments("1.x")) {
  const { operations, problems } = judge(schema, document);
  for (const operation of operations) (problems === null ? unknown : judged).add(operation);
  if (problems === null || problems.length === 0) continue;
  wrong += 1;
  console.error(`${operations.join(", ")}: ${problems.join("; ")}\n${document.query}`);
}
console.log(`Valid or named above: ${[...judged].sort().join(", ")}.`);
console.log(`Not in this schema: ${[...unknown].sort().join(", ")}.`);
process.exitCode = wrong === 0 ? 0 : 1;
