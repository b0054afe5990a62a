import { isBuiltin } from "node:module";

/** Whether a specifier is a package's name, not a path, a URL or a built-in module. */
export function isBare(specifier: string): boolean {
  return !/^(?:\.{0,2}[\\/]|\.{1,2}$|[A-Za-z][A-Za-z0-9+.-]*:)/.test(specifier) && !isBuiltin(specifier);
}

/** The package a specifier belongs to: `lodash` of `lodash/fp`, `@scope/name` of `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const [first = "", second = ""] = specifier.split("/");
  return specifier.startsWith("@") ? `${first}/${second}` : first;
}
