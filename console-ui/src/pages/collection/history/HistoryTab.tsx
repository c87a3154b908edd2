import { useEffect } from 'preact/hooks';
import type { DocumentHistory } from '../../../core/api/answers';
import { call, curlOf } from '../../../core/api/client';
import { conflictQuery, type Conflict } from '../../../core/conflictQuery';
import { conflictLink, readConflicts } from '../../../core/conflicts';
import { cellText } from '../../../core/results/columns';
import { formatTime, locale } from '../../../core/messages';
import { href } from '../../../core/router';
import { Busy } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { ShowCalls } from '../../../ui/ShowCalls';
import { useLoad } from '../../../ui/useLoad';
import { words } from './messages';

const badges = { equal: 'good', different: 'bad', moving: 'warn', unknown: 'note' } as const;

/** Who wrote a document in which region, whether the regions agree on it now, and what merging discarded of it. */
export function HistoryTab({ collection, documentKey }: { collection: string; documentKey: string }) {
  const path = { collection, key: documentKey };
  const document = `${collection}/${documentKey}`;
  const history = useLoad(signal => call('readDocumentHistory', { path, query: { compare: 'true' }, signal }).then(answer => answer.result), [document]);
  const conflicts = useLoad(signal => readConflicts({ document }, signal), [document]);
  const reload = () => {
    history.reload();
    conflicts.reload();
  };
  const isMoving = history.value?.regions.some(one => one.verdict === 'moving');
  useEffect(() => {
    if (!isMoving) return;
    const timer = setTimeout(history.reload, 1000);
    return () => clearTimeout(timer);
  }, [history.value]);
  if (history.error && !history.value) return <ErrorBox error={history.error} onRetry={reload} />;
  if (!history.value) return <Busy onCancel={history.cancel} />;
  const told = history.value;
  return (
    <div class="history">
      <div class="row">
        <p role="status">{verdictOn(told)}</p>
        <Button small icon="refresh" disabled={history.loading} onClick={reload}>
          {words('again')}
        </Button>
        <a class="button small" href={href(`/fabric?watch=${encodeURIComponent(collection)}&key=${encodeURIComponent(documentKey)}`)}>
          {words('watch')}
        </a>
      </div>
      {history.error !== null && <ErrorBox error={history.error} onRetry={reload} />}
      <Regions told={told} />
      <h3>{words('attributes')}</h3>
      <Attributes told={told} />
      <h3>{words('writes')}</h3>
      <Writes told={told} />
      <h3>{words('conflicts')}</h3>
      {conflicts.error !== null ? <ErrorBox error={conflicts.error} onRetry={conflicts.reload} /> : <Conflicts found={conflicts.value} />}
      {conflicts.value && conflicts.value.length > 0 && <a href={href(conflictLink(document))}>{words('inspect')}</a>}
      <ShowCalls curl={curlOf('readDocumentHistory', { path, query: { compare: 'true' } })} c8ql={conflictQuery({ document }).query.replace('@document', JSON.stringify(document))} />
    </div>
  );
}

function verdictOn({ regions }: DocumentHistory): string {
  if (regions.length === 0) return words('alone');
  const worst = (['different', 'moving', 'unknown'] as const).find(verdict => regions.some(one => one.verdict === verdict));
  return worst ? words(`some_${worst}`, { regions: regions.filter(one => one.verdict === worst).map(one => one.region).join(', ') }) : words('allSame');
}

/** Stamps are milliseconds apart, so these are shown. */
function preciseTime(at: string | null): string {
  return at === null ? '' : new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at)) + `.${at.slice(20, 23)}`;
}

function Regions({ told }: { told: DocumentHistory }) {
  const own = { region: told.region, verdict: null, exists: told.exists, revision: told.revision, at: told.at, writtenIn: told.writtenIn, problem: null };
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={words('regions')}>
      <table class="table">
        <thead>
          <tr>
            {(['region', 'state', 'revision', 'writtenIn', 'at'] as const).map(name => (
              <th key={name} scope="col">
                {words(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[own, ...told.regions].map(one => (
            <tr key={one.region} data-region={one.region}>
              <th scope="row">{one.region}</th>
              <td>
                {one.verdict === null ? <span class="badge accent">{words('here')}</span> : <span class={`badge ${badges[one.verdict]}`}>{words(one.verdict)}</span>}
                {one.problem && <p class="hint">{one.problem}</p>}
              </td>
              <td>{one.revision ? <code>{one.revision}</code> : one.exists === false ? words('noDocument') : '–'}</td>
              <td>{one.writtenIn ?? '–'}</td>
              <td class="numbers">{preciseTime(one.at) || '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Attributes({ told }: { told: DocumentHistory }) {
  if (told.attributes.length === 0) return <p class="muted">{words('noAttributes')}</p>;
  return (
    <>
      <div class="table-scroll" tabIndex={0} role="region" aria-label={words('attributes')}>
        <table class="table">
          <thead>
            <tr>
              {(['attribute', 'writtenIn', 'at', 'knownFrom'] as const).map(name => (
                <th key={name} scope="col">
                  {words(name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {told.attributes.map(one => (
              <tr key={one.path.join('\n')}>
                <th scope="row">
                  <code>{one.path.join('.')}</code>
                </th>
                <td>{one.writtenIn ?? words('forgotten')}</td>
                <td class="numbers">{one.at ? preciseTime(one.at) : told.logFrom ? words('before', { time: formatTime(told.logFrom) }) : '–'}</td>
                <td>{one.source ? words(one.source) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {told.hasMoreAttributes && <p class="hint">{words('more', { count: told.attributes.length })}</p>}
      <p class="hint">{words('howKnown')}</p>
    </>
  );
}

function Writes({ told }: { told: DocumentHistory }) {
  return (
    <>
      {told.writes.length === 0 ? (
        <p class="muted">{words('noWrites')}</p>
      ) : (
        <ol class="writes">
          {told.writes.map(write => (
            <li key={write.revision}>
              <time dateTime={write.at} class="numbers">
                {preciseTime(write.at)}
              </time>
              <strong>{write.writtenIn}</strong>
              <span>
                {write.parts.map((part, index) => (
                  <span key={index}>
                    {index > 0 && ', '}
                    {words(part.kind in kinds ? (part.kind as keyof typeof kinds) : 'changed')} {part.path.length > 0 && <code>{part.path.join('.')}</code>}
                  </span>
                ))}
              </span>
            </li>
          ))}
        </ol>
      )}
      <p class="hint">{told.logFrom ? words('logFrom', { time: formatTime(told.logFrom) }) : words('logWhole')}</p>
    </>
  );
}

/** The operations of a change record that have a word of their own. */
const kinds = { put: 1, create: 1, delete: 1, set: 1, unset: 1, increment: 1, maximum: 1, minimum: 1, listInsert: 1, setInsert: 1, listRemove: 1, listMove: 1 } as const;

function Conflicts({ found }: { found: Conflict[] | undefined }) {
  if (!found) return <Busy />;
  if (found.length === 0) return <p class="muted">{words('noConflicts')}</p>;
  return (
    <ul class="writes">
      {found.map(one => (
        <li key={one._key}>
          <time dateTime={new Date(one.at * 1000).toISOString()} class="numbers">
            {formatTime(one.at * 1000)}
          </time>
          <span>{words('lostAgainst', { path: one.path || words('wholeDocument'), lost: one.lostRegion, winner: one.winnerRegion })}</span>
          <code class="cut">{cellText(one.lost)}</code>
        </li>
      ))}
    </ul>
  );
}
