import type { Browser, Locator, Page } from "playwright-core";

/** The page of a flow run in Prefect's own web pages. */
export const openRunPage = (browser: Browser, url: string, flowRunId: string): Promise<Page> =>
  openPage(browser, url, `/runs/flow-run/${flowRunId}`, 1300);

/** The form there by which a person starts a run of a deployment. */
export const openRunForm = (browser: Browser, url: string, deploymentId: string): Promise<Page> =>
  openPage(browser, url, `/deployments/deployment/${deploymentId}/run`, 2600);

async function openPage(browser: Browser, url: string, path: string, height: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1500, height } });
  page.setDefaultTimeout(120_000);
  await page.goto(`${url.replace(/\/api$/, "")}${path}`);
  return page;
}

interface Drawn {
  readonly parentElement: Drawn | null;
}
/** The browser's. */
declare const getComputedStyle: (element: Drawn) => { readonly opacity: string };

/** From 0 to 1: what is being faded in is there before anybody sees it, and forgets what is filled in. */
export const opacityOf = (locator: Locator): Promise<number> =>
  locator.evaluate((element: Drawn) => {
    let opacity = 1;
    for (let each: Drawn | null = element; each !== null; each = each.parentElement)
      opacity *= Number(getComputedStyle(each).opacity);
    return opacity;
  });

/** What the fields of the page are called, from above; a switch has a label without a text, too. */
export const labelsOf = async (page: Page): Promise<string[]> =>
  (await page.locator("label").allInnerTexts()).filter(Boolean);

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
