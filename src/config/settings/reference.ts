import { agentSettings } from "./areas/agent-settings.ts";
import { notHonoured } from "./not-honoured.ts";
import type { Setting } from "./setting.ts";
import { settings } from "./settings.ts";

/** One line of the settings table, as a reader sees it. */
export interface SettingLine {
  readonly names: readonly string[];
  /** With its unit. */
  readonly fallback: string;
  readonly allowed: string;
  readonly about: string;
}

/** Every environment variable that is read, for `flow-runner environment` and the documentation. */
export function settingLines(): SettingLine[] {
  return Object.values<Setting<unknown>>({ ...settings, ...agentSettings }).map(
    ({ names, fallback, fallbackText, kind, about }) => ({
      names,
      fallback: fallbackText ?? fallbackOf(fallback, kind.allowed),
      allowed: kind.allowed,
      about,
    }),
  );
}

function fallbackOf(fallback: unknown, allowed: string): string {
  if (fallback === null) return "none";
  // Times are milliseconds inside and seconds outside.
  return typeof fallback === "number" && allowed.startsWith("seconds") ? `${fallback / 1_000} s` : String(fallback);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

/** The documentation's part about the environment: what is read, and what Prefect has besides. */
export function environmentMarkdown(): string {
  const read = table(
    ["variable", "default", "what it does"],
    settingLines().map(({ names, fallback, about }) => [
      names.map((name) => `\`${name}\``).join("<br>"),
      fallback,
      about,
    ]),
  );
  const ignored = table(
    ["variable", "why"],
    notHonoured.map(({ name, why }) => [`\`${name}\``, why]),
  );
  return `${read}\n\n### Variables of Prefect's without effect\n\n${aboutIgnored}\n\n${ignored}\n`;
}

const aboutIgnored =
  "One that is set is said once in the run's log: as a warning where a run would go another way, else at DEBUG.";
