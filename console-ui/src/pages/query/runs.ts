import { signal } from '@preact/signals';
import { ApiError, call, callWithReply, type Reply } from '../../core/api/client';
import type { CursorAnswer, QueryStatistics } from '../../core/api/answers';
import { isModification } from '../../core/c8ql/tree';
import type { IndexAdvice, NodeFigures, QueryPlan } from '../../core/plan/model';
import { fabric } from '../../core/router';
import { addToHistory } from './history';
import { newId } from './tabs';

export type RunKind = 'execute' | 'profile' | 'explain';

export interface Warning {
  code: number;
  message: string;
}

/** What the last run of a tab did, or does. */
export interface Run {
  id: string;
  kind: RunKind;
  text: string;
  /** The saved query that was run by its name. */
  savedName?: string;
  bindVars: Record<string, unknown>;
  state: 'running' | 'done' | 'failed' | 'cancelled';
  rows: unknown[];
  writes: boolean;
  cursor?: string;
  isLoadingMore?: boolean;
  statistics?: QueryStatistics;
  warnings: Warning[];
  milliseconds: number;
  bytes: number;
  region: string;
  /** The region that was asked for; empty for whichever is asked. */
  chosenRegion: string;
  plan?: QueryPlan;
  figures: NodeFigures[];
  /** Indexes that the server says are missing; undefined when it does not say. */
  advice?: IndexAdvice[];
  stages?: Record<string, number>;
  error?: unknown;
  /** How many writes of a modification were not done. */
  failed?: number;
}

/** The runs by tab. */
export const runs = signal<ReadonlyMap<string, Run>>(new Map());

const controllers = new Map<string, AbortController>();
const CURSOR_SECONDS = 600;
/** More rows come in several answers: reading 20,000 at once holds everything else up. */
const PAGE_ROWS = 2500;
const CANCEL_WAIT_MILLISECONDS = 2000;

function set(tab: string, run: Run): void {
  runs.value = new Map(runs.value).set(tab, run);
}

function change(tab: string, id: string, changes: Partial<Run>): void {
  const run = runs.value.get(tab);
  // A newer run of the tab has taken the place.
  if (run?.id === id) set(tab, { ...run, ...changes });
}

/** The server that is asked sends a call on to the region named here; a run, its cursor and its end belong to one region. */
const there = (region: string): Record<string, string> => (region ? { 'X-GF-Region': region } : {});

/** Runs, profiles or explains a text for a tab, or runs a saved query by its name; what the tab ran before is given up. */
export async function start(tab: string, kind: RunKind, text: string, bindVars: Record<string, unknown>, rowLimit: number, savedName?: string, chosenRegion = ''): Promise<void> {
  const before = runs.value.get(tab);
  if (before?.state === 'running') await cancel(tab);
  else if (before?.cursor) void call('deleteCursor', { path: { cursor: before.cursor }, headers: there(before.chosenRegion) }).catch(() => {});
  const id = newId();
  const controller = new AbortController();
  controllers.set(id, controller);
  set(tab, { id, kind, text, savedName, bindVars, state: 'running', rows: [], writes: isModification(text), warnings: [], milliseconds: 0, bytes: 0, region: '', chosenRegion, figures: [] });
  const started = performance.now();
  try {
    const done = kind === 'explain' ? await explain(text, bindVars, chosenRegion, controller.signal) : await execute(id, kind, text, bindVars, rowLimit, chosenRegion, controller.signal, savedName);
    change(tab, id, { state: 'done', ...done });
    for (let now = runs.value.get(tab); now?.id === id && now.cursor && now.rows.length < rowLimit && !now.isLoadingMore; now = runs.value.get(tab)) await loadMore(tab);
  } catch (error) {
    const isKilled = controller.signal.aborted || (error instanceof ApiError && error.errorNum === 1500);
    change(tab, id, isKilled ? { state: 'cancelled', milliseconds: performance.now() - started } : { state: 'failed', error, milliseconds: performance.now() - started });
  }
  controllers.delete(id);
  const run = runs.value.get(tab);
  if (run?.id === id && kind !== 'explain' && savedName === undefined && run.state !== 'cancelled')
    addToHistory({ at: Date.now(), fabric: fabric.value, text, bindVars, rows: run.rows.length, milliseconds: run.milliseconds, error: run.error instanceof Error ? run.error.message : undefined });
}

