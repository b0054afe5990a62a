import { useEffect, useState } from "preact/hooks";

const kept = "flow-runner key";
const refusals = new EventTarget();

/** Takes the API's key from the address (`/#key=…`), where it would be seen, and keeps it for this tab. */
export function adoptKey(): void {
  const key = /^#key=(.+)$/.exec(location.hash)?.[1];
  if (key === undefined) return;
  sessionStorage.setItem(kept, decodeURIComponent(key));
  history.replaceState(null, "", "#/");
}

export const keyHeaders = (): Record<string, string> => {
  const key = sessionStorage.getItem(kept);
  return key === null ? {} : { authorization: `Bearer ${key}` };
};

export function setKey(key: string): void {
  sessionStorage.setItem(kept, key);
  refusals.dispatchEvent(new CustomEvent("key", { detail: false }));
}

/** The API has said that it wants a key, or another one. */
export const keyRefused = (): void => void refusals.dispatchEvent(new CustomEvent("key", { detail: true }));

export function useRefusedKey(): boolean {
  const [isRefused, setRefused] = useState(false);
  useEffect(() => {
    const told = (event: Event): void => setRefused((event as CustomEvent<boolean>).detail);
    refusals.addEventListener("key", told);
    return () => refusals.removeEventListener("key", told);
  }, []);
  return isRefused;
}
