import { useEffect, useRef, useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import type { CursorAnswer, Document } from '../../core/api/answers';
import { csvField, saveFile } from '../../core/results/download';
import { formatBytes } from '../../core/messages';
import { Busy } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { ErrorBox } from '../../ui/ErrorBox';
import { Checkbox, Field, Select } from '../../ui/Field';
import { cellText } from '../../core/results/columns';
import { ShowCalls } from '../../ui/ShowCalls';
import { toast } from '../../ui/Toast';
import type { TabProps } from './CollectionPage';
import { collectionName } from './filters';
import { words } from './importing/messages';

type Format = 'csv' | 'json' | 'jsonl';

const kinds: Record<Format, string> = { csv: 'text/csv;charset=utf-8', json: 'application/json', jsonl: 'application/jsonl' };
const batch = 2000;

/** Where the pieces of an export go: straight into a file where the browser can, else into memory that becomes a download. */
interface Sink {
  write(text: string): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

type FilePicker = (options: { suggestedName: string }) => Promise<{ createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void>; abort(): Promise<void> }> }>;

async function openSink(name: string, kind: string): Promise<Sink> {
  const picker = (window as unknown as { showSaveFilePicker?: FilePicker }).showSaveFilePicker;
  // Automated browsers have the picker and nobody to answer it.
  if (picker && !navigator.webdriver) return (await picker({ suggestedName: name })).createWritable();
  const parts: Blob[] = [];
  return {
    write: text => Promise.resolve(void parts.push(new Blob([text]))),
    close: () => Promise.resolve(saveFile(new Blob(parts, { type: kind }), name)),
    abort: () => Promise.resolve(),
  };
}

export function ExportTab({ collection: { name } }: TabProps) {
  const [format, setFormat] = useState<Format>('csv');
  const [filter, setFilter] = useState('');
  const [withSystem, setWithSystem] = useState(false);
  const [running, setRunning] = useState(false);
  const [done, setDone] = useState({ rows: 0, bytes: 0, total: 0 });
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const source = `FOR d IN ${collectionName(name)}${filter.trim() ? `\n  FILTER ${filter.trim()}` : ''}`;
  const query = `${source}\n  RETURN ${withSystem ? 'd' : 'UNSET(d, "_id", "_rev")'}`;

  const run = async () => {
    const mine = new AbortController();
    stop.current = mine;
    setError(null);
    setDone({ rows: 0, bytes: 0, total: 0 });
    let sink: Sink;
    try {
      sink = await openSink(`${name}.${format}`, kinds[format]);
    } catch {
      return;
    }
    setRunning(true);
    let cursor: CursorAnswer | null = null;
    try {
      const columns = format === 'csv' ? await columnsOf(source, withSystem, mine.signal) : [];
      let rows = 0;
      let bytes = 0;
      let total = 0;
      const write = async (text: string) => {
        bytes += text.length;
        await sink.write(text);
      };
      if (format === 'csv') await write(`\uFEFF${columns.map(csvField).join(',')}\r\n`);
      if (format === 'json') await write('[');
      for (;;) {
        cursor = cursor === null ? await call('runQuery', { body: { query, batchSize: batch, count: true, ttl: 300 }, signal: mine.signal, timeoutMilliseconds: 0 }) : await call('readNextBatch', { path: { cursor: cursor.id! }, signal: mine.signal, timeoutMilliseconds: 0 });
        total = cursor.count ?? total;
        const documents = cursor.result as Document[];
        await write(documents.map((document, index) => lineOf(document, format, columns, rows + index === 0)).join(''));
        rows += documents.length;
        setDone({ rows, bytes, total });
        if (!cursor.hasMore) break;
      }
      if (format === 'json') await write('\n]\n');
      await sink.close();
      toast(words('exported', { count: rows, size: formatBytes(bytes) }));
    } catch (problem) {
      await sink.abort();
      if (mine.signal.aborted) toast({ kind: 'note', text: words('exportCancelled') });
      else setError(problem);
      if (cursor?.hasMore && cursor.id) void call('deleteCursor', { path: { cursor: cursor.id } }).catch(() => undefined);
    }
    setRunning(false);
  };
  const share = done.total ? done.rows / done.total : 0;
  return (
    <div class="scroll-panel">
      <section class="card stack">
        <h2>{words('exportTitle', { name })}</h2>
        <div class="choices">
          <Select label={words('exportFormat')} value={format} onValue={value => setFormat(value as Format)} options={(['csv', 'json', 'jsonl'] as const).map(one => [one, words(one)] as const)} />
          <Field label={words('exportFilter')} value={filter} onValue={setFilter} class="wide-field" spellcheck={false} autocomplete="off" />
          <Checkbox label={words('exportSystem')} checked={withSystem} onValue={setWithSystem} />
          <Button kind="primary" icon="download" disabled={running} onClick={() => void run()}>
            {words('exportStart')}
          </Button>
        </div>
        {error !== null && <ErrorBox error={error} />}
        {running && (
          <>
            <Busy what={done.rows === 0 && format === 'csv' ? words('columnsPass') : words('exporting')} onCancel={() => stop.current?.abort()} />
            <div class="progress" role="progressbar" aria-label={words('exporting')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
              <div style={{ width: `${share * 100}%` }} />
            </div>
          </>
        )}
        {!running && done.rows > 0 && <p role="status">{words('exported', { count: done.rows, size: formatBytes(done.bytes) })}</p>}
        <ShowCalls c8ql={query} />
      </section>
    </div>
  );
}

// A column that first appears in the last document must have its place in the first line, so the names are looked for before.
async function columnsOf(source: string, withSystem: boolean, signal: AbortSignal): Promise<string[]> {
  const answer = await call('runQuery', { body: { query: `${source}\n  FOR name IN ATTRIBUTES(d)\n  RETURN DISTINCT name`, batchSize: 10_000 }, signal, timeoutMilliseconds: 0 });
  const names = (answer.result as string[]).filter(name => withSystem || (name !== '_id' && name !== '_rev'));
  const first = ['_key', '_id', '_from', '_to', '_rev'].filter(name => names.includes(name));
  return [...first, ...names.filter(name => !first.includes(name)).sort()];
}

function lineOf(document: Document, format: Format, columns: readonly string[], isFirst: boolean): string {
  if (format === 'csv') return `${columns.map(name => csvField(document[name] === null ? '' : cellText(document[name]))).join(',')}\r\n`;
  return format === 'json' ? `${isFirst ? '\n' : ',\n'}${JSON.stringify(document)}` : `${JSON.stringify(document)}\n`;
}
