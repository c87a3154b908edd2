import { call } from '../../../core/api/client';
import { errorText } from '../../../core/api/errorText';
import type { Document } from '../../../core/api/answers';
import { keyed, readRows, textOf, type Format } from './readers';

export interface ImportOptions {
  collection: string;
  file: Blob;
  format: Format;
  guessesTypes: boolean;
  /** The field the key is taken from; empty for none. */
  keyField: string;
  onDuplicate: string;
  signal: AbortSignal;
}

export interface Reject {
  line: number;
  problem: string;
  document: unknown;
}

export interface ImportProgress {
  bytes: number;
  rows: number;
  created: number;
  updated: number;
  ignored: number;
  failed: number;
  rejects: Reject[];
}

const chunkRows = 1000;
const chunkCharacters = 1_000_000;
// Rejects are kept for a file; beyond this only their number grows.
const rejectsKept = 200_000;

/** Sends a file's rows in chunks, two on the way at a time, and tells after each how far it is. */
export async function importFile(options: ImportOptions, onProgress: (progress: ImportProgress) => void): Promise<ImportProgress> {
  const progress: ImportProgress = { bytes: 0, rows: 0, created: 0, updated: 0, ignored: 0, failed: 0, rejects: [] };
  const reject = (one: Reject) => {
    progress.failed++;
    if (progress.rejects.length < rejectsKept) progress.rejects.push(one);
  };
  const running = new Set<Promise<void>>();
  let failure: unknown = null;
  let chunk: { line: number; document: Document; text: string }[] = [];
  let characters = 0;
  // The requests of one import are one job of the server, which the dashboard shows and can cancel.
  const job = crypto.getRandomValues(new Uint32Array(3)).join('-');

  const send = async (rows: typeof chunk) => {
    const answer = await call('importLines', {
      query: { collection: options.collection, type: 'documents', onDuplicate: options.onDuplicate, details: 'true', job, share: String(Math.min(1, progress.bytes / Math.max(1, options.file.size)).toFixed(4)) },
      body: rows.map(row => row.text).join('\n'),
      signal: options.signal,
      timeoutMilliseconds: 120_000,
    });
    progress.created += answer.created;
    progress.updated += answer.updated;
    progress.ignored += answer.ignored;
    if (answer.rejects) for (const one of answer.rejects) reject({ line: rows[one.row]?.line ?? 0, problem: errorText(one.errorMessage), document: rows[one.row]?.document });
    else for (let index = 0; index < answer.errors; index++) reject({ line: 0, problem: answer.details[index] ?? '', document: null });
    onProgress(progress);
  };
  const flush = async () => {
    if (chunk.length === 0) return;
    const rows = chunk;
    chunk = [];
    characters = 0;
    const sending = send(rows)
      .catch((error: unknown) => {
        failure ??= error;
      })
      .finally(() => running.delete(sending));
    running.add(sending);
    if (running.size >= 2) await Promise.race(running);
  };

  for await (const row of readRows(textOf(options.file, bytes => (progress.bytes = bytes)), options)) {
    if (failure || options.signal.aborted) break;
    progress.rows++;
    if ('problem' in row) reject({ line: row.line, problem: row.problem, document: row.text });
    else {
      const document = keyed(row.document, options.keyField);
      const text = JSON.stringify(document);
      chunk.push({ line: row.line, document, text });
      characters += text.length;
    }
    if (chunk.length >= chunkRows || characters >= chunkCharacters) await flush();
  }
  if (!failure && !options.signal.aborted) await flush();
  await Promise.all(running);
  onProgress(progress);
  if (failure && !options.signal.aborted) throw failure;
  return progress;
}
