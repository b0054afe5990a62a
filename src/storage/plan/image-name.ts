import { slugify } from "../../graph/index.ts";
import type { DockerSettings } from "../settings.ts";

/** An image's name in its parts, as Prefect's storage holds them. */
export interface ImageName {
  readonly registryUrl: string | null;
  readonly imageName: string;
  readonly imageTag: string;
  /** All of it: `localhost:5000/weather:2026-01-01t00-00-00-000000-00-00`. */
  readonly whole: string;
}

/**
 * Names an image: as given, else the one flow's slug, or a random id for several, and the time as tag. Prefect 0.7 and
 * 1.x: `storage/docker.py`.
 */
export function nameImage(
  { registryUrl, imageName, imageTag }: Pick<DockerSettings, "registryUrl" | "imageName" | "imageTag">,
  flows: readonly string[],
  { now, random }: { readonly now: Date; random(): string },
): ImageName {
  const [only, ...others] = flows;
  const name = imageName ?? (only !== undefined && others.length === 0 ? slugify(only) : random());
  const tag = imageTag ?? slugify(now.toISOString());
  const whole = `${registryUrl === null ? "" : `${registryUrl}/`}${name}:${tag}`;
  return { registryUrl, imageName: name, imageTag: tag, whole };
}
