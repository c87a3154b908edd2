import { effect, signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { fabric } from './router';
import { session } from './session';

/** Where the page is: the last entry is the page itself. Shown as the breadcrumb and in the tab's title. */
export const place = signal<readonly { text: string; path?: string }[]>([]);

/** The region that answers, as the top bar names it. */
export const regionName = signal('');

export function usePlace(crumbs: readonly { text: string; path?: string }[]): void {
  useEffect(() => {
    place.value = crumbs;
  }, [JSON.stringify(crumbs)]);
}

export const startTitle = () =>
  effect(() => {
    const here = place.value.at(-1)?.text;
    const who = session.value ? `${session.value.tenant}/${fabric.value}` : '';
    document.title = [here, who, regionName.value, 'GeoFabric'].filter(Boolean).join(' · ');
  });
