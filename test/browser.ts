import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { patience } from "./eventually.ts";

/** Debian's Chromium, as `scripts/ci-setup` installs it. */
const executablePath = "/usr/bin/chromium";
/** Where there is none, what looks at pages is skipped; in CI it fails. */
export const isBrowserMissing = !existsSync(executablePath) && process.env.CI !== "true";

/** Where pictures of pages are kept after a test, for people. */
const pictures = join(import.meta.dirname, "../.cache/pictures");

/** A browser without a graphics card: what is drawn by WebGL is drawn by the processor. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    ...{ executablePath, timeout: patience },
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
  });

export async function keepPicture(page: Page, name: string): Promise<string> {
  const path = join(pictures, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  return path;
}
