/** The folders of `src/` in the order of the design: an import points only up this list. */
export const folderOrder: readonly string[] = [
  "errors",
  "config",
  "state",
  "graph",
  "flow",
  "results",
  "secrets",
  "artifact",
  "engine",
  "host",
  "executors",
  "cloud",
  "environments",
  "storage",
  "checks",
  "api",
  "run",
  "testing",
  "cli",
];

/** `src/index.ts` is what an author imports: it may know everything but the binary. */
const belowIndex = ["cli"];

/** One rule in dependency-cruiser's form; a module whose path matches `from` must not import one that matches `to`. */
export interface ForbiddenImport {
  readonly name: string;
  readonly severity: "error";
  readonly comment: string;
  readonly from: { readonly path?: string; readonly pathNot?: string };
  readonly to: { readonly path?: string; readonly circular?: boolean; readonly couldNotResolve?: boolean };
}

function anyOf(folders: readonly string[]): string {
  return `^src/(?:${folders.join("|")})/`;
}

/** The order of the folders and the absence of cycles as dependency-cruiser rules. */
export function importRules(order: readonly string[] = folderOrder): ForbiddenImport[] {
  const upwards = order.map((folder, index): ForbiddenImport => {
    const below = order.slice(index + 1);
    return {
      name: `${folder}-points-up`,
      severity: "error",
      comment: `src/${folder}/ may import only what is above it in the list of folders`,
      from: { path: `^src/${folder}/` },
      to: { path: `${below.length === 0 ? "" : `${anyOf(below)}|`}^src/[^/]+$` },
    };
  });
  return [
    ...upwards,
    {
      name: "index-points-up",
      severity: "error",
      comment: "src/index.ts may import everything but the binary",
      from: { path: "^src/[^/]+$" },
      to: { path: anyOf(belowIndex) },
    },
    {
      name: "no-cycle",
      severity: "error",
      comment: "modules must not import each other in a circle, type imports included",
      from: {},
      to: { circular: true },
    },
    {
      name: "only-listed-folders",
      severity: "error",
      comment: "a new folder needs a place in the order (scripts/imports/order.ts and the design)",
      from: {},
      to: { path: `^src/(?!(?:${order.join("|")})/)[^/]+/` },
    },
    {
      name: "product-stands-alone",
      severity: "error",
      comment: "src/ must not import tests or scripts",
      from: { path: "^src/" },
      // What lies outside of src/ is not resolved: it is named as it was written.
      to: { path: "^(?:\\.\\./)*(?:test|scripts|docker)/" },
    },
  ];
}
