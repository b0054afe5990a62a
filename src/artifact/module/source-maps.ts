import { getSourceMapsSupport, setSourceMapsSupport } from "node:module";

/**
 * Lets stack traces show the lines that the author wrote. Node applies the source maps of modules loaded from then on;
 * those of packages stay off, since reading them costs more than they tell.
 */
export function useSourceMaps(): void {
  if (getSourceMapsSupport().enabled) return;
  setSourceMapsSupport(true, { nodeModules: false, generatedCode: false });
}
