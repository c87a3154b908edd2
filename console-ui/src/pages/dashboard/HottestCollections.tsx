import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { useLive } from '../../core/live/useLive';
import { fabric, href } from '../../core/router';
import { ErrorBox } from '../../ui/ErrorBox';
import { FilterField } from '../../ui/FilterField';
import { perSecond } from './figures';
import { words } from './messages';

const shown = 8;

/** The collections of the fabric that are read and written most at present. The server filters, so a short answer is found among any number. */
export function HottestCollections() {
  const [name, setName] = useState('');
  const live = useLive(
    signal => call('listCollectionTraffic', { query: { excludeSystem: 'true', limit: String(shown), name: name.trim() || undefined }, signal, timeoutMilliseconds: 10_000 }),
    1000,
    [fabric.value, name],
  );
  const traffic = live.value?.result;
  return (
    <section class="card" data-card="hottest">
      <h2>{words('hottest')}</h2>
      <FilterField label={words('filterCollections')} value={name} onValue={setName} />
      {live.error !== null && <ErrorBox error={live.error} />}
      {traffic?.collections.length === 0 && <p class="hint">{name.trim() ? words('noneBusyNamed', { name: name.trim() }) : words('noneBusy')}</p>}
      {traffic !== undefined && traffic.collections.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{words('collection')}</th>
              <th scope="col" class="number">
                {words('reads')}
              </th>
              <th scope="col" class="number">
                {words('written')}
              </th>
            </tr>
          </thead>
          <tbody>
            {traffic.collections.map(one => (
              <tr key={one.name}>
                <th scope="row">
                  <a href={href(`/collections/${encodeURIComponent(one.name)}`)}>{one.name}</a>
                </th>
                <td class="number">{words('perSecond', { value: perSecond(one.readsPerSecond) })}</td>
                <td class="number">{words('perSecond', { value: perSecond(one.writesPerSecond) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {traffic !== undefined && (
        <p class="hint">
          {words('hottestHint', { seconds: traffic.seconds })}
          {traffic.busy > traffic.collections.length && ` ${words('moreBusy', { count: traffic.busy - traffic.collections.length })}`}
        </p>
      )}
    </section>
  );
}
