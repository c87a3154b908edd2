/** What the console knows of a field from a sample of the documents. */
export interface SampledField {
  path: string;
  /** The part of the documents that have it. */
  share: number;
  types: Record<string, number>;
}

export interface Rule {
  type?: string | string[];
  required?: string[];
  properties?: Record<string, Rule>;
  items?: Rule;
}

const typeOf = (sampled: string) => (sampled === 'bool' ? 'boolean' : sampled);

/** A schema that the sampled documents meet: the types that were seen, and what every one of them has. What lies inside of others is proposed where these are all objects. */
export function proposedRule(fields: readonly SampledField[], sampled: number): Rule {
  const root: Rule = {};
  const rules = new Map<string, { rule: Rule; count: number }>([['', { rule: root, count: sampled }]]);
  for (const field of fields) {
    const isItem = field.path.endsWith('[*]');
    const dot = field.path.lastIndexOf('.');
    const parent = rules.get(isItem ? field.path.slice(0, -3) : field.path.slice(0, Math.max(dot, 0)));
    const name = field.path.slice(dot + 1);
    // The server's own, and fields whose names cannot be told from a path.
    if (!parent || (dot < 0 && name.startsWith('_')) || name === '') continue;
    const types = Object.keys(field.types).map(typeOf);
    const rule: Rule = { type: types.length === 1 ? types[0]! : types };
    const count = Object.values(field.types).reduce((sum, one) => sum + one, 0);
    if (isItem) parent.rule.items = rule;
    else {
      (parent.rule.properties ??= {})[name] = rule;
      if (count === parent.count) (parent.rule.required ??= []).push(name);
    }
    if (types.length === 1) rules.set(field.path, { rule, count });
  }
  return root;
}
