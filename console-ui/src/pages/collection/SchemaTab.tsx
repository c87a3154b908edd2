import { useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { formatNumber } from '../../core/messages';
import { Busy } from '../../ui/Busy';
import { EmptyState } from '../../ui/EmptyState';
import { ErrorBox } from '../../ui/ErrorBox';
import { cellText } from '../../core/results/columns';
import { FilterField } from '../../ui/FilterField';
import { useLoad } from '../../ui/useLoad';
import type { TabProps } from './CollectionPage';
import { words } from './messages';
import { Validation } from './Validation';

const sampleSize = 1000;
const short = (value: unknown) => {
  const text = cellText(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
};

/** What the documents look like, from a sample the server takes. */
export function SchemaTab({ collection, onRedefined }: TabProps) {
  const { name } = collection;
  const sample = useLoad(signal => call('sampleCollection', { path: { collection: name }, query: { limit: String(sampleSize) }, signal }).then(answer => answer.result), [name]);
  const [typed, setTyped] = useState('');
  if (sample.error) return <ErrorBox error={sample.error} onRetry={sample.reload} />;
  if (!sample.value) return <Busy onCancel={sample.cancel} />;
  const { fields, sampled, count } = sample.value;
  const validation = <Validation collection={collection} sample={sample.value} onChanged={onRedefined} />;
  if (sampled === 0)
    return (
      <>
        <div class="toolbar">{validation}</div>
        <EmptyState icon="table" title={words('noSample')} />
      </>
    );
  const shown = fields.filter(field => field.path.toLowerCase().includes(typed.toLowerCase()));
  return (
    <>
      <div class="toolbar">
        <FilterField label={words('filterFields')} value={typed} onValue={setTyped} />
        <span class="muted">{words('sampled', { sampled, count })}</span>
        {validation}
      </div>
      <div class="table-card" tabIndex={0} role="region" aria-label={words('schema')}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{words('path')}</th>
              <th scope="col">{words('share')}</th>
              <th scope="col">{words('types')}</th>
              <th scope="col">{words('range')}</th>
              <th scope="col">{words('topValues')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(field => (
              <tr key={field.path}>
                <th scope="row">
                  <code>{field.path}</code>
                </th>
                <td class="numbers">
                  <span class="share-bar" aria-hidden="true">
                    <span style={{ width: `${Math.round(field.share * 100)}%` }} />
                  </span>
                  {formatNumber(field.share, { style: 'percent', maximumFractionDigits: 0 })}
                </td>
                <td>
                  <div class="row">
                    {Object.entries(field.types).map(([type, times]) => (
                      <span key={type} class="badge">
                        {type} {Object.keys(field.types).length > 1 && formatNumber(times / field.count, { style: 'percent', maximumFractionDigits: 0 })}
                      </span>
                    ))}
                  </div>
                </td>
                <td class="muted">{field.min !== undefined && field.min !== null && `${short(field.min)} … ${short(field.max)}`}</td>
                <td>
                  <div class="row">
                    {field.top.slice(0, 4).map((one, index) => (
                      <span key={index} class="muted">
                        <code>{short(one.value)}</code> <span class="numbers">×{formatNumber(one.count)}</span>
                      </span>
                    ))}
                  </div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
