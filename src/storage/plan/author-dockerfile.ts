import { FlowRunnerError } from "../../errors/index.ts";

/**
 * Refuses a Dockerfile whose last stage sets an ENTRYPOINT: agents would start that, and no flow run.
 *
 * @throws FlowRunnerError `DOCKERFILE_ENTRYPOINT` with the line
 */
export function refuseEntrypoint(file: string, text: string): void {
  let line: number | null = null;
  let continued = false;
  for (const [index, each] of text.split("\n").entries()) {
    const [word = ""] = continued ? [] : each.trim().split(/[\s[]/, 1);
    if (/^from$/i.test(word)) line = null;
    if (/^entrypoint$/i.test(word)) line = index + 1;
    if (!each.trim().startsWith("#")) continued = /[\\`]\s*$/.test(each);
  }
  if (line !== null) throw new FlowRunnerError("DOCKERFILE_ENTRYPOINT", { file, line });
}
