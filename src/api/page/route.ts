import { useEffect, useState } from "preact/hooks";

/** What is shown; it stands in the address after #, so that a link to it can be kept and sent. */
export type Route =
  | { readonly page: "runs" }
  | { readonly page: "run"; readonly id: string; readonly taskRun: string | null };

const runPath = /^#\/runs\/([0-9a-f-]{36})(?:\/task-runs\/([0-9a-f-]{36}))?$/;

function readRoute(hash: string): Route {
  const [, id, taskRun = null] = runPath.exec(hash) ?? [];
  return id === undefined ? { page: "runs" } : { page: "run", id, taskRun };
}

export function routeTo(route: Route): string {
  if (route.page === "runs") return "#/";
  return route.taskRun === null ? `#/runs/${route.id}` : `#/runs/${route.id}/task-runs/${route.taskRun}`;
}

export const goTo = (route: Route): void => {
  location.hash = routeTo(route);
};

export function useRoute(): Route {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const read = (): void => setRoute(readRoute(location.hash));
    addEventListener("hashchange", read);
    return () => removeEventListener("hashchange", read);
  }, []);
  return route;
}
