import { useEffect, useRef, useState } from 'preact/hooks';
import type { Document } from '../../../core/api/answers';
import { formatBytes, formatDuration, formatNumber } from '../../../core/messages';
import { recall } from '../../../core/preferences';
import { href } from '../../../core/router';
import { saveFile } from '../../../core/results/download';
import { Button, LinkButton } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Checkbox, Select } from '../../../ui/Field';
import { Icon } from '../../../ui/Icon';
import { cellText } from '../../../core/results/columns';
import { columnsOf } from '../../../core/results/columns';
import { words as common } from '../../../ui/messages';
import { keyFieldOf } from '../../collections/dialogs';
import { pathOf, type TabProps } from '../CollectionPage';
import { words } from './messages';
import { formats, guessFormat, readRows, textOf, type Format, type Row } from './readers';
import { importFile, type ImportProgress } from './upload';

interface Chosen {
  file: Blob;
  name: string;
}

const previewRows = 20;

/** Import: a file or pasted rows, a look at the first of them, then rows per second, what failed and why. */
export function ImportTab({ collection, onChanged }: TabProps) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [format, setFormat] = useState<Format>('csv');
  const [error, setError] = useState<unknown>(null);
  const choose = async (file: Blob, name: string) => {
    setError(null);
    try {
      let start = '';
      for await (const piece of textOf(file)) {
        start += piece;
        if (start.length > 4000) break;
      }
      setFormat(guessFormat(name, start));
      setChosen({ file, name });
    } catch (problem) {
      setError(problem);
    }
  };
  return (
    <div class="scroll-panel">
      {error !== null && <ErrorBox error={error} />}
      {chosen ? <Importing key={chosen.name} collection={collection.name} chosen={chosen} format={format} onFormat={setFormat} onBack={() => setChosen(null)} onChanged={onChanged} /> : <DropZone onChoose={(file, name) => void choose(file, name)} />}
    </div>
  );
}

function DropZone({ onChoose }: { onChoose(file: Blob, name: string): void }) {
  const [over, setOver] = useState(false);
  const [pasted, setPasted] = useState('');
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <div
        class={over ? 'drop-zone over' : 'drop-zone'}
        onDragOver={event => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={event => {
          event.preventDefault();
          setOver(false);
          const file = event.dataTransfer?.files[0];
          if (file) onChoose(file, file.name);
        }}
      >
        <Icon name="upload" size={30} />
        <h2>{words('drop')}</h2>
        <p class="muted">{words('formats')}</p>
        <Button kind="primary" data-new onClick={() => input.current!.click()}>
          {words('choose')}
        </Button>
        <input ref={input} type="file" class="unseen" tabIndex={-1} aria-label={words('choose')} onChange={event => event.currentTarget.files?.[0] && onChoose(event.currentTarget.files[0], event.currentTarget.files[0].name)} />
      </div>
      <div class="field">
        <label for="pasted">{words('paste')}</label>
        <textarea id="pasted" rows={8} value={pasted} onInput={event => setPasted(event.currentTarget.value)} spellcheck={false} placeholder={'name,city\nAda,London'} />
      </div>
      <div>
        <Button disabled={!pasted.trim()} onClick={() => onChoose(new Blob([pasted]), '')}>
          {words('usePasted')}
        </Button>
      </div>
    </>
  );
}

