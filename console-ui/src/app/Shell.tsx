import { signal } from '@preact/signals';
import { Component, type ComponentChildren, type ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { call, failedAttempts } from '../core/api/client';
import { collections, loadCollections } from '../core/catalogue';
import { chooseLanguage, language, languages, type Language } from '../core/messages';
import { whenReachable } from '../core/api/reachable';
import { place, regionName } from '../core/place';
import { recall, remember } from '../core/preferences';
import { fabric, href, location, navigate } from '../core/router';
import { expired, session, signOut } from '../core/session';
import { addShortcuts, focusFilter, goTo, pressNew } from '../core/shortcuts';
import { chooseTheme, themeChoice, type ThemeChoice } from '../core/theme';
import { isPhone } from '../core/viewport';
import { Busy } from '../ui/Busy';
import { Button, LinkButton } from '../ui/Button';
import { copyText } from '../ui/CopyButton';
import { EmptyState } from '../ui/EmptyState';
import { ErrorBox } from '../ui/ErrorBox';
import { Icon, type IconName } from '../ui/Icon';
import { Menu } from '../ui/Menu';
import { addPaletteSource } from '../ui/paletteSources';
import { toast, toastError } from '../ui/Toast';
import { Environment, environment, loadEnvironment } from './environment';
import { LoginAgain } from './Login';
import type { FabricDialogProps } from './fabricDialogs';
import { KeyHelp } from './KeyHelp';
import { shellWords } from './messages';
import { current, type PageDefinition, type PageProps, pages } from './pages';
import { Wordmark } from './Wordmark';

const paletteOpen = signal(false);
const helpOpen = signal(false);
const fabricDialog = signal<ComponentType<FabricDialogProps> | null>(null);
/** Opens a dialog for fabrics; few ever need its code. */
const openFabricDialog = (name: 'AddFabric' | 'DropFabric') => void import('./fabricDialogs').then(dialogs => (fabricDialog.value = dialogs[name]), toastError);
const fabricsChanged = signal(0);
const narrow = signal(recall('menu.narrow', false));

const themes: [ThemeChoice, Parameters<typeof shellWords>[0], IconName][] = [
  ['light', 'themeLight', 'sun'],
  ['dark', 'themeDark', 'moon'],
  ['system', 'themeSystem', 'screen'],
];

export function Shell() {
  useEffect(() => {
    const undo = [
      addShortcuts([
        { keys: 'mod+k', title: () => shellWords('keyPalette'), run: () => (paletteOpen.value = true) },
        { keys: '?', title: () => shellWords('keyHelp'), run: () => (helpOpen.value = true) },
        { keys: '/', title: () => shellWords('keyFilter'), run: focusFilter },
        { keys: 'n', title: () => shellWords('keyNew'), run: pressNew },
        ...pages.filter(page => page.letter).map(page => ({ keys: `g ${page.letter}`, title: () => shellWords('keyGo', { page: shellWords(page.title) }), run: goTo(page.path) })),
      ]),
      addPaletteSource(shellEntries),
      addPaletteSource(async () => {
        if (!collections.value) await loadCollections();
        return (collections.value ?? []).map(one => ({ id: `collection ${one.name}`, title: one.name, kind: shellWords('collections'), icon: one.type === 3 ? 'edge' : 'document', run: goTo(`/collections/${encodeURIComponent(one.name)}`) }));
      }),
    ];
    return () => undo.forEach(one => one());
  }, []);
  const FabricDialog = fabricDialog.value;
  return (
    <div class={narrow.value ? 'shell narrow' : 'shell'}>
      <a class="skip" href="#page" onClick={event => { event.preventDefault(); document.getElementById('page')?.focus(); }}>
        {shellWords('skip')}
      </a>
      <SideMenu />
      <TopBar />
      <main id="page" tabIndex={-1}>
        {failedAttempts.value > 0 && <Offline />}
        <Page />
      </main>
      {paletteOpen.value && <LazyPalette />}
      {helpOpen.value && <KeyHelp onClose={() => (helpOpen.value = false)} />}
      {FabricDialog && <FabricDialog onChanged={() => fabricsChanged.value++} onClose={() => (fabricDialog.value = null)} />}
      {expired.value && <LoginAgain />}
    </div>
  );
}

function shellEntries() {
  return [
    ...pages.filter(page => page.inMenu !== false).map(page => ({ id: `page ${page.id}`, title: shellWords(page.title), kind: `g ${page.letter ?? ''}`, icon: page.icon, run: goTo(page.path) })),
    ...themes.map(([choice, word, icon]) => ({ id: `theme ${choice}`, title: `${shellWords('theme')}: ${shellWords(word)}`, kind: '', icon, run: () => chooseTheme(choice) })),
    ...Object.entries(languages).map(([code, name]) => ({ id: `language ${code}`, title: `${shellWords('language')}: ${name}`, kind: '', icon: 'globe' as const, run: () => chooseLanguage(code as Language) })),
    { id: 'keys', title: shellWords('keys'), kind: '?', icon: 'keyboard' as const, run: () => (helpOpen.value = true) },
    { id: 'add fabric', title: shellWords('addFabric'), kind: '', icon: 'plus' as const, run: () => openFabricDialog('AddFabric') },
    { id: 'copy link', title: shellWords('copyLink'), kind: '', icon: 'link' as const, run: () => void copyText(window.location.href).then(() => toast(shellWords('linkCopied'))) },
    { id: 'sign out', title: shellWords('signOut'), kind: '', icon: 'signOut' as const, run: signOut },
  ];
}

function SideMenu() {
  const here = current()?.page.path;
  const all = pages.filter(page => page.inMenu !== false);
  // A phone has room for a few beside "More".
  const shown = isPhone.value ? all.slice(0, 4) : all;
  const rest = all.slice(shown.length);
  return (
    <nav class="side-menu" aria-label={shellWords('mainMenu')}>
      <a class="home" href={href('/')} aria-label="GeoFabric">
        <Wordmark short={narrow.value} />
      </a>
      <ul>
        {shown.map(page => (
          <li key={page.id}>
            <a href={href(page.path)} aria-current={page.path === here ? 'page' : undefined} title={shellWords(page.title)}>
              <Icon name={page.icon} size={18} />
              <span>{shellWords(page.title)}</span>
            </a>
          </li>
        ))}
        {rest.length > 0 && (
          <li class={rest.some(page => page.path === here) ? 'more here' : 'more'}>
            <Menu
              kind="quiet"
              alignRight
              button={
                <>
                  <Icon name="menu" size={18} />
                  <span>{shellWords('more')}</span>
                </>
              }
              items={rest.map(page => ({ text: shellWords(page.title), icon: page.icon, href: href(page.path) }))}
            />
          </li>
        )}
      </ul>
      <button
        type="button"
        class="narrower"
        aria-label={shellWords(narrow.value ? 'expand' : 'collapse')}
        title={shellWords(narrow.value ? 'expand' : 'collapse')}
        onClick={() => {
          narrow.value = !narrow.value;
          remember('menu.narrow', narrow.value);
        }}
      >
        <Icon name={narrow.value ? 'chevronRight' : 'chevronLeft'} />
      </button>
    </nav>
  );
}

function TopBar() {
  const [fabrics, setFabrics] = useState<string[]>([]);
  useEffect(() => {
    const ask = () => {
      void loadEnvironment();
      void call('listUserFabrics', {}).then(answer => setFabrics(answer.result.map(one => one.name)), () => undefined);
      void call('readLocalDataCenter', {}).then(answer => (regionName.value = answer.locationInfo.city || answer.name), () => undefined);
    };
    ask();
    return whenReachable(ask);
  }, [session.value?.token, fabricsChanged.value]);
  const who = session.value!;
  return (
    <header class={`top-bar ${environment.value ? `marked ${environment.value.tone}` : ''}`}>
      <nav aria-label={shellWords('breadcrumb')} class="breadcrumb">
        <ol>
          {place.value.map((crumb, index) => (
            <li key={index}>{crumb.path && index < place.value.length - 1 ? <a href={href(crumb.path)}>{crumb.text}</a> : <span aria-current="page">{crumb.text}</span>}</li>
          ))}
        </ol>
      </nav>
      <div class="top-tools">
        <button type="button" class="search-all" onClick={() => (paletteOpen.value = true)} aria-label={`${shellWords('searchAll')} Ctrl K`}>
          <Icon name="search" />
          <span>{shellWords('searchAll')}</span>
          <kbd>Ctrl K</kbd>
        </button>
        <Menu
          kind="quiet"
          alignRight
          class="fabric-switch"
          button={
            <>
              <span class="tenant">{who.tenant}</span>
              <span class="slash" aria-hidden="true">/</span>
              <strong>{fabric.value}</strong>
              <span class="unseen">{shellWords('switchFabric')}</span>
              <Icon name="chevronDown" size={12} />
            </>
          }
          items={[
            ...(fabrics.length ? fabrics : [fabric.value]).map(name => ({ text: name, selected: name === fabric.value, run: () => navigate(`/collections?fabric=${encodeURIComponent(name)}`) })),
            null,
            { text: shellWords('addFabric'), icon: 'plus', run: () => openFabricDialog('AddFabric') },
            { text: shellWords('dropFabric', { name: fabric.value }), icon: 'trash', danger: true, disabled: fabric.value === '_system', run: () => openFabricDialog('DropFabric') },
          ]}
        />
        <Environment />
        {regionName.value && (
          <span class="region-badge" title={shellWords('region')}>
            <span class="dot" aria-hidden="true" />
            {regionName.value}
          </span>
        )}
        <Menu
          kind="quiet"
          alignRight
          label={shellWords('userMenu', { name: who.user })}
          class="user-menu"
          button={<span class="avatar">{who.user.slice(0, 1).toUpperCase()}</span>}
          items={[
            { text: `${who.user} · ${who.tenant}`, icon: 'user', disabled: true },
            null,
            ...themes.map(([choice, word, icon]) => ({ text: shellWords(word), icon, selected: themeChoice.value === choice, run: () => chooseTheme(choice) })),
            null,
            ...Object.entries(languages).map(([code, name]) => ({ text: name, icon: 'globe' as const, selected: language.value === code, run: () => chooseLanguage(code as Language) })),
            null,
            { text: shellWords('keys'), icon: 'keyboard', run: () => (helpOpen.value = true) },
            { text: shellWords('signOut'), icon: 'signOut', run: signOut },
          ]}
        />
      </div>
    </header>
  );
}

function Page() {
  const found = current();
  if (location.value.path === '/') {
    queueMicrotask(() => navigate(pages[0].path, { replace: true }));
    return null;
  }
  if (!found)
    return (
      <EmptyState icon="map" title={shellWords('notFound')} action={<LinkButton kind="primary" href={href(pages[0].path)}>{shellWords(pages[0].title)}</LinkButton>}>
        {shellWords('notFoundAdvice')}
      </EmptyState>
    );
  // A page starts anew when it shows another thing, so that no state of the former leaks into it.
  return <LoadedPage key={`${found.page.id} ${found.params.name ?? ''} ${fabric.value}`} page={found.page} params={found.params} />;
}

const loaded = new Map<string, ComponentType<PageProps>>();

function LoadedPage({ page, params }: { page: PageDefinition; params: Record<string, string> }) {
  const [, redraw] = useState(0);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    if (loaded.has(page.id)) return;
    let left = false;
    page.load().then(
      module => {
        loaded.set(page.id, module.default);
        if (!left) redraw(1);
      },
      (problem: unknown) => left || setError(problem),
    );
    return () => void (left = true);
  }, [page]);
  const Content = loaded.get(page.id);
  if (error) return <ErrorBox error={error} onRetry={() => window.location.reload()} />;
  if (!Content) return <Busy />;
  return (
    <Fence>
      <Content params={params} />
    </Fence>
  );
}

/** Keeps a mistake of one page from taking the frame with it. */
class Fence extends Component<{ children: ComponentChildren }, { error: unknown }> {
  state = { error: null as unknown };
  static getDerivedStateFromError(error: unknown) {
    return { error };
  }
  render() {
    if (this.state.error === null) return this.props.children;
    return (
      <div class="page">
        <h1>{shellWords('pageFailed')}</h1>
        <ErrorBox error={this.state.error} onRetry={() => this.setState({ error: null })} />
      </div>
    );
  }
}

function LazyPalette() {
  const [Content, setContent] = useState<ComponentType<{ onClose(): void }> | null>(null);
  useEffect(() => void import('../ui/Palette').then(module => setContent(() => module.default)), []);
  return Content && <Content onClose={() => (paletteOpen.value = false)} />;
}

function Offline() {
  const retry = () => void call('readHealth', { timeoutMilliseconds: 3000 }).catch(() => undefined);
  useEffect(() => {
    const timer = setInterval(retry, 4000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="offline" role="alert">
      <Icon name="warning" />
      {shellWords('offline', { count: failedAttempts.value })}
      <Button small icon="refresh" label={shellWords('retry')} onClick={retry} />
    </div>
  );
}
