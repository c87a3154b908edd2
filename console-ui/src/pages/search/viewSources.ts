import type { ViewLink } from '../../core/api/answers';

/** What a dialog asks of one collection of a view. */
export interface Source {
  collection: string;
  /** Paths with commas between them; empty for every attribute. */
  fields: string;
  analyzer: string;
  /** The link as it is written, when it says more than fields and one analyzer can: it is edited as JSON then. */
  json?: string;
}

/** The link of a collection: the fields that are named, or all. A path `a.b` becomes `b` inside `a`. */
export function linkOf({ fields, analyzer }: Pick<Source, 'fields' | 'analyzer'>): ViewLink {
  const paths = fields
    .split(',')
    .map(path => path.trim())
    .filter(Boolean);
  if (paths.length === 0) return { analyzers: [analyzer], includeAllFields: true };
  const link: ViewLink = { analyzers: [analyzer], includeAllFields: false, fields: {} };
  for (const path of paths) {
    let at = link;
    for (const name of path.split('.')) at = (at.fields ??= {})[name] ??= {};
  }
  return link;
}

/** What a link of the server is asked as; `linkOf` of it says the same as the link, or it is asked as JSON. */
export function sourceOf(collection: string, link: ViewLink): Source {
  const paths: string[] = [];
  const walk = (field: ViewLink, path: string) => {
    const inner = Object.entries(field.fields ?? {});
    if (inner.length === 0 && path) paths.push(path);
    for (const [name, one] of inner) walk(one, path ? `${path}.${name}` : name);
  };
  walk(link, '');
  const simple = { collection, fields: paths.join(', '), analyzer: link.analyzers?.[0] ?? 'identity' };
  return meaningOf(linkOf(simple)) === meaningOf(link) ? simple : { ...simple, json: JSON.stringify(link, null, 2) };
}

/** The links that a dialog's sources say; null while a text is not the JSON of an object. */
export function linksOf(sources: readonly Source[]): Record<string, ViewLink> | null {
  try {
    const links = sources.map(source => [source.collection, source.json === undefined ? linkOf(source) : (JSON.parse(source.json) as ViewLink)] as const);
    return links.every(([, link]) => link !== null && typeof link === 'object' && !Array.isArray(link)) ? Object.fromEntries(links) : null;
  } catch {
    return null;
  }
}

/** What the server says of a link though nobody asked for it. */
const standards: Record<string, unknown> = { includeAllFields: false, storeValues: 'none', trackListPositions: false };

/** Two links with the same text search the same: what is said by leaving it out is left out, and names are in order. */
function meaningOf(link: ViewLink): string {
  const said = Object.entries(link)
    .filter(([name, value]) => standards[name] !== value && !(name === 'fields' && Object.keys(value as object).length === 0))
    .map(([name, value]) => [name, name === 'fields' ? Object.entries(value as Record<string, ViewLink>).map(([inner, field]) => [inner, meaningOf(field)]).sort() : value]);
  return JSON.stringify(said.sort());
}
