import { useEffect, useRef, useState } from "preact/hooks";
import type { ParameterView, RunnableFlow, Started, StartRequest } from "../../live/view.ts";
import { Failure, reasonOf } from "../parts/notices.tsx";
import { goTo } from "../route.ts";
import { ask, tell } from "../server/ask.ts";

interface StartDialogProps {
  readonly close: () => void;
  /** A run whose flow and parameters are filled in. */
  readonly like?: { readonly flow: string; readonly parameters: Readonly<Record<string, unknown>> };
}

/** Starts a run: of which flow, and with which parameters. */
export function StartDialog({ close, like }: StartDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const first = useRef<HTMLSelectElement>(null);
  const [flows, setFlows] = useState<readonly RunnableFlow[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    dialog.current?.showModal();
    ask<RunnableFlow[]>("flows").then(setFlows, (error: unknown) => setProblem(reasonOf(error)));
  }, []);

  useEffect(() => first.current?.focus(), [flows]);

  const flow = flows?.find(({ id }) => id === chosen) ?? flows?.find(({ name }) => name === like?.flow) ?? flows?.[0];
  const start = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (flow === undefined) return;
    const request = requestOf(flow, new FormData(event.currentTarget as HTMLFormElement));
    try {
      const { id } = await tell<Started>("runs", request);
      close();
      goTo({ page: "run", id, taskRun: null });
    } catch (error) {
      setProblem(reasonOf(error));
    }
  };
  return (
    <dialog ref={dialog} class="card" aria-labelledby="start-title" onClose={close}>
      <form onSubmit={start}>
        <h2 id="start-title">Start a run</h2>
        {flow === undefined ? (
          <p class="dim">{flows === null ? "Loading…" : "No flow is registered yet."}</p>
        ) : (
          <>
            <label class="field">
              Flow
              <select ref={first} value={flow.id} onChange={({ currentTarget }) => setChosen(currentTarget.value)}>
                {flows?.map(({ id, name, project, version }) => (
                  <option key={id} value={id}>
                    {name} ({project}, version {version})
                  </option>
                ))}
              </select>
            </label>
            <label class="field">
              Name of the run
              <input name="name" autocomplete="off" placeholder="one is made up" />
            </label>
            <fieldset key={flow.id}>
              <legend>Parameters</legend>
              {flow.parameters.length === 0 && <p class="dim">This flow has none.</p>}
              {flow.parameters.map((parameter) => (
                <ParameterField
                  key={parameter.name}
                  parameter={parameter}
                  given={flow.name === like?.flow ? like.parameters[parameter.name] : undefined}
                />
              ))}
              {flow.parameters.length > 0 && (
                <p class="dim">A value is JSON if it reads as that, else text. What is left empty has its default.</p>
              )}
            </fieldset>
          </>
        )}
        <Failure message={problem} />
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
          <button type="submit" class="primary" disabled={flow === undefined}>
            Start
          </button>
        </div>
      </form>
    </dialog>
  );
}

function ParameterField({ parameter, given }: { readonly parameter: ParameterView; readonly given: unknown }) {
  const { name, required, default: value } = parameter;
  return (
    <label class="field">
      <span>
        {name} {required && <span class="dim">(required)</span>}
      </span>
      <textarea
        name={`parameter:${name}`}
        rows={1}
        spellcheck={false}
        required={required}
        placeholder={required ? "" : JSON.stringify(value)}
        defaultValue={given === undefined ? "" : typeof given === "string" ? quoted(given) : JSON.stringify(given)}
      />
    </label>
  );
}

/** A text that would read as JSON is written as JSON. */
const quoted = (text: string): string => (readValue(text) === text && text !== "" ? text : JSON.stringify(text));

function requestOf(flow: RunnableFlow, form: FormData): StartRequest {
  const parameters = flow.parameters.flatMap(({ name }) => {
    const text = String(form.get(`parameter:${name}`) ?? "").trim();
    return text === "" ? [] : [[name, readValue(text)]];
  });
  const name = String(form.get("name") ?? "").trim();
  return { flowId: flow.id, name: name === "" ? null : name, parameters: Object.fromEntries(parameters) };
}

function readValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
