import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { optionalPackage } from "../../config/optional-package.ts";
import type { ContextFile } from "../plan/context.ts";

/** The context, the Dockerfile among it, as the tar archive that Docker takes. Every file has the same date, so that equal files are equal layers. */
export async function packContext(files: readonly ContextFile[]): Promise<Readable> {
  const { pack } = await optionalPackage("building images", () => import("tar-stream"));
  const archive = pack();
  const fill = async (): Promise<void> => {
    for (const { path, mode, content } of files) {
      const header = { name: path, mode, mtime: new Date(0) };
      if (Buffer.isBuffer(content)) archive.entry(header, content);
      else {
        const { size } = await stat(content.file);
        await pipeline(createReadStream(content.file), archive.entry({ ...header, size }));
      }
    }
    archive.finalize();
  };
  fill().catch((error: unknown) => archive.destroy(error as Error));
  return Readable.from(archive);
}
