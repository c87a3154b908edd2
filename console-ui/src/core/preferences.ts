// What a person chose, kept in the browser. Private windows may refuse storage: then choices last as long as the page.

const prefix = 'geofabric.';
const unsaved = new Map<string, string>();

export function recall<T>(name: string, fallback: T): T {
  try {
    const text = unsaved.get(name) ?? localStorage.getItem(prefix + name);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function remember(name: string, value: unknown): void {
  const text = JSON.stringify(value);
  try {
    localStorage.setItem(prefix + name, text);
    unsaved.delete(name);
  } catch {
    unsaved.set(name, text);
  }
}
