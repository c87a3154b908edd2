/** The attributes of documents in the order they are met, system attributes first. */
export function attributesOf(rows: Iterable<unknown>, most = 200): string[] {
  const names = new Set<string>();
  for (const row of rows) {
    if (row === null || typeof row !== 'object' || Array.isArray(row)) continue;
    for (const name of Object.keys(row)) names.add(name);
    if (names.size > most) break;
  }
  const system = ['_key', '_id', '_from', '_to', '_rev'].filter(name => names.has(name));
  return [...system, ...[...names].filter(name => !system.includes(name))];
}
