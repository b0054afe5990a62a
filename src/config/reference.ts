import { type Setting, settings } from "./settings.ts";

/** One line of the settings table, as a reader sees it. */
export interface SettingLine {
  readonly names: readonly string[];
  /** With its unit. */
  readonly fallback: string;
  readonly allowed: string;
  readonly about: string;
}

/** Every environment variable, for `flow-runner help environment` and the README. */
export function settingLines(): SettingLine[] {
  return Object.values<Setting<unknown>>(settings).map(({ names, fallback, fallbackText, kind, about }) => ({
    names,
    fallback: fallbackText ?? fallbackOf(fallback, kind.allowed),
    allowed: kind.allowed,
    about,
  }));
}

function fallbackOf(fallback: unknown, allowed: string): string {
  if (fallback === null) return "none";
  // Times are milliseconds inside and seconds outside.
  return typeof fallback === "number" && allowed.startsWith("seconds") ? `${fallback / 1_000} s` : String(fallback);
}

/** The table as Markdown. */
export function settingsMarkdown(): string {
  const rows = settingLines().map(
    ({ names, fallback, about }) => `| ${names.map((name) => `\`${name}\``).join("<br>")} | ${fallback} | ${about} |`,
  );
  return ["| variable | default | what it does |", "| --- | --- | --- |", ...rows].join("\n");
}
