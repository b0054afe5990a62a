/** Servers limit how many rows a query may ask for; Prefect Cloud to so many. */
export const rowsAtOnce = 100;