function Importing({ collection, chosen, format, onFormat, onBack, onChanged }: { collection: string; chosen: Chosen; format: Format; onFormat(format: Format): void; onBack(): void; onChanged(): void }) {
  const [guessesTypes, setGuessesTypes] = useState(true);
  const [keyField, setKeyField] = useState(recall(keyFieldOf(collection), ''));
  const [onDuplicate, setOnDuplicate] = useState('error');
  const [preview, setPreview] = useState<Row[]>([]);
  const [progress, setProgress] = useState<ImportProgress | null>(null);
  const [state, setState] = useState<'ready' | 'running' | 'done' | 'cancelled'>('ready');
  const [error, setError] = useState<unknown>(null);
  const [started, setStarted] = useState(0);
  const [ended, setEnded] = useState(0);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  useEffect(() => {
    let left = false;
    const read = async () => {
      const rows: Row[] = [];
      for await (const row of readRows(textOf(chosen.file), { format, guessesTypes })) {
        rows.push(row);
        if (rows.length >= previewRows || left) break;
      }
      if (!left) setPreview(rows);
    };
    read().catch((problem: unknown) => left || setError(problem));
    return () => void (left = true);
  }, [format, guessesTypes]);

  const documents = preview.filter((row): row is { line: number; document: Document } => 'document' in row);
  const fields = columnsOf(documents.map(row => row.document)).slice(0, 60);
  const start = async () => {
    const mine = new AbortController();
    stop.current = mine;
    const began = performance.now();
    setStarted(began);
    setError(null);
    setState('running');
    let drawn = 0;
    try {
      const result = await importFile({ collection, file: chosen.file, format, guessesTypes, keyField, onDuplicate, signal: mine.signal }, now => {
        // Drawing each chunk of a fast import would cost more than the import.
        if (performance.now() - drawn < 100) return;
        drawn = performance.now();
        setEnded(drawn);
        setProgress({ ...now });
      });
      setProgress({ ...result });
      setState(mine.signal.aborted ? 'cancelled' : 'done');
    } catch (problem) {
      setError(problem);
      setState('done');
    }
    setEnded(performance.now());
    onChanged();
  };
  const elapsed = Math.max(1, ended - started);
  const written = progress ? progress.created + progress.updated : 0;
  const share = progress ? Math.min(1, progress.bytes / Math.max(1, chosen.file.size)) : 0;
  return (
    <>
      <div class="row">
        <Icon name="document" size={20} />
        <strong>{chosen.name || words('paste')}</strong>
        <span class="muted">{formatBytes(chosen.file.size)}</span>
        {state !== 'running' && (
          <Button small onClick={onBack}>
            {words('another')}
          </Button>
        )}
      </div>
      {state === 'ready' && (
        <>
          <div class="choices">
            <Select label={words('format')} value={format} onValue={value => onFormat(value as Format)} options={formats.map(one => [one, words(one)] as const)} />
            <Select label={words('keyField')} value={keyField} onValue={setKeyField} options={[['', words('keyNone')], ...[...new Set([...(keyField ? [keyField] : []), ...fields])].map(field => [field, field] as const)]} />
            <Select label={words('onConflict')} value={onDuplicate} onValue={setOnDuplicate} options={(['error', 'ignore', 'update', 'replace'] as const).map(one => [one, words(one)] as const)} />
            {format === 'csv' && <Checkbox label={words('guess')} checked={guessesTypes} onValue={setGuessesTypes} />}
            <Button kind="primary" icon="upload" disabled={documents.length === 0} onClick={() => void start()}>
              {words('start', { name: collection })}
            </Button>
          </div>
          {error !== null && <ErrorBox error={error} />}
          <h2>{words('preview', { count: preview.length })}</h2>
          {preview.map(row => 'problem' in row && <p key={row.line} class="hint bad">{words('problem', { line: row.line, problem: row.problem })}</p>)}
          <div class="table-card" tabIndex={0} role="region" aria-label={words('preview', { count: preview.length })}>
            <table class="table">
              <thead>
                <tr>
                  {fields.map(field => (
                    <th scope="col" key={field}>
                      {field} <span class="badge">{typeOf(documents.map(row => row.document[field]))}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {documents.map(row => (
                  <tr key={row.line}>
                    {fields.map(field => (
                      <td key={field}>{cellText(row.document[field]).slice(0, 120)}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
      {state !== 'ready' && (
        <section class="card stack" aria-live="polite">
          <div class="row">
            <h2>{state === 'running' ? words('running') : state === 'cancelled' ? words('cancelled', { written }) : error !== null ? words('stopped', { problem: '' }) : words('done', { written, failed: progress?.failed ?? 0, time: formatDuration(elapsed) })}</h2>
            {state === 'running' && (
              <Button class="spread" icon="stop" onClick={() => stop.current?.abort()}>
                {common('cancel')}
              </Button>
            )}
          </div>
          {error !== null && <ErrorBox error={error} />}
          <div class="progress" role="progressbar" aria-label={words('running')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
            <div style={{ width: `${share * 100}%` }} />
          </div>
          {progress && (
            <>
              <div class="row muted numbers">
                <span>{words('rate', { rows: Math.round((progress.rows / elapsed) * 1000) })}</span>
                {state === 'running' && share > 0.02 && <span>{words('left', { time: formatDuration((elapsed / share) * (1 - share)) })}</span>}
              </div>
              <div class="figures">
                {(['rows', 'created', 'updated', 'ignored', 'failed'] as const).map(figure => (
                  <div key={figure}>
                    <strong>{formatNumber(progress[figure])}</strong>
                    <span>{words(figure)}</span>
                  </div>
                ))}
              </div>
            </>
          )}
          {state !== 'running' && (
            <div class="row">
              <LinkButton kind="primary" href={href(pathOf(collection))}>
                {words('seeDocuments')}
              </LinkButton>
              {progress && progress.rejects.length > 0 && (
                <Button icon="download" onClick={() => saveRejects(collection, progress)}>
                  {words('rejects', { count: progress.rejects.length })}
                </Button>
              )}
            </div>
          )}
          {state !== 'running' && progress && progress.rejects.length > 0 && (
            <div class="table-card" tabIndex={0} role="region" aria-label={words('firstRejects')}>
              <table class="table">
                <thead>
                  <tr>
                    <th scope="col">{words('row')}</th>
                    <th scope="col">{words('why')}</th>
                  </tr>
                </thead>
                <tbody>
                  {progress.rejects.slice(0, 20).map((one, index) => (
                    <tr key={index}>
                      <td class="numeric">{one.line || '–'}</td>
                      <td>{one.problem}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </section>
      )}
    </>
  );
}

/** The rows that failed, each with its reason: mended, the documents can be imported again. */
function saveRejects(collection: string, { rejects }: ImportProgress): void {
  saveFile(new Blob(rejects.map(one => `${JSON.stringify({ line: one.line, problem: one.problem, document: one.document })}\n`), { type: 'application/jsonl' }), `${collection}-rejects.jsonl`);
}

function typeOf(values: unknown[]): string {
  const types = new Set(values.filter(value => value !== undefined && value !== null).map(value => (Array.isArray(value) ? 'array' : typeof value)));
  return types.size === 1 ? [...types][0] : types.size === 0 ? 'null' : 'mixed';
}
