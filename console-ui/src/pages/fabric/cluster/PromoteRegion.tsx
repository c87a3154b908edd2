import { useState } from 'preact/hooks';
import { call, curlOf } from '../../../core/api/client';
import type { Region, Topology } from '../../../core/map/topology';
import { Button } from '../../../ui/Button';
import { Confirm } from '../../../ui/Confirm';
import { Checkbox } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { toast } from '../../../ui/Toast';
import { words } from './messages';

/** Makes a region the home, once its name is typed; by force only where that region itself is asked, which takes over by itself. */
export function PromoteRegion({ region, topology, onPromoted }: { region: Region; topology: Topology; onPromoted(): void }) {
  const { name } = region;
  const [asking, setAsking] = useState(false);
  const [isForced, setForced] = useState(false);
  const [makesSpot, setMakesSpot] = useState(false);
  const request = { path: { name }, query: isForced ? { force: 'true' } : {} };
  const promote = async () => {
    if (makesSpot) await call('describeRegion', { path: { name }, body: { isSpot: true } });
    const { silent } = await call('promoteRegion', { ...request, timeoutMilliseconds: 60_000 });
    toast(silent?.length ? words('promotedSilent', { name, silent: silent.join(', ') }) : words('promoted', { name }));
    onPromoted();
  };
  return (
    <>
      <Button icon="pin" disabled={region.state === 'removed'} onClick={() => setAsking(true)}>
        {words('promote')}
      </Button>
      {asking && (
        <Confirm title={words('promoteTitle', { name })} action={words('promote')} typeName={name} onClose={() => setAsking(false)} onConfirm={promote}>
          <p>{words('promoteText', { name, home: topology.home ?? '' })}</p>
          {region.isSpot === false && <Checkbox label={words('makeSpot', { name })} checked={makesSpot} onValue={setMakesSpot} />}
          {region.isSelf ? <Checkbox label={words('force', { home: topology.home ?? '' })} checked={isForced} onValue={setForced} /> : <p class="hint">{words('forceThere', { name, home: topology.home ?? '' })}</p>}
          {isForced && <p class="notice warn">{words('forceText', { home: topology.home ?? '' })}</p>}
          <ShowCalls curl={(makesSpot ? `${curlOf('describeRegion', { path: { name }, body: { isSpot: true } })}\n` : '') + curlOf('promoteRegion', request)} />
        </Confirm>
      )}
    </>
  );
}
