// Quick filters of the documents grid: each is a line of the address, and together they are a C8QL query.

export const operators = ['==', '!=', '<', '<=', '>', '>=', 'contains', 'starts', 'exists', 'missing'] as const;

export type Operator = (typeof operators)[number];

export interface Filter {
  field: string;
  operator: Operator;
  /** As typed: JSON when it reads as JSON, else a text. */
  value: string;
}

/** A filter as it stands in the address: `city ~ == ~ Oslo`, parts escaped. */
export const formatFilter = ({ field, operator, value }: Filter) => [field, operator, value].map(part => encodeURIComponent(part).replaceAll('~', '%7E')).join('~');

export function parseFilter(text: string): Filter | null {
  const [field, operator, value = ''] = text.split('~').map(part => {
    try {
      return decodeURIComponent(part);
    } catch {
      return part;
    }
  });
  return field && operators.includes(operator as Operator) ? { field, operator: operator as Operator, value } : null;
}

/** What a typed value means: 42, true, null, "x", [1] are JSON; anything else is a text. */
export function valueOf(typed: string): unknown {
  try {
    return JSON.parse(typed);
  } catch {
    return typed;
  }
}

/** `a.b` of a variable; parts that are no plain names go into backticks. */
export function attribute(variable: string, field: string): string {
  const quoted = (part: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(part) && !/^(filter|sort|limit|return|for|in|let|collect|insert|update|replace|remove|upsert|with|and|or|not|null|true|false|distinct|asc|desc|aggregate|graph|search|window|into|like|any|all|none)$/i.test(part) ? part : `\`${part.replaceAll('`', '\\`')}\``);
  return [variable, ...field.split('.').map(quoted)].join('.');
}

export const literal = (value: unknown) => JSON.stringify(value);

/** A collection's name as a query writes it. */
export const collectionName = (name: string) => (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name}\``);

export function condition({ field, operator, value }: Filter, variable = 'd'): string {
  const place = attribute(variable, field);
  const meant = literal(valueOf(value));
  switch (operator) {
    case 'contains':
      return `CONTAINS(LOWER(TO_STRING(${place})), ${literal(value.toLowerCase())})`;
    case 'starts':
      return `STARTS_WITH(TO_STRING(${place}), ${literal(value)})`;
    case 'exists':
      return `${place} != null`;
    case 'missing':
      return `${place} == null`;
    default:
      return `${place} ${operator} ${meant}`;
  }
}

export interface Listing {
  collection: string;
  filters: readonly Filter[];
  sort: { field: string; descending: boolean };
}

const head = ({ collection, filters }: Listing) => [`FOR d IN ${collectionName(collection)}`, ...filters.map(filter => `  FILTER ${condition(filter)}`)];

/** The query whose rows the grid shows; without a limit for the editor and exports. */
export function listingQuery(listing: Listing, limit?: string): string {
  const { field, descending } = listing.sort;
  return [...head(listing), `  SORT ${attribute('d', field)}${descending ? ' DESC' : ''}${field === '_key' ? '' : ', d._key'}`, ...(limit ? [`  LIMIT ${limit}`] : []), '  RETURN d'].join('\n');
}

/** What an act on many documents is about: those with these keys, or all that fit the listing's filters. */
export interface Target {
  listing: Listing;
  keys?: readonly string[];
}

const headOf = ({ listing, keys }: Target) => (keys ? [`FOR d IN ${collectionName(listing.collection)}`, `  FILTER d._key IN ${literal(keys)}`] : head(listing));

export const countQuery = (target: Target) => [...headOf(target), '  COLLECT WITH COUNT INTO n', '  RETURN n'].join('\n');

export const removeQuery = (target: Target) => [...headOf(target), `  REMOVE d IN ${collectionName(target.listing.collection)}`].join('\n');

/** Sets an attribute (`a.b` is one inside another) to what is typed, or takes it away where nothing is given. */
export function updateQuery(target: Target, { field, value }: { field: string; value?: string }): string {
  const change = field.split('.').reduceRight<unknown>((inner, part) => ({ [part]: inner }), value === undefined ? null : valueOf(value));
  return [...headOf(target), `  UPDATE d WITH ${literal(change)} IN ${collectionName(target.listing.collection)}${value === undefined ? ' OPTIONS { keepNull: false }' : ''}`].join('\n');
}
