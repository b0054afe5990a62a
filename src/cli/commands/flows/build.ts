import { ExitCode } from "../../../errors/index.ts";
import { buildFiles } from "../../../run/deploy/build.ts";
import { dockerStorage } from "../../options/docker-storage.ts";
import type { ImageFlags } from "../../options/image-options.ts";
import { imageProgress } from "../../terminal/output/live/image-progress.ts";
import { printResult } from "../../terminal/print-result.ts";

/** `build FILE...`: prints the image's name. */
export async function buildCommand(files: readonly string[], options: ImageFlags): Promise<number> {
  const { push, keep, strict } = options;
  const progress = await imageProgress(process.stderr);
  try {
    const { observer } = progress;
    const { whole } = await buildFiles(files, dockerStorage(options), { push, keep, strict, observer });
    progress.close();
    printResult(options.json, { image: whole }, whole);
    return ExitCode.ok;
  } finally {
    progress.close();
  }
}
