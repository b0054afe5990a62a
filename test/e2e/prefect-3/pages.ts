import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";

/** Debian's Chromium, as `scripts/ci-setup` installs it. */
const executablePath = "/usr/bin/chromium";
/** Where there is none, what looks at pages is skipped; in CI it fails. */
export const isBrowserMissing = !existsSync(executablePath) && process.env.CI !== "true";

/** Where pictures of a run's page are kept after a test, for people. */
const pictures = join(import.meta.dirname, "../../../.cache/pictures");

/** A browser without a graphics card: what is drawn by WebGL is drawn by the processor. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"],
  });

/** The page of a flow run in Prefect's own web pages. */
export async function openRunPage(browser: Browser, url: string, flowRunId: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1500, height: 1300 } });
  page.setDefaultTimeout(120_000);
  await page.goto(`${url.replace(/\/api$/, "")}/runs/flow-run/${flowRunId}`);
  return page;
}

/** How much of what is drawn is not background, from 0 to 1. */
export async function drawnShare(page: Page, canvas: Locator): Promise<number> {
  const picture = (await canvas.screenshot()).toString("base64");
  return page.evaluate<number>(`(async () => {
    const image = new Image();
    image.src = "data:image/png;base64,${picture}";
    await image.decode();
    const context = new OffscreenCanvas(image.width, image.height).getContext("2d");
    context.drawImage(image, 0, 0);
    // The margins hold the time axis and the buttons, which are there without a graph.
    const [top, height] = [Math.round(image.height * 0.15), Math.round(image.height * 0.6)];
    const pixels = new Uint32Array(context.getImageData(0, top, image.width, height).data.buffer);
    const counts = new Map();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return 1 - Math.max(...counts.values()) / pixels.length;
  })()`);
}

export async function keepPicture(page: Page, name: string): Promise<string> {
  const path = join(pictures, `${name}.png`);
  mkdirSync(dirname(path), { recursive: true });
  await page.screenshot({ path });
  return path;
}
