import { SourceMap } from "node:module";
import { z } from "zod";
import type { ThreadHolder } from "../end/host-end.ts";
import type { HostProcess } from "../process/host-process.ts";

const messageSchema = z.looseObject({
  id: z.number().optional(),
  method: z.string().optional(),
  params: z
    .looseObject({
      scriptId: z.string().optional(),
      url: z.string().optional(),
      sourceMapURL: z.string().optional(),
      callFrames: z
        .array(
          z.looseObject({
            callFrameId: z.string(),
            functionName: z.string(),
            location: z.looseObject({
              scriptId: z.string(),
              lineNumber: z.number(),
              columnNumber: z.number().default(0),
            }),
          }),
        )
        .optional(),
    })
    .optional(),
  result: z.looseObject({ result: z.looseObject({ value: z.unknown() }).optional() }).optional(),
});

/** Evaluated inside the paused function: the host keeps there which body the present code belongs to. */
const question = 'globalThis[Symbol.for("flow-runner.current-run")]?.getStore()?.id ?? null';

/**
 * Pauses a host that does not answer and asks whose code it is executing. V8's inspector serves this while the thread is
 * busy, which nothing else in the process does; a guess would blame a task that merely waited.
 *
 * @param within - milliseconds for all of it
 * @returns null when the inspector cannot be reached
 */
export async function findThreadHolder(host: HostProcess, within: number): Promise<ThreadHolder | null> {
  const deadline = AbortSignal.timeout(within);
  const address = await host.openInspector(deadline);
  if (address === null) return null;
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const finish = (holder: ThreadHolder | null): void => {
      resolve(holder);
      socket.close();
    };
    let frames: string[] = [];
    const scripts = new Map<string, Script>();
    deadline.addEventListener("abort", () => finish(null), { once: true });
    socket.addEventListener("error", () => finish(null));
    socket.addEventListener("open", () => {
      socket.send(JSON.stringify({ id: 1, method: "Debugger.enable" }));
      socket.send(JSON.stringify({ id: 2, method: "Debugger.pause" }));
    });
    socket.addEventListener("message", ({ data }) => {
      const message = messageSchema.safeParse(JSON.parse(String(data))).data;
      if (message?.method === "Debugger.scriptParsed") {
        const { scriptId = "", url = "", sourceMapURL = "" } = message.params ?? {};
        scripts.set(scriptId, { url, sourceMap: sourceMapURL });
        return;
      }
      const callFrames = message?.method === "Debugger.paused" ? message.params?.callFrames : undefined;
      const [top] = callFrames ?? [];
      if (callFrames !== undefined && top !== undefined) {
        frames = userFrames(callFrames, scripts, host.ownFolder);
        const params = { callFrameId: top.callFrameId, expression: question, returnByValue: true };
        socket.send(JSON.stringify({ id: 3, method: "Debugger.evaluateOnCallFrame", params }));
      }
      if (message?.id === 3) {
        const run = message.result?.result?.value;
        finish({ run: typeof run === "number" ? run : null, frames });
      }
    });
  });
}

interface Script {
  readonly url: string;
  /** The URL of its source map; empty: it has none. */
  readonly sourceMap: string;
}

interface CallFrame {
  readonly functionName: string;
  /** Lines and columns from 0. */
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number };
}

/** The innermost three that are neither Node's nor this package's. */
function userFrames(frames: readonly CallFrame[], scripts: ReadonlyMap<string, Script>, ownFolder: string): string[] {
  return frames
    .map(({ functionName, location }) => ({
      functionName,
      location,
      script: scripts.get(location.scriptId) ?? { url: "", sourceMap: "" },
    }))
    .filter(({ script: { url } }) => !url.startsWith("node:") && !url.includes(ownFolder))
    .slice(0, 3)
    .map(({ functionName, location, script }) => `${functionName || "(anonymous)"} (${placeIn(script, location)})`);
}

/** File and line as the author knows them: what is saved as an artifact carries a map back to its sources. */
function placeIn({ url, sourceMap }: Script, { lineNumber, columnNumber }: CallFrame["location"]): string {
  const [, inline] = /^data:application\/json[^,]*;base64,(.*)$/s.exec(sourceMap) ?? [];
  if (inline !== undefined) {
    const map = new SourceMap(JSON.parse(Buffer.from(inline, "base64").toString("utf8")));
    const entry = map.findEntry(lineNumber, columnNumber);
    if ("originalSource" in entry) return `${baseName(entry.originalSource)}:${entry.originalLine + 1}`;
  }
  return `${baseName(url)}:${lineNumber + 1}`;
}

const baseName = (url: string): string => url.split(/[\\/]/).at(-1) ?? url;
