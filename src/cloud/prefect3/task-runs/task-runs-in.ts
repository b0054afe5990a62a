import type { TaskRunInfo } from "../../port/flow-run-info.ts";
import type { RunBook } from "./run-book.ts";

/** The task run of each task of the flow, as a process that begins finds it. */
export const taskRunsIn = (book: RunBook): readonly TaskRunInfo[] =>
  book.tasks.slugs.map((slug) => {
    const { id, state } = book.taskRun(slug, null);
    // What is recorded there is the first child's.
    return { id, taskId: slug, slug, version: 0, state: book.tasks.isMapped(slug) ? book.mappedState(slug) : state };
  });
