import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import type { Region } from '../../core/map/topology';
import { Button } from '../../ui/Button';
import { Confirm } from '../../ui/Confirm';
import { Checkbox } from '../../ui/Field';
import { toast } from '../../ui/Toast';
import { words } from './messages';

/** Ends the membership of a region, once its name is typed. */
export function RemoveRegion({ region: { name }, onRemoved }: { region: Region; onRemoved(): void }) {
  const [asking, setAsking] = useState(false);
  const [isGone, setGone] = useState(false);
  const remove = async () => {
    await call('removeRegion', { path: { name }, query: isGone ? { isGone: 'true' } : {} });
    toast(words('removed', { name }));
    onRemoved();
  };
  return (
    <>
      <Button icon="trash" onClick={() => setAsking(true)}>
        {words('remove')}
      </Button>
      {asking && (
        <Confirm title={words('removeTitle', { name })} action={words('remove')} typeName={name} onClose={() => setAsking(false)} onConfirm={remove}>
          <p>{words('removeText', { name })}</p>
          <Checkbox label={words('isGone', { name })} checked={isGone} onValue={setGone} />
          {isGone && <p class="hint">{words('isGoneText', { name })}</p>}
        </Confirm>
      )}
    </>
  );
}
