/** Servers limit how many rows a query may ask for; Prefect Cloud to so many. */
const rowsAtOnce = 100;

/** All rows of a query, which asks for a page of them. The query says an order, so that no row is between two pages. */
export async function allPages<Row>(page: (offset: number, limit: number) => Promise<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const more = await page(rows.length, rowsAtOnce);
    rows.push(...more);
    if (more.length < rowsAtOnce) return rows;
  }
}
