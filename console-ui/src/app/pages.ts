import type { ComponentType } from 'preact';
import { location, match } from '../core/router';
import type { IconName } from '../ui/Icon';
import type { shellWords } from './messages';

export interface PageProps {
  /** The named parts of the address. */
  params: Record<string, string>;
}

export interface PageDefinition {
  id: string;
  /** The address under /console, with `:name` for parts and `:name?` for parts that may be missing. */
  pattern: string;
  /** Where a click in the menu goes; the pattern without its parts unless given. */
  path: string;
  title: Parameters<typeof shellWords>[0];
  icon: IconName;
  /** The letter after `g`. */
  letter?: string;
  /** False for pages that are reached from another page only. */
  inMenu?: boolean;
  load(): Promise<{ default: ComponentType<PageProps> }>;
}

/** Every page, in the order of the menu. The palette, the shortcuts and the routes are made from this table; each page is a chunk of its own. */
export const pages: readonly PageDefinition[] = [
  { id: 'dashboard', pattern: '/dashboard', path: '/dashboard', title: 'dashboard', icon: 'dashboard', letter: 'd', load: () => import('../pages/dashboard/DashboardPage') },
  { id: 'collections', pattern: '/collections', path: '/collections', title: 'collections', icon: 'collections', letter: 'c', load: () => import('../pages/collections/CollectionsPage') },
  { id: 'collection', pattern: '/collections/:name/:tab?/:key?', path: '/collections', title: 'collections', icon: 'collections', inMenu: false, load: () => import('../pages/collection/CollectionPage') },
  { id: 'query', pattern: '/query', path: '/query', title: 'query', icon: 'query', letter: 'q', load: () => import('../pages/query/QueryPage') },
  { id: 'queries', pattern: '/queries/:tab?', path: '/queries', title: 'queries', icon: 'saved', letter: 'u', load: () => import('../pages/queries/QueriesPage') },
  { id: 'graphs', pattern: '/graphs/:graph?', path: '/graphs', title: 'graphs', icon: 'graph', letter: 'r', load: () => import('../pages/graphs/GraphsPage') },
  { id: 'search', pattern: '/search/:view?', path: '/search', title: 'search', icon: 'search', letter: 's', load: () => import('../pages/search/SearchPage') },
  { id: 'fabric', pattern: '/fabric/:region?', path: '/fabric', title: 'fabric', icon: 'globe', letter: 'f', load: () => import('../pages/fabric/FabricPage') },
  { id: 'support', pattern: '/support/:section?', path: '/support', title: 'support', icon: 'support', letter: 'h', load: () => import('../pages/support/SupportPage') },
];

/** The page at the present address, with the named parts of it. */
export const current = () => {
  for (const page of pages) {
    const params = match(page.pattern, location.value.path);
    if (params) return { page, params };
  }
  return null;
};

/** Sends for the page at the present address before it is drawn; whoever draws it tells what failed. */
export const sendForPage = () => void (current()?.page ?? pages[0]).load().catch(() => undefined);
