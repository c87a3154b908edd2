import { useState } from 'preact/hooks';
import { call, curlOf } from '../core/api/client';
import { fabric, navigate } from '../core/router';
import { ActDialog } from '../ui/ActDialog';
import { Confirm } from '../ui/Confirm';
import { Field } from '../ui/Field';
import { ShowCalls } from '../ui/ShowCalls';
import { toast } from '../ui/Toast';
import { words as common } from '../ui/messages';
import { words } from './fabricMessages';

export interface FabricDialogProps {
  /** The fabrics are others now. */
  onChanged(): void;
  onClose(): void;
}

/** Fabrics are made and dropped through the system fabric alone, whichever is shown. */
const systemFabric = '_system';

/** Asks for the name of a new fabric, and goes there. */
export function AddFabric({ onChanged, onClose }: FabricDialogProps) {
  const [name, setName] = useState('');
  const request = { fabric: systemFabric, body: { name } };
  const add = async () => {
    await call('createFabric', request);
    toast(words('added', { name }));
    onChanged();
    onClose();
    navigate(`/collections?fabric=${encodeURIComponent(name)}`);
  };
  return (
    <ActDialog title={words('addTitle')} action={common('save')} ready={name !== ''} onAct={add} onClose={onClose}>
      <Field label={words('name')} name="name" value={name} onValue={setName} hint={words('nameHint')} data-first required autocomplete="off" spellcheck={false} />
      <ShowCalls curl={curlOf('createFabric', request)} />
    </ActDialog>
  );
}

/** Drops the fabric that is shown, once its name is typed, and goes to the system fabric. */
export function DropFabric({ onChanged, onClose }: FabricDialogProps) {
  // What was asked for stays, even when the address changes below the dialog.
  const [name] = useState(fabric.value);
  const request = { fabric: systemFabric, path: { name } };
  const drop = async () => {
    await call('dropFabric', { ...request, timeoutMilliseconds: 0 });
    toast(words('dropped', { name }));
    onChanged();
    // In place of the present address: nothing of the dropped fabric can be kept by staying, or seen by going back.
    navigate(`/collections?fabric=${systemFabric}`, { replace: true });
  };
  return (
    <Confirm title={words('dropTitle', { name })} action={words('drop')} typeName={name} onConfirm={drop} onClose={onClose}>
      <p>{words('dropText', { name })}</p>
      <ShowCalls curl={curlOf('dropFabric', request)} />
    </Confirm>
  );
}
