import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageProps } from '../../app/pages';
import { ApiError, curlOf } from '../../core/api/client';
import type { Editor } from '../../core/editor/editor';
import { packQuery, unpackQuery } from '../../core/c8ql/share';
import { bindNamesOf } from '../../core/c8ql/tree';
import { readQueryLink } from '../../core/links';
import { usePlace } from '../../core/place';
import { recall, remember } from '../../core/preferences';
import { changeHash, location } from '../../core/router';
import { addShortcuts } from '../../core/shortcuts';
import { useElapsed } from '../../ui/Busy';
import { Button } from '../../ui/Button';
import { EmptyState } from '../../ui/EmptyState';
import { Select } from '../../ui/Field';
import { copyText } from '../../ui/CopyButton';
import { Menu } from '../../ui/Menu';
import { addPaletteSource } from '../../ui/paletteSources';
import { Tabs } from '../../ui/Tabs';
import { toast, toastError } from '../../ui/Toast';
import { formatDuration } from '../../core/messages';
import { BindPane } from './BindPane';
import { type BindEntry, type Binds, bindVarsOf, entriesOf } from './binds';
import { formatted, problemOf, startQueryCatalogue } from './catalogue';
import { EditorPane } from './EditorPane';
import { examples } from './examples';
import { type HistoryEntry, loadHistory } from './history';
import { HistoryDrawer } from './HistoryDrawer';
import { words } from './messages';
import { pin } from './pins';
import { chosenRegion, RegionChoice } from './RegionChoice';
import { PinnedResults } from './PinnedResults';
import type { ResultViewName } from './Results';
import { cancel, loadMore, type RunKind, runs, start } from './runs';
import { SaveDialog } from './SaveDialog';
import { SourcePane } from './SourcePane';
import { SplitPane } from './SplitPane';
import { activeId, activeTab, changeTab, handedOver, openTab, type QueryTab, startTabs, tabs } from './tabs';
import { TabStrip } from './TabStrip';
import './query.css';

const ROW_LIMITS = ['100', '1000', '5000', '20000'] as const;
const HASH_DELAY_MILLISECONDS = 600;
/** Longer texts make addresses that other programs cut. */
const SHARED_MAX = 100_000;

export default function QueryPage(_: PageProps) {
  usePlace([{ text: words('title') }]);
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const stop = [startTabs(), startQueryCatalogue()];
    loadHistory();
    void openLinked().finally(() => setReady(true));
    return () => stop.forEach(one => one());
  }, []);
  return <div class="page full query-page">{isReady && <Workbench />}</div>;
}

/** Opens what the address, or another page, brought along. */
async function openLinked(): Promise<void> {
  const handed = handedOver.value;
  handedOver.value = null;
  if (handed) {
    openTab(handed);
    return;
  }
  const { hash } = location.value;
  const linked = readQueryLink(hash);
  const packed = new URLSearchParams(hash).get('z');
  // After a reload the address may still be that of a text before; the tabs hold the present one.
  if (packed && isReload() && tabs.value.some(tab => tab.text)) return;
  const shared = linked ? { text: linked.text, binds: entriesOf(linked.binds) } : packed ? await unpackQuery(packed) : null;
  if (!shared) return;
  const known = tabs.value.find(tab => tab.text === shared.text);
  if (known) activeId.value = known.id;
  else openTab({ text: shared.text, binds: (shared.binds ?? {}) as Binds });
}

/** Files become tabs of their own; a text that is dropped goes into the editor. */
function dropFiles(event: DragEvent): void {
  if (!event.dataTransfer?.files.length) return;
  event.preventDefault();
  event.stopPropagation();
  void openFiles(event.dataTransfer.files);
}

async function openFiles(files: FileList | null): Promise<void> {
  for (const one of files ?? []) openTab({ text: await one.text(), name: one.name });
}

const isReload = () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming | undefined)?.type === 'reload';

