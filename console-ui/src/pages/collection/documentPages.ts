import { signal } from '@preact/signals';
import { call, Unreachable } from '../../core/api/client';
import { whenReachable } from '../../core/api/reachable';
import type { Document } from '../../core/api/answers';
import { countQuery, listingQuery, type Listing } from './filters';

const pageSize = 200;
const pagesKept = 50;

/** The documents of a listing, loaded by pages as they come into view; a page that has left the view before it was asked for is skipped. */
export class DocumentPages {
  /** Rises with every change, so that a component that reads it draws again. */
  readonly version = signal(0);
  /** How many there are; while it is not known, as many as are loaded and a page more. */
  readonly count = signal<number | undefined>(undefined);
  readonly error = signal<unknown>(null);
  /** The slowest page so far, for the status line. */
  readonly milliseconds = signal(0);
  private readonly pages = new Map<number, Document[]>();
  private readonly stop = new AbortController();
  private wanted: number[] = [];
  private running = 0;
  private seen = 0;
  private shown: [number, number] = [0, 0];
  /** Stops waiting for a server that is away. */
  private again?: () => void;

  constructor(readonly listing: Listing) {
    this.need(0, 0);
    void this.countAll();
  }

  get rows(): number {
    return this.count.value ?? (this.pages.size === 0 ? 0 : this.seen + pageSize);
  }

  get isLoading(): boolean {
    return this.version.value >= 0 && this.pages.size === 0 && this.error.value === null;
  }

  row(index: number): Document | undefined {
    return this.pages.get(Math.floor(index / pageSize))?.[index % pageSize];
  }

  /** Documents that are loaded, for guessing columns. */
  *loaded(): Iterable<Document> {
    for (const page of this.pages.values()) yield* page;
  }

  need(first: number, last: number): void {
    this.shown = [first, last];
    this.wanted = [];
    for (let page = Math.max(0, Math.floor(first / pageSize)); page <= Math.floor(Math.max(first, last) / pageSize); page++) if (!this.pages.has(page)) this.wanted.push(page);
    this.pump();
  }

  close(): void {
    this.stop.abort();
    this.again?.();
  }

  /** What a server that was away left open; what the listing has at the top, if nobody looks further down. */
  private loadAgain(): void {
    this.again?.();
    this.again = undefined;
    this.error.value = null;
    this.need(...this.shown);
    if (this.count.value === undefined) void this.countAll();
  }

  private pump(): void {
    while (this.running < 2 && this.wanted.length && !this.stop.signal.aborted) {
      const page = this.wanted.shift()!;
      this.running++;
      void this.load(page).finally(() => {
        this.running--;
        this.pump();
      });
    }
  }

  private async load(page: number): Promise<void> {
    const started = performance.now();
    try {
      const answer = await call('runQuery', { body: { query: listingQuery(this.listing, `${page * pageSize}, ${pageSize}`), batchSize: pageSize }, signal: this.stop.signal });
      this.milliseconds.value = performance.now() - started;
      const rows = answer.result as Document[];
      this.pages.set(page, rows);
      if (rows.length) this.seen = Math.max(this.seen, page * pageSize + rows.length);
      if (rows.length < pageSize && (rows.length > 0 || page === 0)) this.count.value = page * pageSize + rows.length;
      for (const old of this.pages.keys()) if (this.pages.size > pagesKept && Math.abs(old - page) > 2) this.pages.delete(old);
      this.error.value = null;
    } catch (error) {
      if (this.stop.signal.aborted) return;
      this.error.value = error;
      if (error instanceof Unreachable && !this.again) this.again = whenReachable(() => this.loadAgain());
    }
    this.version.value++;
  }

  // The kept counter when nothing is filtered; else a count that nobody waits for.
  private async countAll(): Promise<void> {
    try {
      if (this.listing.filters.length === 0) this.count.value = (await call('countDocuments', { path: { collection: this.listing.collection }, signal: this.stop.signal })).count;
      else this.count.value = Number((await call('runQuery', { body: { query: countQuery({ listing: this.listing }) }, signal: this.stop.signal, timeoutMilliseconds: 60_000 })).result[0]);
    } catch {
      // The grid goes on with what is loaded.
    }
  }
}
