/** A debugger, as Chrome and VS Code are: it speaks the inspector protocol over a WebSocket. */
export async function attach(url: string) {
  const socket = new WebSocket(url);
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve, { once: true });
    socket.addEventListener("error", reject, { once: true });
  });
  const events: { readonly method: string; readonly params: unknown }[] = [];
  const answers = new Map<number, unknown>();
  const told = new EventTarget();
  socket.addEventListener("message", ({ data }) => {
    const frame = JSON.parse(String(data)) as { id?: number; result?: unknown; method: string; params: unknown };
    if (frame.id === undefined) events.push(frame);
    else answers.set(frame.id, frame.result);
    told.dispatchEvent(new Event("more"));
  });
  let isOver = false;
  socket.addEventListener("close", () => {
    isOver = true;
    told.dispatchEvent(new Event("more"));
  });
  const more = async (awaited: string): Promise<void> => {
    if (isOver)
      throw new Error(`the inspector has gone without ${awaited}; it told of ${events.map(({ method }) => method)}`);
    await new Promise((resolve) => told.addEventListener("more", resolve, { once: true }));
  };
  let next = 1;
  return {
    async post<Result>(method: string, params: object = {}): Promise<Result> {
      const id = next++;
      socket.send(JSON.stringify({ id, method, params }));
      while (!answers.has(id)) await more(`an answer to ${method}`);
      return answers.get(id) as Result;
    },
    /** The first event of this name, also one that came before. */
    async event<Params>(method: string): Promise<Params> {
      for (;;) {
        const found = events.find((each) => each.method === method);
        if (found !== undefined) return found.params as Params;
        await more(method);
      }
    },
  };
}
