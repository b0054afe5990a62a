import type { Connection } from "../server/use-stream.ts";

/** Says whether what is shown is as it is now. */
export function ConnectionSign({ connection }: { readonly connection: Connection }) {
  const text = { connecting: "Connecting…", live: "Live", lost: "Connection lost, trying again…" }[connection];
  return (
    <span class={`connection ${connection}`} role="status">
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}

/** What went wrong, read out at once. */
export function Failure({ message }: { readonly message: string | null }) {
  return (
    <div role="alert" class={message === null ? "unseen" : "failure"}>
      {message}
    </div>
  );
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
