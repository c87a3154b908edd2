import { computed, signal } from '@preact/signals';

// Every state of a page is an address: the path says where, the query string how (fabric, tab, filter), the hash carries texts that should not be logged.

export const base = '/console';

/** The current address without the base: path, query and hash. */
export const location = signal(read());

function read(): { path: string; query: URLSearchParams; hash: string } {
  const path = window.location.pathname;
  return {
    path: (path.startsWith(base) ? path.slice(base.length) : path) || '/',
    query: new URLSearchParams(window.location.search),
    hash: window.location.hash.slice(1),
  };
}

const standardFabric = '_system';

/** The fabric the address names. */
export const fabric = computed(() => location.value.query.get('fabric') || standardFabric);

/** The address of a page, in the current fabric unless the path names one. */
export function href(path: string): string {
  const [rest, hash] = path.split('#', 2);
  const [plain, search] = rest.split('?', 2);
  const query = new URLSearchParams(search);
  if (!query.has('fabric') && fabric.value !== standardFabric) query.set('fabric', fabric.value);
  if (query.get('fabric') === standardFabric) query.delete('fabric');
  const text = query.toString();
  return base + (plain === '/' ? '/' : plain) + (text ? `?${text}` : '') + (hash ? `#${hash}` : '');
}

const leaveChecks = new Set<() => boolean>();

/** Registers a question that is asked before the page is left, such as "discard changes?"; returns how to take it back. */
export function beforeLeaving(mayLeave: () => boolean): () => void {
  leaveChecks.add(mayLeave);
  return () => leaveChecks.delete(mayLeave);
}

export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (!options.replace && [...leaveChecks].some(check => !check())) return;
  const target = href(path);
  if (options.replace) history.replaceState(null, '', target);
  else history.pushState(null, '', target);
  location.value = read();
}

/** Changes parameters of the current address in place; an empty value removes one. */
export function changeQuery(changes: Record<string, string | null | undefined>): void {
  const query = new URLSearchParams(location.value.query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value);
    else query.delete(name);
  }
  const text = query.toString();
  history.replaceState(null, '', base + location.value.path + (text ? `?${text}` : '') + (location.value.hash ? `#${location.value.hash}` : ''));
  location.value = read();
}

/** Replaces the hash of the current address without a step in the history. */
export function changeHash(hash: string): void {
  history.replaceState(null, '', `${window.location.pathname}${window.location.search}${hash ? `#${hash}` : ''}`);
  location.value = read();
}

/** Matches `/collections/:name/:tab?` against a path; null when it is another page's. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (given.length > wanted.length) return null;
  const found: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index];
    if (part.startsWith(':')) {
      const optional = part.endsWith('?');
      if (value === undefined) {
        if (!optional) return null;
      } else found[part.slice(1, optional ? -1 : undefined)] = decode(value);
    } else if (part !== value) return null;
  }
  return found;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Follows the back button, and turns clicks on links of the console into navigation without a reload. */
export function startRouter(): void {
  addEventListener('popstate', () => (location.value = read()));
  addEventListener('hashchange', () => (location.value = read()));
  document.addEventListener('click', event => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element | null)?.closest?.('a');
    if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin || !link.pathname.startsWith(base)) return;
    event.preventDefault();
    navigate((link.pathname.slice(base.length) || '/') + link.search + link.hash);
  });
}
