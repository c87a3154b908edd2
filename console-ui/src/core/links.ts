// Addresses that open another page with something in it. Texts of queries go into the hash: it is not sent to the server, so it is in no log.

/** The address of the query editor with a text and its bind values. */
export function queryLink(text: string, binds: Record<string, unknown> = {}): string {
  const parts = new URLSearchParams({ q: text });
  if (Object.keys(binds).length) parts.set('b', JSON.stringify(binds));
  return `/query#${parts}`;
}

/** What `queryLink` put into the hash; null when there is nothing. */
export function readQueryLink(hash: string): { text: string; binds: Record<string, unknown> } | null {
  const parts = new URLSearchParams(hash);
  const text = parts.get('q');
  if (text === null) return null;
  try {
    return { text, binds: JSON.parse(parts.get('b') ?? '{}') as Record<string, unknown> };
  } catch {
    return { text, binds: {} };
  }
}
