/**
 * All rows of a question that is answered a page at a time. It says an order, so that no row is between two pages.
 *
 * @param rowsAtOnce - the rows of a whole page
 */
export async function allPages<Row>(
  rowsAtOnce: number,
  page: (offset: number, limit: number) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const more = await page(rows.length, rowsAtOnce);
    rows.push(...more);
    if (more.length < rowsAtOnce) return rows;
  }
}