async function execute(id: string, kind: RunKind, query: string, bindVars: Record<string, unknown>, rowLimit: number, chosenRegion: string, signal: AbortSignal, savedName?: string): Promise<Partial<Run>> {
  const how = { bindVars, batchSize: Math.min(rowLimit, PAGE_ROWS), ttl: CURSOR_SECONDS, options: { clientId: id, ...(kind === 'profile' ? { profile: 2 } : {}) } };
  const reply =
    savedName === undefined
      ? await callWithReply('runQuery', { body: { query, ...how }, headers: there(chosenRegion), signal, timeoutMilliseconds: 0 })
      : await callWithReply('executeRestqlByName', { path: { name: savedName }, body: how, headers: there(chosenRegion), signal, timeoutMilliseconds: 0 });
  const answer = reply.value;
  const extra = answer.extra ?? {};
  return {
    rows: answer.result,
    cursor: answer.hasMore ? answer.id : undefined,
    statistics: extra.stats,
    failed: extra.stats?.writesIgnored ?? 0,
    warnings: extra.warnings ?? [],
    ...figuresOf(reply),
    plan: extra.plan as QueryPlan | undefined,
    // A profile tells what happened; what would help is for the planner to say.
    advice: kind === 'profile' ? (await explain(query, bindVars, chosenRegion, signal).catch(() => null))?.advice : undefined,
    figures: (extra.stats?.nodes as NodeFigures[] | undefined) ?? [],
    stages: extra.profile as Record<string, number> | undefined,
  };
}

async function explain(query: string, bindVars: Record<string, unknown>, chosenRegion: string, signal: AbortSignal): Promise<Partial<Run>> {
  const reply = await callWithReply('explainQuery', { body: { query, bindVars }, headers: there(chosenRegion), signal });
  const answer = reply.value as { plan: QueryPlan; warnings: Warning[]; advice?: IndexAdvice[] };
  return { plan: answer.plan, advice: answer.advice, warnings: answer.warnings, ...figuresOf(reply) };
}

/** The server's own time, without that of the way to it, where it tells. */
function figuresOf(reply: Reply<unknown>): Pick<Run, 'milliseconds' | 'bytes' | 'region'> {
  const served = Number(reply.headers.get('x-gdn-responsetime') ?? NaN);
  return { milliseconds: Number.isFinite(served) ? served : reply.milliseconds, bytes: reply.bytes, region: reply.headers.get('x-gdn-region') ?? '' };
}

/** Stops a run on the server as well; the answer of the killed run, or the end of patience, ends it here. */
export async function cancel(tab: string): Promise<void> {
  const run = runs.value.get(tab);
  const controller = run && controllers.get(run.id);
  if (!run || !controller) return;
  const killed = await call('killQuery', { path: { id: `client:${run.id}` }, headers: there(run.chosenRegion) }).then(
    () => true,
    () => false,
  );
  // A server that knows no such query ends it when the connection closes.
  if (killed) setTimeout(() => controller.abort(), CANCEL_WAIT_MILLISECONDS);
  else controller.abort();
}

/** Fetches the next rows of a result that has more. */
export async function loadMore(tab: string): Promise<void> {
  const run = runs.value.get(tab);
  if (!run?.cursor || run.isLoadingMore) return;
  change(tab, run.id, { isLoadingMore: true });
  try {
    const reply = await callWithReply('readNextBatch', { path: { cursor: run.cursor }, headers: there(run.chosenRegion) });
    const answer: CursorAnswer = reply.value;
    change(tab, run.id, { rows: [...run.rows, ...answer.result], cursor: answer.hasMore ? run.cursor : undefined, isLoadingMore: false, bytes: run.bytes + reply.bytes });
  } catch (error) {
    change(tab, run.id, { isLoadingMore: false, cursor: undefined, error });
  }
}

export function forget(tab: string): void {
  void cancel(tab);
  const left = new Map(runs.value);
  left.delete(tab);
  runs.value = left;
}
