import { useState } from 'preact/hooks';
import { ApiError, call, curlOf } from '../../../core/api/client';
import type { Topology } from '../../../core/map/topology';
import { ActDialog } from '../../../ui/ActDialog';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Checkbox, Field } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { toast } from '../../../ui/Toast';
import { useLoad } from '../../../ui/useLoad';
import { words } from './messages';

/** The named sets of regions that collections can be kept in. */
export function RegionGroups({ topology }: { topology: Topology }) {
  const [adding, setAdding] = useState(false);
  const listed = useLoad(signal => call('listRegions', { signal }), []);
  // Only root of the root tenant administers regions.
  if (listed.error instanceof ApiError && listed.error.status === 403) return null;
  const groups = Object.entries(listed.value?.result.groups ?? {});
  return (
    <section class="card groups" aria-labelledby="groups-title">
      <div class="row">
        <h2 id="groups-title">{words('groups')}</h2>
        <Button small icon="plus" onClick={() => setAdding(true)}>
          {words('addGroup')}
        </Button>
      </div>
      <p class="hint">{words('groupsHint')}</p>
      {listed.error !== null && <ErrorBox error={listed.error} onRetry={listed.reload} />}
      {listed.value && groups.length === 0 && <p class="muted">{words('noGroups')}</p>}
      {groups.length > 0 && (
        <dl class="region-facts">
          {groups.map(([name, regions]) => (
            <div key={name}>
              <dt>
                <code>group:{name}</code>
              </dt>
              <dd>{regions.join(', ')}</dd>
            </div>
          ))}
        </dl>
      )}
      {adding && <AddGroup topology={topology} taken={groups.map(([name]) => name)} onAdded={listed.reload} onClose={() => setAdding(false)} />}
    </section>
  );
}

function AddGroup({ topology, taken, onAdded, onClose }: { topology: Topology; taken: string[]; onAdded(): void; onClose(): void }) {
  const [name, setName] = useState('');
  const [regions, setRegions] = useState<string[]>([]);
  const body = { name, regions };
  const add = async () => {
    await call('addRegionGroup', { body });
    toast(words('groupAdded', { name }));
    onAdded();
    onClose();
  };
  const error = taken.includes(name) ? words('groupTaken') : name && !/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name) ? words('groupName') : undefined;
  return (
    <ActDialog title={words('addGroup')} action={words('addGroup')} ready={name !== '' && !error && regions.length > 0} onAct={add} onClose={onClose}>
      <p>{words('groupText')}</p>
      <Field label={words('name')} hint={words('groupName')} error={error} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} />
      <fieldset class="field-group">
        <legend>{words('regions')}</legend>
        {topology.regions
          .filter(region => region.state !== 'removed')
          .map(region => (
            <Checkbox key={region.name} label={region.name} checked={regions.includes(region.name)} onValue={isIn => setRegions(isIn ? [...regions, region.name] : regions.filter(one => one !== region.name))} />
          ))}
      </fieldset>
      <ShowCalls curl={curlOf('addRegionGroup', { body })} />
    </ActDialog>
  );
}
