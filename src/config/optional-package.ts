import { FlowRunnerError } from "../errors/index.ts";

/**
 * Loads a package that an install may leave out (`npm install --omit=optional`).
 *
 * @param purpose - what it is needed for: `S3 result handlers`
 * @throws FlowRunnerError `PACKAGE_NOT_INSTALLED` with the cure, where Node's own error names only the package
 * @example const { S3Client } = await optionalPackage("S3 result handlers", () => import("@aws-sdk/client-s3"));
 */
export async function optionalPackage<T>(purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const name = error instanceof Error && /Cannot find package '([^']+)'/.exec(error.message)?.[1];
    if (!name) throw error;
    throw new FlowRunnerError("PACKAGE_NOT_INSTALLED", { package: name, purpose }, { cause: error });
  }
}
