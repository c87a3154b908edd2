import { parser } from './parser';
import { type BindName, bindNames } from './scope';

const WRITES = new Set(['Insert', 'Update', 'Replace', 'Remove', 'Upsert']);

/** The bind parameters of a text. */
export const bindNamesOf = (text: string): BindName[] => bindNames(parser.parse(text), (from, to) => text.slice(from, to));

/** Whether a text writes. */
export function isModification(text: string): boolean {
  let writes = false;
  parser.parse(text).iterate({
    enter(node) {
      if (WRITES.has(node.name)) writes = true;
      return !writes;
    },
  });
  return writes;
}
