import { signal } from '@preact/signals';
import { call } from '../core/api/client';
import { shellWords } from './messages';

/** What this server is for, as whoever started it says; null when nobody does. */
export const environment = signal<{ label: string; tone: string } | null>(null);

/** The colours a server may name, as tones that are readable in both themes. */
const tones: Record<string, string> = { red: 'bad', orange: 'warn', green: 'good', blue: 'note' };

export async function loadEnvironment(): Promise<void> {
  const { label, color, isDemo } = await call('describeConsole', {}).catch(() => ({ label: '', color: '', isDemo: false }));
  environment.value = label || isDemo ? { label: label || shellWords('demo'), tone: tones[label ? color : 'orange'] ?? '' } : null;
}

export function Environment() {
  return (
    environment.value && (
      <span class={`badge environment ${environment.value.tone}`} title={`${shellWords('environment')}: ${environment.value.label}`}>
        {environment.value.label}
      </span>
    )
  );
}
