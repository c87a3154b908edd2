import { computed, effect, signal } from '@preact/signals';
import { recall, remember } from './preferences';

export type ThemeChoice = 'light' | 'dark' | 'system';

const system = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(system.matches);
system.addEventListener('change', event => (systemIsDark.value = event.matches));

export const themeChoice = signal<ThemeChoice>(recall<ThemeChoice>('theme', 'system'));

/** The theme on screen. Drawings that read colours from CSS variables redraw when it changes. */
export const theme = computed<'light' | 'dark'>(() => (themeChoice.value === 'system' ? (systemIsDark.value ? 'dark' : 'light') : themeChoice.value));

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice;
  remember('theme', choice);
}

export const startTheme = () =>
  effect(() => {
    document.documentElement.dataset.theme = theme.value;
  });

/** The value of a theming variable, for canvases: `color('accent')` reads `--accent`. */
export function color(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}
