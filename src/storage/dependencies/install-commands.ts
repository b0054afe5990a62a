import type { AuthorProject } from "./author-project.ts";

/** A manager that is not in the image is started by npx, at the version of the author's project, and not kept. */
const started = (manager: string, version: string): string => `npx --yes ${manager}@${version}`;

/** Caches that the managers leave; they would be in the layer. */
const clean = "rm -rf /root/.npm /root/.cache /root/.yarn /root/.local/share/pnpm /tmp/*";

/**
 * The commands that install package.json in the image, by the author's own package manager.
 *
 * The lockfile is the author's whole one, while package.json names only what the flows need: the manager leaves the rest
 * out and keeps the versions of what remains. That is not "frozen", which insists that both name the same.
 */
export function installCommands(project: AuthorProject | null): string[] {
  switch (project?.manager) {
    case "pnpm": {
      const version = project.managerVersion ?? pnpmOf(project.lockfile.text);
      return [`${started("pnpm", version)} install --prod --no-frozen-lockfile --config.node-linker=hoisted`, clean];
    }
    case "yarn":
      return [
        `${started("yarn", project.managerVersion ?? "1.22.22")} install --production --non-interactive --no-progress`,
        clean,
      ];
    case "yarn-berry": {
      const settings =
        "YARN_NODE_LINKER=node-modules YARN_ENABLE_IMMUTABLE_INSTALLS=false YARN_ENABLE_TELEMETRY=0 YARN_IGNORE_PATH=1";
      const package_ = `@yarnpkg/cli-dist@${project.managerVersion ?? "4"}`;
      return [`${settings} npx --yes --package ${package_} yarn install`, clean];
    }
    default:
      return ["npm install --omit=dev --install-links --no-audit --no-fund --no-update-notifier", clean];
  }
}

/** The pnpm that writes lockfiles of this version. */
function pnpmOf(lockfile: string): string {
  const [, version = "9.0"] = /^lockfileVersion: '?([\d.]+)'?/m.exec(lockfile) ?? [];
  return Number(version) >= 9 ? "10" : "8";
}