function Workbench() {
  const tab = activeTab.value;
  const run = runs.value.get(tab.id);
  const editor = useRef<Editor | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const [views, setViews] = useState<Record<string, ResultViewName>>({});
  const [rowLimit, setRowLimit] = useState(() => recall('query.rowLimit', '1000'));
  const [side, setSide] = useState(() => recall('query.side', 'parameters'));
  const [dialog, setDialog] = useState<'save' | 'history' | null>(null);
  const [triedInvalid, setTriedInvalid] = useState(false);
  const names = useMemo(() => bindNamesOf(tab.text), [tab.text]);
  const isRunning = run?.state === 'running';

  useSharedHash(tab);
  useEffect(
    () =>
      addPaletteSource(() => [
        { id: 'query new', title: words('newTab'), kind: words('title'), icon: 'plus', run: () => void openTab() },
        { id: 'query history', title: words('history'), kind: words('title'), icon: 'clock', run: () => setDialog('history') },
        { id: 'query save', title: words('saveAs'), kind: words('title'), icon: 'saved', run: () => setDialog('save') },
      ]),
    [],
  );
  const problem = useMemo(() => (run?.state === 'failed' && run.error instanceof ApiError ? { text: run.text, problem: problemOf(run.error) } : null), [run]);

  const begin = (kind: RunKind, text: string, binds = tab.binds) => {
    if (text.trim() === '') return;
    const { bindVars, invalid } = bindVarsOf(bindNamesOf(text), binds);
    setTriedInvalid(invalid.length > 0);
    if (invalid.length > 0) {
      changeSide('parameters');
      toast({ kind: 'bad', text: words('fillIn', { names: invalid.map(name => `@${name}`).join(', ') }), milliseconds: 6000 });
      return;
    }
    setViews({ ...views, [tab.id]: kind === 'execute' ? (views[tab.id] === 'plan' ? 'table' : (views[tab.id] ?? 'table')) : 'plan' });
    void start(tab.id, kind, text, bindVars, Number(rowLimit), undefined, chosenRegion.value);
  };
  const format = async () => {
    try {
      const text = await formatted(tab.text);
      // Not over what was typed meanwhile, nor into another tab.
      if (activeTab.value.id === tab.id && activeTab.value.text === tab.text) editor.current?.replace(text);
    } catch (error) {
      toastError(error);
    }
  };
  const changeSide = (next: string) => {
    setSide(next);
    remember('query.side', next);
  };
  // Whatever of the page has the focus; the editor takes its keys before.
  const latest = useRef({ run: () => {}, save: () => {} });
  latest.current = { run: () => begin('execute', tab.text), save: () => setDialog('save') };
  useEffect(
    () =>
      addShortcuts([
        { keys: 'mod+enter', title: () => words('keyRun'), run: () => latest.current.run() },
        { keys: 'mod+shift+enter', title: () => words('keyRunSelection') },
        { keys: 'ctrl+space', title: () => words('keyComplete') },
        { keys: 'shift+alt+f', title: () => words('format') },
        { keys: 'mod+/', title: () => words('keyComment') },
        { keys: 'mod+s', title: () => words('saveAs'), run: () => latest.current.save() },
        { keys: 'escape tab', title: () => words('keyLeave') },
      ]),
    [],
  );
  const openEntry = (entry: HistoryEntry, andRun: boolean) => {
    setDialog(null);
    const binds = entriesOf(entry.bindVars);
    const opened = openTab({ text: entry.text, binds });
    if (andRun) void start(opened.id, 'execute', entry.text, entry.bindVars, Number(rowLimit));
  };

  return (
    <>
      <TabStrip />
      <div class="query-bar toolbar">
        {isRunning ? (
          <CancelButton onCancel={() => void cancel(tab.id)} />
        ) : (
          <Button kind="primary" icon="play" disabled={tab.text.trim() === ''} onClick={() => begin('execute', tab.text)} title={words('executeHint')}>
            {words('execute')}
          </Button>
        )}
        <Button icon="tree" disabled={isRunning} onClick={() => begin('explain', tab.text)} title={words('explainHint')}>
          {words('explain')}
        </Button>
        <Button icon="dashboard" disabled={isRunning} onClick={() => begin('profile', tab.text)} title={words('profileHint')}>
          {words('profile')}
        </Button>
        <span class="bar-gap" />
        <Button icon="code" onClick={() => void format()} title={words('formatHint')}>
          {words('format')}
        </Button>
        <Button icon="saved" disabled={tab.text.trim() === ''} onClick={() => setDialog('save')} title={words('saveAs')}>
          {words('saveAs')}
        </Button>
        <Button icon="clock" onClick={() => setDialog('history')} title={words('history')}>
          {words('history')}
        </Button>
        <div class="row spread">
          <Menu
            kind="quiet"
            alignRight
            icon="more"
            label={words('more')}
            button={null}
            items={[
              { text: words('openFile'), icon: 'upload', run: () => file.current!.click() },
              { text: words('copyLink'), icon: 'link', run: () => void copyText(window.location.href).then(copied => copied && toast({ kind: 'note', text: words('linkCopied'), milliseconds: 2000 })) },
              {
                text: words('copyCurl'),
                icon: 'code',
                run: () => void copyText(curlOf('runQuery', { body: { query: tab.text, bindVars: bindVarsOf(names, tab.binds).bindVars } })).then(copied => copied && toast({ kind: 'note', text: words('curlCopied'), milliseconds: 2000 })),
              },
            ]}
          />
          <input ref={file} type="file" accept=".c8ql,.aql,.txt,text/plain" hidden onChange={event => void openFiles(event.currentTarget.files)} />
          <RegionChoice />
          <Select
            label={words('rowLimit')}
            bare
            value={rowLimit}
            onValue={value => {
              setRowLimit(value);
              remember('query.rowLimit', value);
            }}
            options={ROW_LIMITS.map(limit => [limit, words('firstRows', { count: Number(limit) })] as const)}
          />
        </div>
      </div>
      <SplitPane
        name="query"
        initial={0.45}
        first={
          <div class="query-top">
            <div class="query-editor-side" onDropCapture={dropFiles}>
              <EditorPane
                documentId={tab.id}
                text={tab.text}
                problem={problem}
                onEditor={made => {
                  editor.current = made;
                  made?.focus();
                }}
                actions={{
                  run: text => begin('execute', text),
                  format: () => void format(),
                  save: () => setDialog('save'),
                  change: (id, text) => changeTab(id, { text }),
                }}
              />
              <p class="hint editor-hint">{words('editorHint')}</p>
            </div>
            <aside class="query-side" aria-label={words('besideEditor')}>
              <Tabs
                label={words('besideEditor')}
                tabs={[
                  { id: 'parameters', title: names.length ? `${words('parameters')} · ${names.length}` : words('parameters') },
                  { id: 'sources', title: words('collections') },
                ]}
                selected={side}
                onSelect={changeSide}
              />
              <div class="query-side-body" role="tabpanel" id={`panel-${side}`}>
                {side === 'parameters' ? (
                  <BindPane names={names} entries={tab.binds} showInvalid={triedInvalid} onChange={(name: string, entry: BindEntry) => changeTab(tab.id, { binds: { ...tab.binds, [name]: entry } })} />
                ) : (
                  <SourcePane
                    onInsert={text => editor.current?.insert(text)}
                    onQuery={text => {
                      const opened = openTab({ text });
                      void start(opened.id, 'execute', text, {}, Number(rowLimit));
                    }}
                  />
                )}
              </div>
            </aside>
          </div>
        }
        second={
          <PinnedResults
            key={tab.id}
            tab={tab.id}
            onPin={() => pin(tab.id)}
            run={run}
            view={views[tab.id] ?? 'table'}
            onView={view => setViews({ ...views, [tab.id]: view })}
            onCancel={() => void cancel(tab.id)}
            onMore={() => void loadMore(tab.id)}
            onAgain={() => run && begin(run.kind, run.text)}
            fileName={tab.saved?.name.replaceAll('/', '-') ?? 'result'}
            empty={<FirstSteps onPick={text => editor.current?.replace(text)} />}
          />
        }
      />
      {dialog === 'save' && <SaveDialog text={tab.text} binds={tab.binds} saved={tab.saved} onSaved={saved => changeTab(tab.id, { saved, name: undefined })} onClose={() => setDialog(null)} />}
      {dialog === 'history' && <HistoryDrawer onOpen={entry => openEntry(entry, false)} onRun={entry => openEntry(entry, true)} onClose={() => setDialog(null)} />}
    </>
  );
}

/** Keeps the query in the address, so that the link to the page is the link to the query. */
function useSharedHash(tab: QueryTab): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      if (tab.text.trim() === '' || tab.text.length > SHARED_MAX) changeHash('');
      else void packQuery({ text: tab.text, ...(Object.keys(tab.binds).length ? { binds: tab.binds } : {}) }).then(packed => activeTab.value.text === tab.text && window.location.pathname.endsWith('/query') && changeHash(`z=${packed}`));
    }, HASH_DELAY_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [tab.text, tab.binds]);
}

function CancelButton({ onCancel }: { onCancel(): void }) {
  const elapsed = useElapsed(true);
  return (
    <Button kind="danger" icon="stop" onClick={onCancel}>
      {words('cancel')} <span class="numbers">{formatDuration(Math.floor(elapsed / 100) * 100)}</span>
    </Button>
  );
}

function FirstSteps({ onPick }: { onPick(text: string): void }) {
  return (
    <EmptyState icon="query" title={words('emptyTitle')}>
      {words('emptyText')}
      <span class="examples">
        {examples.map(example => (
          <button key={example} type="button" class="example" onClick={() => onPick(example)}>
            <code>{example}</code>
          </button>
        ))}
      </span>
    </EmptyState>
  );
}
