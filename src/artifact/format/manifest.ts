import { z } from "zod";

/** The version of the artifact's form. An older or a newer one is refused: neither can be read by guessing. */
export const formatVersion = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const referenceSchema = z.object({
  /** As it is imported: `pg`, `lodash/fp`, `@scope/name/part`. */
  specifier: z.string(),
  /** `import` and `require` may lead to different files of one package. */
  kind: z.enum(["import", "require"]),
  /** The author's modules that import it, as paths from the project's folder. */
  importedBy: z.array(z.string()),
  /** A dynamic import that could not be resolved when the flow was saved: loading does not insist on it. */
  optional: z.boolean(),
});
export type Reference = z.infer<typeof referenceSchema>;

const savedFlowSchema = z.object({
  name: z.string(),
  slug: z.string(),
  /** How many, parameters and constants included. */
  tasks: z.int().min(0),
  /** sha256 over slugs and edges: the flow that is loaded must be the one that was saved (and registered). */
  shape: sha256,
});
export type SavedFlow = z.infer<typeof savedFlowSchema>;

/** What the first line of an artifact says; `head -1 FILE` shows it. */
export const manifestSchema = z.object({
  format: z.literal(formatVersion),
  flows: z.array(savedFlowSchema).min(1),
  /** The version of this package that saved it. */
  flowRunner: z.string(),
  /** The version of Node that saved it, without `v`. */
  node: z.string(),
  /** Exact versions of the packages it imports, by name. Built-in modules are not among them. */
  packages: z.record(z.string(), z.string()),
  references: z.array(referenceSchema),
  /** Bytes after the first line. */
  size: z.int().min(0),
  /** Of the bytes after the first line. It is the artifact's digest too: what is registered with a flow. */
  sha256,
});
export type Manifest = z.infer<typeof manifestSchema>;
