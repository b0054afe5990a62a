import { createRequire, type ResolveFnOutput, type ResolveHookContext, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";
import { type Folders, folderWith } from "./folders.ts";
import { isOwnPackage, ownModule } from "./own-package.ts";
import { isBare } from "./specifier.ts";

/** A module whose text is given: an artifact, or a source that had to be bundled. */
export interface GivenModule {
  /** A `file:` URL; the query tells versions of one file apart, since a module is loaded once for each URL. */
  readonly url: string;
  readonly text: string;
  readonly folders: Folders;
}

type Next = (specifier: string, context?: Partial<ResolveHookContext>) => ResolveFnOutput;

/**
 * Node's own `import()` and `import.meta.resolve`. Bundlers and test runners rewrite them where they see them, and what
 * is imported then goes past every hook; they do not see the module that has these.
 */
interface NativeModules {
  load(url: string): Promise<object>;
  resolve(specifier: string): string;
}

const nativeSpecifier = "flow-runner:native";
const nativeText = `
export const load = (url) => import(url);
export const resolve = (specifier) => import.meta.resolve(specifier);
`;
const probe = "flow-runner:resolve?";

/**
 * Makes Node load modules that are no files of its own: by URL, whatever the file's extension.
 *
 * A hook belongs to the process and stays, since a task may import something long after its flow was loaded. Therefore
 * there is one, with the modules given so far as its only state, in place of one more for each that is loaded.
 */
class ModuleHook {
  readonly #given = new Map<string, GivenModule>();
  readonly #nativeUrl = new URL("./flow-runner-native.mjs", import.meta.url).href;
  #native: NativeModules | null = null;

  /** Imports a given module. Rejects with what the module throws, or with what Node says of its imports. */
  load(module: GivenModule): Promise<object> {
    const native = this.#installed();
    this.#given.set(module.url, module);
    return native.load(module.url);
  }

  /** Imports a file as Node would, with `flow-runner` leading to this copy. */
  loadFile(url: string): Promise<object> {
    return this.#installed().load(url);
  }

  /** The URL or path a specifier means for a module in `folder`, by Node's own rules. Throws Node's error. */
  resolve(specifier: string, kind: "import" | "require", folder: string): string {
    const native = this.#installed();
    if (kind === "require") return createRequire(folder).resolve(specifier);
    return native.resolve(`${probe}${new URLSearchParams({ specifier, folder })}`);
  }

  #installed(): NativeModules {
    if (this.#native !== null) return this.#native;
    registerHooks({
      resolve: (specifier, context, next) => this.#resolve(specifier, context, next),
      load: (url, context, next) => {
        const source = url === this.#nativeUrl ? nativeText : this.#given.get(url)?.text;
        return source === undefined ? next(url, context) : { format: "module", source, shortCircuit: true };
      },
    });
    this.#native = createRequire(import.meta.url)(nativeSpecifier) as NativeModules;
    return this.#native;
  }

  #resolve(specifier: string, context: ResolveHookContext, next: Next): ResolveFnOutput {
    if (specifier === nativeSpecifier) return { url: this.#nativeUrl, format: "module", shortCircuit: true };
    if (this.#given.has(specifier)) return { url: specifier, format: "module", shortCircuit: true };
    if (specifier.startsWith(probe)) {
      const asked = new URLSearchParams(specifier.slice(probe.length));
      return next(asked.get("specifier") ?? "", { ...context, parentURL: asked.get("folder") ?? undefined });
    }
    if (isOwnPackage(specifier)) {
      const url = ownModule(specifier);
      // Node says itself which part of this package does not exist.
      return url === null ? next(specifier, { ...context, parentURL: import.meta.url }) : { url, shortCircuit: true };
    }
    const given = context.parentURL === undefined ? undefined : this.#given.get(context.parentURL);
    if (given === undefined || !isBare(specifier)) return next(specifier, context);
    return resolveFrom(given.folders, specifier, context, next);
  }
}

function resolveFrom(folders: Folders, specifier: string, context: ResolveHookContext, next: Next): ResolveFnOutput {
  const folder = folderWith(specifier, folders);
  if (context.conditions.includes("import")) return next(specifier, { ...context, parentURL: folder });
  // Node resolves a `require` from the module that calls it, whatever parent it is told.
  const path = createRequire(folder).resolve(specifier);
  return { url: pathToFileURL(path).href, shortCircuit: true };
}

/** The process's hook: Node keeps hooks for the process, and so this one is kept. */
export const moduleHook = new ModuleHook();
