/** What stack traces put before the path of an author's file, from the project's folder: `flow:src/weather.ts:12:9`. */
export const sourceScheme = "flow:";
