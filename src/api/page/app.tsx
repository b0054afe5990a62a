import { useEffect } from "preact/hooks";
import { routeTo, useRoute } from "./route.ts";
import { RunPage } from "./run/run-page.tsx";
import { RunsPage } from "./runs/runs-page.tsx";
import { useRefusedKey } from "./server/key.ts";
import { KeyPrompt } from "./server/key-prompt.tsx";

/** The page: the list of runs, or one run. */
export function App() {
  const route = useRoute();
  const isKeyRefused = useRefusedKey();
  useEffect(() => {
    if (route.page === "runs") document.title = "Flow runs · flow-runner";
  }, [route.page]);
  return (
    <>
      <button type="button" class="skip" onClick={() => document.getElementById("main")?.focus()}>
        Skip to content
      </button>
      <header class="top">
        <a class="brand" href={routeTo({ page: "runs" })}>
          <span class="mark" aria-hidden="true" />
          flow-runner
        </a>
        <nav aria-label="Pages">
          <a href={routeTo({ page: "runs" })} aria-current={route.page === "runs" ? "page" : undefined}>
            Flow runs
          </a>
        </nav>
      </header>
      <main id="main" tabIndex={-1}>
        {isKeyRefused ? (
          <KeyPrompt />
        ) : route.page === "run" ? (
          <RunPage key={route.id} id={route.id} taskRun={route.taskRun} />
        ) : (
          <RunsPage />
        )}
      </main>
    </>
  );
}
