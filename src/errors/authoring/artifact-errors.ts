import { row } from "../define.ts";

/** A package, file or built-in that a saved flow imports, and cannot be had. */
export interface MissingReference {
  /** As it is imported: `pg`, `lodash/fp`. */
  readonly specifier: string;
  readonly package: string;
  /** The version the flow was saved with; null where it was not known. */
  readonly version: string | null;
  /** The author's modules that import it. */
  readonly importedBy: readonly string[];
  /** Why, in the module loader's words. */
  readonly reason: string;
}

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(", ");
const lines = (entries: readonly string[]) => entries.map((entry) => `\n  - ${entry}`).join("");

function install(references: readonly MissingReference[]): string {
  const wanted = references.map(({ package: name, version }) => (version === null ? name : `${name}@${version}`));
  return `npm install ${[...new Set(wanted)].join(" ")}`;
}

/** Errors of saving and loading flows (`src/artifact/`). */
export const artifactErrors = {
  ARTIFACT_NOT_FOUND: row<{ path: string }>(
    "flow",
    ({ path }) => `There is no file ${path}. Save the flow there first (flow-runner save ENTRY --output FILE).`,
  ),
  ARTIFACT_NOT_READABLE: row<{ path: string; reason: string }>(
    "flow",
    ({ path, reason }) =>
      `${path} cannot be read: ${reason}. Give this user the right to read it, or name another file.`,
  ),
  ARTIFACT_NOT_WRITABLE: row<{ path: string; reason: string }>(
    "flow",
    ({ path, reason }) => `The flow cannot be saved to ${path}: ${reason}. Name another file with --output.`,
  ),
  ARTIFACT_NOT_ONE: row<{ path: string; begins: string }>(
    "flow",
    ({ path, begins }) =>
      `${path} is not a saved flow: it begins with ${JSON.stringify(begins)}. A saved flow begins with its manifest; make one with: flow-runner save ENTRY.`,
  ),
  ARTIFACT_PYTHON_FLOW: row<{ path: string; form: string }>(
    "flow",
    ({ path, form }) =>
      `${path} is a Python flow (${form}). This runner runs flows written in TypeScript or JavaScript; run this one in an image of Prefect itself.`,
  ),
  ARTIFACT_TRUNCATED: row<{ path: string; bytes: number; expected: number | null }>(
    "flow",
    ({ path, bytes, expected }) =>
      `${path} is truncated: it has ${bytes} bytes${expected === null ? " and ends within its first line" : ` of ${expected}`}. Copy it again, or save the flow again.`,
  ),
  ARTIFACT_HASH_MISMATCH: row<{ path: string; part: "manifest" | "module"; expected: string; actual: string }>(
    "flow",
    ({ path, part, expected, actual }) =>
      `${path} was changed or damaged after it was saved: the sha256 of its ${part} is ${actual}, and must be ${expected}. Copy it again, or save the flow again; a saved flow cannot be edited.`,
  ),
  ARTIFACT_DIGEST_MISMATCH: row<{ path: string; registered: string; actual: string }>(
    "flow",
    ({ path, registered, actual }) =>
      `${path} is not the file that was registered: its digest is ${actual}, the registered one is ${registered}. Register the flow again, or put the registered file there.`,
  ),
  ARTIFACT_FORMAT_UNSUPPORTED: row<{ path: string; format: number; supported: number }>(
    "flow",
    ({ path, format, supported }) =>
      `${path} has artifact format ${format}; this flow-runner reads format ${supported}. ${format > supported ? "Use a newer flow-runner here" : "Save the flow again"}.`,
  ),
  ARTIFACT_MANIFEST_INVALID: row<{ path: string; problem: string }>(
    "flow",
    ({ path, problem }) => `The manifest of ${path} is not valid: ${problem}. Save the flow again.`,
  ),
  ARTIFACT_VERSION_INCOMPATIBLE: row<{ path: string; savedWith: string; running: string }>(
    "flow",
    ({ path, savedWith, running }) =>
      `${path} was saved with flow-runner ${savedWith}, and this is ${running}. They must have the same major version (below 1.0: the same minor one too). Save the flow with ${running}, or use an image with flow-runner ${savedWith}.`,
  ),
  ARTIFACT_REFERENCE_MISSING: row<{
    path: string;
    references: readonly MissingReference[];
    folders: readonly string[];
  }>(
    "flow",
    ({ path, references, folders }) =>
      `${path} imports what is not there:${lines(
        references.map(
          ({ specifier, version, importedBy, reason }) =>
            `"${specifier}"${version === null ? "" : ` (saved with version ${version})`}, imported by ${importedBy.join(", ")}: ${reason}`,
        ),
      )}\nLooked in ${folders.join(", then in ")}. Add to the image, or run in ${folders[0]}: ${install(references)}`,
  ),
  ARTIFACT_MODULE_THREW: row<{ path: string; error: string; at: string | null }>(
    "flow",
    ({ path, error, at }) =>
      `${path} could not be loaded: its module threw ${error}${at === null ? "" : ` (${at})`}. What a flow's module does at its top level must work wherever the flow is loaded; what needs a run's surroundings belongs into a task.`,
  ),
  ARTIFACT_FLOW_CHANGED: row<{ path: string; flow: string; problem: string }>(
    "flow",
    ({ path, flow, problem }) =>
      `Flow "${flow}", as ${path} builds it when loaded here, ${problem}. A flow's name, tasks and edges must follow from its source alone, not from the environment, the time or the machine.`,
  ),
  FLOW_NOT_EXPORTED: row<{ flow: string; file: string; exported: readonly string[] }>(
    "flow",
    ({ flow, file, exported }) =>
      `Flow "${flow}" cannot be saved: ${file}, which defines it, does not export it${exported.length === 0 ? "" : ` (it exports the flows ${quoted(exported)})`}. Write "export const … = flow(…)" there; or, where another module makes and exports it, save that module: flow-runner save FILE.`,
  ),
  FLOW_WITHOUT_SOURCE: row<{ flow: string }>(
    "flow",
    ({ flow }) =>
      `Flow "${flow}" cannot be saved: it was not defined in a file (but in a REPL, or in evaluated text). Write it to a module that exports it.`,
  ),
  MODULE_WITHOUT_FLOWS: row<{ file: string; exports: readonly string[] }>(
    "flow",
    ({ file, exports }) =>
      `${file} exports no flow (${exports.length === 0 ? "it has no exports" : `it exports ${exports.join(", ")}`}). Write "export const name = flow(…)" there, or name the module that does.`,
  ),
  SOURCE_NOT_FOUND: row<{ file: string }>("flow", ({ file }) => `There is no file ${file}. Name the flow's module.`),
  SOURCE_NOT_BUNDLED: row<{ file: string; problems: readonly string[] }>(
    "flow",
    ({ file, problems }) => `${file} cannot be bundled:${lines(problems)}`,
  ),
  SOURCE_THREW: row<{ file: string; error: string; at: string | null }>(
    "flow",
    ({ file, error, at }) => `${file} could not be loaded: it threw ${error}${at === null ? "" : ` (${at})`}.`,
  ),
  PACKAGE_IN_TWO_VERSIONS: row<{ package: string; versions: readonly { version: string; importedBy: string }[] }>(
    "flow",
    ({ package: name, versions }) =>
      `The flow's modules import package "${name}" in several versions: ${versions.map(({ version, importedBy }) => `${version} (${importedBy})`).join(", ")}. A saved flow refers to a package by its name, so there can be only one: install the same version for all of them.`,
  ),
  BUNDLER_MISSING: row<{ reason: string }>(
    "flow",
    ({ reason }) =>
      `Saving a flow needs the package esbuild, which is not installed here (${reason}). Save the flow where it is, on your machine or in CI, or add it: npm install esbuild. Loading and running need no bundler.`,
  ),
};
