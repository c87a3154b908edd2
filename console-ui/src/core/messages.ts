import { signal } from '@preact/signals';
import { recall, remember } from './preferences';

/** The languages the console is written in. */
export const languages = { en: 'English', de: 'Deutsch', es: 'Español' } as const;

export type Language = keyof typeof languages;

const preferred = (): Language => {
  const chosen = recall<string>('language', '');
  const wanted = [chosen, ...(typeof navigator === 'undefined' ? [] : navigator.languages)].map(one => one.slice(0, 2));
  return (wanted.find(one => one in languages) as Language | undefined) ?? 'en';
};

/** The language in use; a page that reads a text follows it. */
export const language = signal<Language>(preferred());

export function chooseLanguage(next: Language): void {
  language.value = next;
  remember('language', next);
  document.documentElement.lang = next;
}

/** How numbers and times are written: by the browser's own variant of the language, such as British English, where it has one. */
export const locale = (): string => (typeof navigator === 'undefined' ? undefined : navigator.languages.find(one => one.startsWith(language.value))) ?? language.value;

type Values = Record<string, string | number>;

/**
 * Declares the texts of an area. English is the type: the compiler refuses a language that lacks a key.
 * A text has places `{name}` for values (numbers are written as the language writes them) and `{name|one|other}` for plurals.
 */
export function defineMessages<Key extends string>(en: Record<Key, string>, others: Record<Exclude<Language, 'en'>, Record<Key, string>>) {
  const catalogue = { en, ...others } as Record<Language, Record<Key, string>>;
  const translate = (key: Key, values: Values = {}): string => fill(catalogue[language.value][key] ?? en[key], values);
  return Object.assign(translate, { catalogue });
}

function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (new Intl.PluralRules(language.value).select(Number(value)) === 'one' ? one : other) ?? '';
    return typeof value === 'number' ? formatNumber(value) : value;
  });
}

export function formatNumber(value: number, options: Intl.NumberFormatOptions = {}): string {
  const key = locale() + JSON.stringify(options);
  let format = numberFormats.get(key);
  if (!format) numberFormats.set(key, (format = new Intl.NumberFormat(locale(), options)));
  return format.format(value);
}

// Making a formatter costs a hundred times what using one does, and a list asks for thousands.
const numberFormats = new Map<string, Intl.NumberFormat>();

/** A size of bytes with one decimal at most: 1.2 MB. */
export function formatBytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${formatNumber(value, { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit]}`;
}

/** A duration: 0.04 ms, 2.4 ms, 12 ms, 3.2 s, 2 min 5 s. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${formatNumber(milliseconds, { maximumFractionDigits: milliseconds < 1 ? 2 : milliseconds < 10 ? 1 : 0 })} ms`;
  if (milliseconds < 60_000) return `${formatNumber(milliseconds / 1000, { maximumFractionDigits: 1 })} s`;
  return `${formatNumber(Math.floor(milliseconds / 60_000))} min ${formatNumber(Math.round((milliseconds % 60_000) / 1000))} s`;
}

/** A number that is exact below 1,000 and rough above: 842, ≈ 12.3k. Counts are not waited for to draw a page. */
export function formatRough(value: number): string {
  return value < 1000 ? formatNumber(value) : `≈ ${formatNumber(value, { notation: 'compact', maximumFractionDigits: 1 })}`;
}

/** A point in time as this language writes it, to the second. */
export function formatTime(value: number | string | Date): string {
  return new Intl.DateTimeFormat(locale(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(value));
}
