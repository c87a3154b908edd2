import { call } from '../../core/api/client';
import { useLive } from '../../core/live/useLive';
import { locale } from '../../core/messages';
import { words } from './messages';

/** What regions and links did lately, as this region saw it. */
export function Timeline() {
  const live = useLive(signal => call('listTopologyEvents', { signal, timeoutMilliseconds: 10_000 }), 3000);
  const events = live.value?.result ?? [];
  const time = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' });
  return (
    <section class="card">
      <h2>{words('timeline')}</h2>
      {events.length === 0 ? (
        <p class="hint">{words('quiet')}</p>
      ) : (
        <ol class="timeline" tabIndex={0} aria-label={words('timeline')}>
          {events.slice(0, 50).map((event, index) => (
            <li key={`${event.at} ${index}`} class={`event-${event.kind}`}>
              <time dateTime={event.at}>{time.format(new Date(event.at))}</time>
              <span>{event.text}</span>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
