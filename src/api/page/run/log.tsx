import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { LogView } from "../../live/view.ts";
import { lineTimeText } from "../parts/times.ts";
import { VirtualList } from "../parts/virtual-list.tsx";
import { levels, logRows } from "./log-rows.ts";

const rowHeight = 20;

interface LogProps {
  readonly about: string;
  readonly lines: readonly LogView[];
  /** The task run that has written a line; left out: that goes without saying. */
  readonly taskName?: (taskRunId: string) => string;
  readonly hasEarlier: boolean;
  readonly showEarlier?: () => void;
}

/** Lines of a log, of which the last stay in view as they come, until one scrolls away from them. */
export function Log({ about, lines, taskName, hasEarlier, showEarlier }: LogProps) {
  const [level, setLevel] = useState("DEBUG");
  const [text, setText] = useState("");
  const [isFollowing, setFollowing] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const rows = useMemo(() => logRows(lines, { level, text }), [lines, level, text]);
  useLayoutEffect(() => {
    if (isFollowing && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [rows.length, isFollowing]);
  const onScroll = (): void => {
    if (box.current === null) return;
    const { scrollTop, clientHeight, scrollHeight } = box.current;
    setFollowing(scrollTop + clientHeight > scrollHeight - rowHeight);
  };
  return (
    <div class="log-view">
      <div class="filters">
        <label class="field">
          Level
          <select value={level} onChange={({ currentTarget }) => setLevel(currentTarget.value)}>
            {levels.map((name) => (
              <option key={name} value={name}>
                {name === "DEBUG" ? "All" : `${name} and above`}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          Contains
          <input type="search" value={text} onInput={({ currentTarget }) => setText(currentTarget.value)} />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={isFollowing}
            onChange={({ currentTarget }) => setFollowing(currentTarget.checked)}
          />
          Follow
        </label>
        {hasEarlier && showEarlier !== undefined && (
          <button type="button" onClick={showEarlier}>
            Show earlier lines
          </button>
        )}
      </div>
      {rows.length === 0 ? (
        <p class="empty">{lines.length === 0 ? "Nothing has been logged yet." : "No line is like that."}</p>
      ) : (
        <VirtualList
          count={rows.length}
          rowHeight={rowHeight}
          box={box}
          class="log"
          // Not read out by itself: a run may log a thousand lines a second.
          attributes={{ role: "log", "aria-live": "off", "aria-label": about, onScroll }}
          row={(at) => {
            const { key, line, level, text } = rows[at] ?? {};
            const task = line?.taskRun == null ? "" : taskName?.(line.taskRun);
            return (
              <div key={key} class={`line ${level}`}>
                <span class="time">{line == null ? "" : lineTimeText(line.time)}</span>
                <span class="level">{line?.level}</span>
                {taskName !== undefined && (
                  <span class="task" title={task}>
                    {task}
                  </span>
                )}
                <span class="text">{text}</span>
              </div>
            );
          }}
        />
      )}
    </div>
  );
}
