import { cacheNames, cachesOf, type Sample, type Span } from '../../core/live/samples';
import { formatNumber } from '../../core/messages';
import { words } from './messages';

const percent = (share: number) => formatNumber(share, { style: 'percent', maximumFractionDigits: 1 });

/** How often the server's caches had what they were asked for, over the span of the charts. */
export function CacheRates({ samples, span }: { samples: readonly Sample[]; span: Span }) {
  if (samples.length === 0) return null;
  const counts = cachesOf(samples);
  return (
    <section class="card" data-card="caches">
      <h2>{words('caches')}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words('cache')}</th>
            <th scope="col" class="number">
              {words('hitRate')}
            </th>
            <th scope="col" class="number">
              {words('asked')}
            </th>
          </tr>
        </thead>
        <tbody>
          {cacheNames.map(name => {
            const { hits, asked } = counts[name];
            return (
              <tr key={name}>
                <th scope="row">
                  {words(`${name}Cache`)}
                  <span class="hint">{words(`${name}CacheHint`)}</span>
                </th>
                <td class="number">{asked === 0 ? '–' : percent(hits / asked)}</td>
                <td class="number">{formatNumber(asked)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p class="hint">{words('cachesHint', { span: words(`span${span}`) })}</p>
    </section>
  );
}
