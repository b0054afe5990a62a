import { z } from "zod";
import type { Kind } from "../value-kinds.ts";

/** A result handler as plain data, in Prefect's nouns. */
export interface HandlerChoice {
  readonly type: string;
  readonly [option: string]: unknown;
}

const described = z.looseObject({ type: z.string().min(1) });

const json = z.string().transform((value, context): HandlerChoice => {
  try {
    return described.parse(JSON.parse(value));
  } catch {
    context.addIssue({ code: "custom", message: "not a description" });
    return z.NEVER;
  }
});

/** Prefect 0.7's class paths, of the two classes that need no more than their name. */
const classPath = /^prefect\.engine\.result_handlers(?:\.\w+)*\.(JSONResultHandler|LocalResultHandler)$/;

/** `s3://bucket` and the like; the rest of the address has no meaning yet and is refused rather than dropped. */
function fromAddress(value: string): HandlerChoice | null {
  const type = classPath.exec(value)?.[1];
  if (type !== undefined) return { type };
  const [, scheme, rest] = /^(\w+):\/\/(.+)$/.exec(value) ?? [];
  if (rest === undefined) return value === "json" ? { type: "JSONResultHandler" } : null;
  if (scheme === "file") return rest.startsWith("/") ? { type: "LocalResultHandler", dir: rest } : null;
  const name = rest.replace(/\/$/, "");
  if (name.includes("/")) return null;
  if (scheme === "s3") return { type: "S3ResultHandler", bucket: name };
  if (scheme === "gs") return { type: "GCSResultHandler", bucket: name };
  if (scheme === "azure") return { type: "AzureResultHandler", container: name };
  return null;
}

/**
 * The handler of tasks and flows that name none.
 *
 * Prefect 0.7: `engine.result_handler.default_class`, a Python class path, which cannot say a bucket; here it is an
 * address or a description as well.
 */
export const handlerChoice: Kind<HandlerChoice> = {
  schema: z
    .string()
    .trim()
    .transform((value) => fromAddress(value) ?? value)
    .pipe(z.union([described, json])),
  allowed:
    'json, file:///folder, s3://bucket, gs://bucket, azure://container, or JSON such as {"type":"S3ResultHandler","bucket":"b"}',
};
