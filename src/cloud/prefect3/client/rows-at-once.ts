/** The most that the API of Prefect 3 gives at once, of anything. */
export const rowsAtOnce = 200;
