import { setKey } from "./key.ts";

/** Asks for the key that the API was started with. */
export function KeyPrompt() {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setKey(String(new FormData(event.currentTarget as HTMLFormElement).get("key")));
  };
  return (
    <form class="card narrow" onSubmit={submit}>
      <h1>This API asks for a key</h1>
      <p class="dim">
        The one after <code>--key</code>, or that <code>flow-runner api</code> has printed when it was started. It is
        kept for this tab only.
      </p>
      <label class="field">
        Key
        <input name="key" type="password" autocomplete="off" required />
      </label>
      <div class="buttons">
        <button type="submit" class="primary">
          Continue
        </button>
      </div>
    </form>
  );
}
