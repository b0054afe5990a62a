import { buildSchema, validateSchema } from "graphql";
import { expect, test } from "vitest";
import { Documents } from "../../src/api/http/documents.ts";
import { buildApiSchema, schemaSdl } from "../../src/api/schema/build.ts";

test("the schema's text is valid", () => {
  // `buildSchema` checks the text here, which the API leaves out for a quick start.
  expect(validateSchema(buildSchema(schemaSdl()))).toEqual([]);
});

test("an operation that nothing resolves is seen when the schema is built", () => {
  expect(() => buildApiSchema({})).toThrow("nothing resolves Query.");
  expect(() => buildApiSchema({ Query: { nope: () => null } })).toThrow("the schema has no field Query.nope");
});

test("a document that was right is parsed and validated once, a wrong one is not kept", () => {
  const documents = new Documents(buildSchema("type Query { hello: String }"));
  expect(documents.check("{ hello }")).toBe(documents.check("{ hello }"));
  expect(documents.check("{ nope }")).not.toBe(documents.check("{ nope }"));
});
