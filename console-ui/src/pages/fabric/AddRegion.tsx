import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { saveFile } from '../../core/results/download';
import { ActDialog } from '../../ui/ActDialog';
import { Button } from '../../ui/Button';
import { CodeBlock } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { words } from './messages';

const degrees = (text: string, most: number) => text === '' || (Number.isFinite(Number(text)) && Math.abs(Number(text)) <= most);

/** Admits a region: saves the file that a server joins with, and says what to do with it. */
export function AddRegion({ onAdded, onClose }: { onAdded(): void; onClose(): void }) {
  const [name, setName] = useState('');
  const [city, setCity] = useState('');
  const [country, setCountry] = useState('');
  const [latitude, setLatitude] = useState('');
  const [longitude, setLongitude] = useState('');
  const [admitted, setAdmitted] = useState<string | null>(null);
  const file = `${admitted ?? name}.join`;
  const isPlace = degrees(latitude, 90) && degrees(longitude, 180) && (latitude === '') === (longitude === '');
  const add = async () => {
    const place = { ...(city && { city }), ...(country && { country }), ...(latitude && { latitude: Number(latitude), longitude: Number(longitude) }) };
    const { joinFile } = await call('addRegion', { body: { name, ...place } });
    saveFile(new Blob([joinFile], { type: 'application/octet-stream' }), file);
    setAdmitted(name);
    onAdded();
  };
  if (admitted !== null)
    return (
      <Dialog
        wide
        title={words('admitted', { name: admitted })}
        onClose={onClose}
        actions={
          <Button kind="primary" data-first onClick={onClose}>
            {words('close')}
          </Button>
        }
      >
        <p>{words('admittedText', { file })}</p>
        <CodeBlock label={words('startThere')} text={`geofabric start --join ${file} --data ${admitted} --port 8529 --peer-port 8530`} />
      </Dialog>
    );
  return (
    <ActDialog title={words('addRegion')} action={words('addRegion')} ready={name !== '' && isPlace} onAct={add} onClose={onClose}>
      <Field label={words('name')} hint={words('nameHint')} value={name} onValue={setName} data-first autocomplete="off" spellcheck={false} />
      <Field label={words('city')} value={city} onValue={setCity} autocomplete="off" placeholder="Dublin" />
      <Field label={words('country')} value={country} onValue={setCountry} autocomplete="off" placeholder="Ireland" />
      <Field label={words('latitude')} hint={words('placeHint')} value={latitude} onValue={setLatitude} inputMode="decimal" autocomplete="off" placeholder="53.35" error={degrees(latitude, 90) ? undefined : words('badDegrees', { most: 90 })} />
      <Field label={words('longitude')} value={longitude} onValue={setLongitude} inputMode="decimal" autocomplete="off" placeholder="-6.26" error={degrees(longitude, 180) ? undefined : words('badDegrees', { most: 180 })} />
    </ActDialog>
  );
}
