import { source } from "./readings.ts";
import type { Climate } from "./statistics.ts";

/** A year in one picture: for each station the band of temperatures month by month, and the rain below it. */

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const page = { width: 960, height: 560, margin: 56, gap: 48 };
const temperature = { top: 128, bottom: 368, min: -5, max: 35, step: 10 };
const rain = { top: 400, bottom: 500, max: 200, step: 100 };
const color = { ink: "#1f2933", muted: "#6b7785", grid: "#e4e7eb", warm: "#e4572e", cool: "#4f86c6", rain: "#2f6fb3" };

type Scale = { top: number; bottom: number; min?: number; max: number };

const y = ({ top, bottom, min = 0, max }: Scale, value: number): number =>
  bottom - ((value - min) / (max - min)) * (bottom - top);

const round = (number: number): string => number.toFixed(1);
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

export function drawClimates(climates: readonly Climate[]): string {
  const width = (page.width - 2 * page.margin - page.gap * (climates.length - 1)) / climates.length;
  const panels = climates.map((climate, index) => panel(climate, page.margin + index * (width + page.gap), width));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${page.width} ${page.height}" width="${page.width}" height="${page.height}" font-family="system-ui, 'Segoe UI', Helvetica, Arial, sans-serif" role="img">
<title>${climates.map(({ station }) => escapeXml(station)).join(" and ")}: temperature and rain through the year</title>
<defs><linearGradient id="band" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="${round(y(temperature, 30))}" y2="${round(y(temperature, -2))}"><stop offset="0" stop-color="${color.warm}"/><stop offset="0.45" stop-color="#f2c14e"/><stop offset="0.72" stop-color="#8fc1b5"/><stop offset="1" stop-color="${color.cool}"/></linearGradient></defs>
<rect width="100%" height="100%" fill="#ffffff"/>
<text x="${page.margin}" y="46" font-size="22" font-weight="600" fill="${color.ink}">The year in ${climates.map(({ station }) => escapeXml(station)).join(" and ")}</text>
<text x="${page.margin}" y="70" font-size="13" fill="${color.muted}">Mean daily low to mean daily high in °C (bands), and rain in mm a month (bars)</text>
${panels.join("\n")}
<text x="${page.margin}" y="${page.height - 14}" font-size="11" fill="${color.muted}">Data: ${escapeXml(source)}</text>
</svg>
`;
}

function panel({ station, months }: Climate, left: number, width: number): string {
  const slot = width / 12;
  const center = (index: number): number => left + slot * (index + 0.5);
  const warmest = months.reduce(
    (best, month, index) => (month.meanHigh > (months[best]?.meanHigh ?? 0) ? index : best),
    0,
  );
  const wettest = months.reduce((best, month, index) => (month.rain > (months[best]?.rain ?? 0) ? index : best), 0);

  const bands = months.map(({ meanHigh, meanLow }, index) => {
    const top = y(temperature, meanHigh);
    const height = y(temperature, meanLow) - top;
    return `<rect x="${round(center(index) - slot * 0.3)}" y="${round(top)}" width="${round(slot * 0.6)}" height="${round(height)}" rx="5" fill="url(#band)"/>`;
  });
  const bars = months.map(({ rain: amount }, index) => {
    const top = y(rain, amount);
    return `<rect x="${round(center(index) - slot * 0.3)}" y="${round(top)}" width="${round(slot * 0.6)}" height="${round(rain.bottom - top)}" rx="2" fill="${color.rain}" fill-opacity="0.85"/>`;
  });
  const names = monthNames.map((name, index) => label(center(index), rain.bottom + 18, name, "middle"));

  return [
    `<text x="${round(left)}" y="104" font-size="16" font-weight="600" fill="${color.ink}">${escapeXml(station)}</text>`,
    ...range(0, temperature.max - 5, temperature.step).map((value) =>
      gridLine(left, width, y(temperature, value), `${value}°`),
    ),
    ...range(0, rain.max, rain.step).map((value) => gridLine(left, width, y(rain, value), `${value}`)),
    ...bands,
    ...bars,
    ...names,
    mark(
      center(warmest),
      y(temperature, months[warmest]?.meanHigh ?? 0) - 7,
      `${Math.round(months[warmest]?.meanHigh ?? 0)}°`,
    ),
    mark(center(wettest), y(rain, months[wettest]?.rain ?? 0) - 6, `${Math.round(months[wettest]?.rain ?? 0)} mm`),
  ].join("\n");
}

function gridLine(left: number, width: number, height: number, text: string): string {
  const line = `<line x1="${round(left)}" x2="${round(left + width)}" y1="${round(height)}" y2="${round(height)}" stroke="${color.grid}"/>`;
  return line + label(left - 8, height + 4, text, "end");
}

function label(x: number, height: number, text: string, anchor: "middle" | "end"): string {
  return `<text x="${round(x)}" y="${round(height)}" font-size="11" fill="${color.muted}" text-anchor="${anchor}">${text}</text>`;
}

function mark(x: number, height: number, text: string): string {
  return `<text x="${round(x)}" y="${round(height)}" font-size="11" font-weight="600" fill="${color.ink}" text-anchor="middle">${text}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
