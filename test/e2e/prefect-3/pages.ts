import type { Browser, Locator, Page } from "playwright-core";

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
