import { useState } from 'preact/hooks';
import { formatDuration } from '../../core/messages';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { later } from '../../ui/Later';
import { words } from './messages';
import { pins, unpin } from './pins';
import { Results, type ResultsProps } from './Results';
import type { Run } from './runs';

const CompareView = later('compare', async () => (await import('./CompareView')).CompareView);

/** The latest result, the pinned ones beside it, and what differs between them. */
export function PinnedResults({ tab, ...rest }: ResultsProps & { tab: string }) {
  const pinned = pins.value.get(tab) ?? [];
  const [chosen, setChosen] = useState<string | null>(null);
  const [isComparing, setComparing] = useState(false);
  const shown = pinned.find(one => one.id === chosen);
  const latest = rest.run;
  const canCompare = shown !== undefined && latest?.state === 'done' && latest.id !== shown.id;
  if (pinned.length === 0) return <Results {...rest} />;
  return (
    <div class="pinned-results">
      <div class="pins" role="group" aria-label={words('pinned')}>
        <button type="button" class="chip" aria-pressed={!shown} onClick={() => setChosen(null)}>
          {words('latest')}
        </button>
        {pinned.map((one, index) => (
          <span key={one.id} class="pin">
            <button type="button" class="chip" aria-pressed={one.id === shown?.id} onClick={() => setChosen(one.id)} title={one.text}>
              <Icon name="pin" size={12} /> {index + 1} · {summaryOf(one)}
            </button>
            <Button kind="quiet" small icon="close" label={words('unpin', { number: index + 1 })} onClick={() => unpin(tab, one.id)} />
          </span>
        ))}
        {canCompare && (
          <Button small icon="columns" aria-pressed={isComparing} onClick={() => setComparing(!isComparing)}>
            {words('compare')}
          </Button>
        )}
      </div>
      {canCompare && isComparing ? <CompareView before={shown.rows} after={latest.rows} /> : <Results {...rest} run={shown ?? latest} />}
    </div>
  );
}

const summaryOf = (run: Run) => words('statusRows', { count: run.rows.length, time: formatDuration(run.milliseconds) });
