import { buildParserFile } from '@lezer/generator';
import { describe, expect, it } from 'vitest';
import reference from '../../../docs/c8ql.md?raw';
import grammar from '../../src/core/c8ql/c8ql.grammar?raw';
import { parser } from '../../src/core/c8ql/parser';
import parserFile from '../../src/core/c8ql/parser.ts?raw';
import { bindNames, sourceNames, variablesAt } from '../../src/core/c8ql/scope';

const errorsOf = (text: string) => {
  const errors: string[] = [];
  parser.parse(text).iterate({
    enter(node) {
      if (node.type.isError) errors.push(`${node.from}: ${text.slice(node.from, node.from + 20)}`);
    },
  });
  return errors;
};

const queries = [
  'FOR u IN users FILTER u.age > 20 && u.city == "Oslo" SORT u.age DESC, u.name LIMIT 5, 10 RETURN { name: u.name, u }',
  'for docs in addresses return docs',
  'FOR u IN users COLLECT city = u.city AGGREGATE oldest = MAX(u.age), n = LENGTH(1) INTO people KEEP u RETURN { city, oldest, n, people }',
  'FOR u IN users COLLECT WITH COUNT INTO count RETURN count',
  'UPSERT { _key: @key } INSERT { _key: @key, hits: 1 } UPDATE { hits: OLD.hits + 1 } IN counters OPTIONS { keepNull: false } RETURN NEW',
  'FOR v, e, p IN 1..3 OUTBOUND "people/ada" GRAPH "friends" PRUNE stop = v.age > 90 OPTIONS { order: "bfs", uniqueVertices: "path" } RETURN p.vertices[*].name',
  'FOR v, e IN ANY SHORTEST_PATH @from TO @to knows, INBOUND likes RETURN [v._key, e]',
  'FOR p IN OUTBOUND K_SHORTEST_PATHS "a/1" TO "a/2" GRAPH g LIMIT 3 RETURN p',
  'RETURN (FOR i IN 1..9 RETURN i)[* FILTER CURRENT % 2 == 0 LIMIT 2 RETURN { n: CURRENT }]',
  'FOR `strange name` IN `a-b` FILTER `strange name`.`x y` != null RETURN ´quoted´',
  'FOR d IN articles_view SEARCH ANALYZER(PHRASE(d.text, "quick fox"), "text_en") OPTIONS { waitForSync: true } SORT BM25(d) DESC RETURN d',
  'FOR d IN @@collection FILTER d.@attribute IN @values RETURN DISTINCT d[@other]',
  'WITH people, knows FOR v IN 2 INBOUND @start knows RETURN v',
  'LET [a, , { b, c: [d] }] = @x LET e = a ?: b ? c : d RETURN NOT (a LIKE "x%") AND like(a, "x") OR a NOT IN [1, 2.5e-3, .5, 0xff]',
  'FOR s IN samples SORT s.at WINDOW s.at WITH { preceding: "PT30M", following: 0 } AGGREGATE mean = AVG(s.value) RETURN mean',
  'FOR d IN c REPLACE d WITH { [d.key]: 1 } IN c',
  'INSERT { sort: 1, limit: 2, "for": 3 } INTO c OPTIONS { overwriteMode: "update" } // done\n/* really */',
  'FOR d IN c FILTER d.tags[? ANY FILTER CURRENT == "x"] && d.n ALL >= 1 && d.m AT LEAST (2) IN [1] REMOVE d IN c RETURN OLD',
  'RETURN my::own::function(1)',
];

describe('the grammar', () => {
  it('is what the parser was generated from (npm run generate)', () => {
    const { parser: file } = buildParserFile(grammar, { fileName: 'c8ql.grammar', moduleStyle: 'es', typeScript: true });
    expect(parserFile).toBe(file);
  }, 60_000);

  it.each(queries)('parses %s', text => expect(errorsOf(text)).toEqual([]));

  it('parses every example of the language reference', () => {
    const examples = [...reference.matchAll(/\| `([^`]+)` \| `/g)].map(found => `RETURN ${found[1]!.replaceAll('\\|', '|')}`);
    expect(examples.length).toBeGreaterThan(200);
    expect(examples.filter(text => errorsOf(text).length > 0)).toEqual([]);
  });

  it('parses a pasted insert of 500 documents', () => {
    const rows = Array.from({ length: 500 }, (_, i) => `  {"firstname": "A${i}", "lastname": "B", "email": "a${i}@example.org", "zip": ${i}}`);
    const text = `FOR person IN [\n${rows.join(',\n')}\n] INSERT person INTO addresses`;
    expect(errorsOf(text)).toEqual([]);
  });

  it.each(['FOR', 'FOR u IN', 'FOR u IN users FILTER u.', 'FOR u IN users RETURN { a: ', 'RETURN [1, ', 'LET x = (FOR y IN ', 'RETURN "open', 'FILTER', '', 'garbage in'])('gives a tree for half-typed %s', text => {
    expect(parser.parse(text).length).toBe(text.length);
  });

  it('takes contextual words as names where they are names', () => {
    const tree = parser.parse('FOR count IN c LET to = count.keep RETURN [COUNT(count), to, options]').toString();
    expect(tree).not.toMatch(/COUNT|KEEP|OPTIONS|\bTO\b/);
  });
});

describe('names in scope', () => {
  const namesAt = (marked: string) => {
    const position = marked.indexOf('|');
    const text = marked.replace('|', '');
    return variablesAt(parser.parse(text), (from, to) => text.slice(from, to), position).map(variable => variable.name + (variable.collection ? `:${variable.collection}` : ''));
  };

  it('knows loops, values and patterns', () => {
    expect(namesAt('LET a = 1, [b, { c, d: e }] = x FOR u IN users FILTER |')).toEqual(['u:users', 'e', 'c', 'b', 'a']);
  });

  it('forgets rows behind COLLECT', () => {
    expect(namesAt('FOR u IN users LET x = 1 COLLECT city = u.city INTO groups RETURN |')).toEqual(['groups', 'city']);
  });

  it('sees outer names in a subquery, and none of it outside', () => {
    expect(namesAt('FOR u IN users LET n = (FOR o IN orders FILTER o.user == |u._key RETURN o) RETURN n')).toEqual(['o:orders', 'u:users']);
    expect(namesAt('FOR u IN users LET n = (FOR o IN orders RETURN o) RETURN |n')).toEqual(['n', 'u:users']);
  });

  it('knows vertex, edge and path', () => {
    const text = 'FOR v, e, p IN 1..2 ANY @start knows FILTER p';
    const kinds = variablesAt(parser.parse(text), (from, to) => text.slice(from, to), text.length).map(variable => `${variable.name} ${variable.kind}`);
    expect(kinds).toEqual(['p path', 'e edge', 'v row']);
  });
});

describe('bind parameters and sources', () => {
  const text = 'FOR d IN @@c FILTER d.@field == @value && "@no" != @value // @neither\nINSERT d INTO copies';
  const source = (from: number, to: number) => text.slice(from, to);

  it('are found once each, not in strings and comments', () => {
    expect(bindNames(parser.parse(text), source)).toEqual([
      { name: '@c', isCollection: true },
      { name: 'field', isCollection: false },
      { name: 'value', isCollection: false },
    ]);
  });

  it('are the collections a text names', () => expect(sourceNames(parser.parse('FOR a IN x FOR b IN `y z` INSERT a INTO t'), (from, to) => 'FOR a IN x FOR b IN `y z` INSERT a INTO t'.slice(from, to))).toEqual(['x', 'y z', 't']));
});
