import type { StateView } from "../../live/view.ts";
import { StateBadge } from "../parts/state.tsx";
import { lineTimeText, wholeTimeText } from "../parts/times.ts";

/** The states that a run has been in, the first one first. */
export function StateHistory({ states, about }: { readonly states: readonly StateView[]; readonly about: string }) {
  return (
    <table class="history" aria-label={about}>
      <tbody>
        {states.map(({ state, time, message }, at) => (
          <tr key={at}>
            <td>
              <time dateTime={new Date(time).toISOString()} title={wholeTimeText(time)}>
                {lineTimeText(time)}
              </time>
            </td>
            <td>
              <StateBadge state={state} />
            </td>
            <td class="said">{message}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
