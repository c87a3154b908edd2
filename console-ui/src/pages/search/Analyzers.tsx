import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { fabric } from '../../core/router';
import { Busy } from '../../ui/Busy';
import { ErrorBox } from '../../ui/ErrorBox';
import { Field, Select } from '../../ui/Field';
import { useLoad } from '../../ui/useLoad';
import { words } from './messages';

/** The analyzers of the fabric, and what one makes of a text. */
export function Analyzers() {
  const { value, error, reload } = useLoad(async signal => (await call('listAnalyzers', { signal })).result, [fabric.value]);
  if (error) return <ErrorBox error={error} onRetry={reload} />;
  if (!value) return <Busy />;
  return (
    <div class="search-page">
      <Tester names={value.map(one => one.name)} />
      <div class="scrolling card" tabIndex={0} role="region" aria-label={words('analyzers')}>
        <table class="analyzers">
          <thead>
            <tr>
              {(['name', 'type', 'features', 'properties'] as const).map(name => (
                <th key={name} scope="col">
                  {words(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {value.map(one => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td>{one.type}</td>
                <td>{one.features.join(', ')}</td>
                <td>
                  <code>{JSON.stringify(one.properties)}</code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Tester({ names }: { names: string[] }) {
  const [analyzer, setAnalyzer] = useState(names.includes('text_en') ? 'text_en' : (names[0] ?? 'identity'));
  const [text, setText] = useState(words('sampleText'));
  const { value, error } = useLoad(
    async signal => (await call('runQuery', { body: { query: 'RETURN TOKENS(@text, @analyzer)', bindVars: { text, analyzer } }, signal })).result[0] as string[],
    [text, analyzer, fabric.value],
  );
  return (
    <section class="card">
      <h2>{words('tester')}</h2>
      <p class="muted">{words('testerHint')}</p>
      <div class="search-form">
        <Select label={words('analyzer')} value={analyzer} onValue={setAnalyzer} options={names.map(name => [name, name] as const)} />
        <Field label={words('text')} value={text} onValue={setText} autocomplete="off" />
      </div>
      {error !== null && <ErrorBox error={error} />}
      {value && (
        <>
          <p class="muted" role="status">
            {words('tokens', { count: value.length })}
          </p>
          <ul class="tokens">
            {value.map((token, index) => (
              <li key={index}>
                <code>{token}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
