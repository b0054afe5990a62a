import { randomUUID } from "node:crypto";

/**
 * `2020/1/2/<uuid4>.prefect_result`: UTC, unpadded.
 *
 * Prefect 0.7 and 1.x: the key of S3, GCS and Azure results.
 */
export function defaultKey(now: Date): string {
  const day = `${now.getUTCFullYear()}/${now.getUTCMonth() + 1}/${now.getUTCDate()}`;
  return `${day}/${randomUUID()}.prefect_result`;
}

/**
 * `prefect-result-2020-01-02t03-04-05-678z-1b9d6bcd`.
 *
 * Prefect 1.x: `prefect-result-` and the time as a slug. The last part keeps two results of one moment apart.
 */
export function defaultFileName(now: Date): string {
  const time = now.toISOString().toLowerCase().replaceAll(/[:.]/g, "-");
  return `prefect-result-${time}-${randomUUID().slice(0, 8)}`;
}
