import { curlOf } from '../../core/api/client';
import { fabric } from '../../core/router';
import { tenant } from '../../core/session';
import { CodeBlock } from '../../ui/CopyButton';
import type { TabProps } from './CollectionPage';
import { collectionName } from './filters';
import { words } from './messages';

/** What the page does, as text for other tools. */
export function CodeTab({ collection: { name } }: TabProps) {
  const read = `FOR d IN ${collectionName(name)} LIMIT 10 RETURN d`;
  const javascript = `const answer = await fetch('${window.location.origin}/_tenant/${tenant.value}/_fabric/${fabric.value}/cursor', {
  method: 'POST',
  headers: { authorization: \`bearer \${token}\` },
  body: JSON.stringify({ query: '${read}' }),
});
const { result } = await answer.json();`;
  return (
    <div class="scroll-panel" tabIndex={0} role="region" aria-label={words('code')}>
      <p class="muted">{words('codeText')}</p>
      <section class="stack">
        <h2>C8QL</h2>
        <CodeBlock label={words('codeRead')} text={read} />
        <CodeBlock label={words('codeInsert')} text={`INSERT { name: "Ada" } INTO ${collectionName(name)} RETURN NEW`} />
        <CodeBlock label={words('codeUpdate')} text={`UPDATE @key WITH { name: "Grace" } IN ${collectionName(name)}`} />
        <CodeBlock label={words('codeCount')} text={`RETURN LENGTH(${collectionName(name)})`} />
      </section>
      <section class="stack">
        <h2>curl</h2>
        <CodeBlock label={words('codeRead')} text={curlOf('runQuery', { body: { query: read } })} />
        <CodeBlock label={words('codeInsert')} text={curlOf('insertDocuments', { path: { collection: name }, body: { name: 'Ada' } })} />
        <CodeBlock label={words('codeCount')} text={curlOf('countDocuments', { path: { collection: name } })} />
      </section>
      <section class="stack">
        <h2>{words('codeJavaScript')}</h2>
        <CodeBlock text={javascript} />
      </section>
    </div>
  );
}
