/** A value as JSON; a text as it is. */
export function JsonValue({ value }: { readonly value: unknown }) {
  return <pre class="json">{typeof value === "string" ? value : JSON.stringify(value, null, 2)}</pre>;
}

/** Names with their values, as a table. */
export function Values({
  about,
  values,
}: {
  readonly about: string;
  readonly values: Readonly<Record<string, unknown>>;
}) {
  const entries = Object.entries(values);
  if (entries.length === 0) return <p class="dim">None.</p>;
  return (
    <table class="values" aria-label={about}>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>
              <JsonValue value={value} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
