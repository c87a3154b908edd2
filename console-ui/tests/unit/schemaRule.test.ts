import { expect, test } from 'vitest';
import { proposedRule } from '../../src/pages/collection/schemaRule';

const field = (path: string, types: Record<string, number>) => ({ path, types, share: 1 });

test('the proposal has the types that were seen, and demands what every document has', () => {
  const fields = [field('_key', { string: 4 }), field('name', { string: 4 }), field('age', { number: 2, null: 1 }), field('isNew', { bool: 4 })];
  expect(proposedRule(fields, 4)).toEqual({
    properties: { name: { type: 'string' }, age: { type: ['number', 'null'] }, isNew: { type: 'boolean' } },
    required: ['name', 'isNew'],
  });
});

test('objects and items are described from inside, as far as they are always that', () => {
  const fields = [field('at', { object: 2 }), field('at.city', { string: 2 }), field('at._note', { string: 1 }), field('tags', { array: 2 }), field('tags[*]', { string: 5 }), field('mixed', { object: 1, null: 1 }), field('mixed.inner', { number: 1 })];
  expect(proposedRule(fields, 2)).toEqual({
    properties: {
      at: { type: 'object', properties: { city: { type: 'string' }, _note: { type: 'string' } }, required: ['city'] },
      tags: { type: 'array', items: { type: 'string' } },
      mixed: { type: ['object', 'null'] },
    },
    required: ['at', 'tags', 'mixed'],
  });
});

test('nothing sampled demands nothing', () => expect(proposedRule([], 0)).toEqual({}));
