import inspector from "node:inspector";

/** Where a debugger finds the function: the inspector names objects only by what an expression gives. */
const place = Symbol.for("flow-runner.debugged");

/**
 * Waits for a debugger (Chrome, VS Code) on this machine, and has it stop on the first line of a function when that is
 * called.
 *
 * @param say - told where it is waited for
 * @returns lets the debugger go: a process that ends waits for one that is still there
 */
export async function awaitDebugger(body: unknown, port: number, say: (text: string) => void): Promise<() => void> {
  if (inspector.url() === undefined) inspector.open(port, "127.0.0.1");
  say(
    `Waiting for a debugger at ${inspector.url()}. In Chrome open chrome://inspect; in VS Code attach to 127.0.0.1:${new URL(inspector.url() ?? "ws://127.0.0.1").port}.`,
  );
  // What was said is on its way before this thread stands still.
  await new Promise((resolve) => setTimeout(resolve, 50));
  inspector.waitForDebugger();
  const session = await breakAt(body);
  return () => {
    session.disconnect();
    inspector.close();
  };
}

async function breakAt(body: unknown): Promise<{ disconnect(): void }> {
  const { Session } = await import("node:inspector/promises");
  const session = new Session();
  session.connect();
  Reflect.set(globalThis, place, body);
  await session.post("Debugger.enable");
  const { result } = await session.post("Runtime.evaluate", {
    expression: 'globalThis[Symbol.for("flow-runner.debugged")]',
  });
  if (result.objectId !== undefined) {
    await session.post("Debugger.setBreakpointOnFunctionCall" as never, { objectId: result.objectId } as never);
  }
  Reflect.deleteProperty(globalThis, place);
  return session;
}
