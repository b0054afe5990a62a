/** A version of Prefect's wire: 0.7 has operations and inputs in camelCase, 1.x in snake_case. */
export type Dialect = "0.7" | "1.x";

/** Prefect 0.7: `cloud.graphql`; 1.x posts to the API's root. /graphql is Apollo's own default. */
const paths: Readonly<Record<string, Dialect>> = { "/": "1.x", "/graphql": "1.x", "/graphql/alpha": "0.7" };

/** The dialect that is spoken at a path, or null where there is no API. */
export const dialectAt = (path: string): Dialect | null => (Object.hasOwn(paths, path) ? (paths[path] ?? null) : null);
