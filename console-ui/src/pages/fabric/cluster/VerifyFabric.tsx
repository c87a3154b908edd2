import { useRef, useState } from 'preact/hooks';
import type { CheckReport, Verification } from '../../../core/api/answers';
import { call, curlOf } from '../../../core/api/client';
import type { Topology } from '../../../core/map/topology';
import { formatNumber } from '../../../core/messages';
import { fabric } from '../../../core/router';
import { Busy } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Select } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { words } from './messages';

const badges = { equal: 'good', different: 'bad', moving: 'warn', unknown: 'note' } as const;
const verifyMilliseconds = 60_000;
const checkMilliseconds = 600_000;

type Found = { kind: 'verify'; answer: Verification } | { kind: 'check'; answer: CheckReport; region: string };

/** Whether the regions have the same, and whether what one of them stores agrees with itself: what the command line's verify and check do. */
export function VerifyFabric({ topology }: { topology: Topology }) {
  const [region, setRegion] = useState(topology.self);
  const [running, setRunning] = useState<Found['kind'] | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<unknown>(null);
  const stop = useRef<AbortController | null>(null);
  const there: Record<string, string> = region === topology.self ? {} : { 'x-gf-region': region };
  const run = async (kind: Found['kind']) => {
    const mine = (stop.current = new AbortController());
    setRunning(kind);
    setError(null);
    setFound(null);
    try {
      if (kind === 'verify') {
        const { result } = await call('verifyReplication', { query: { compare: 'true' }, signal: mine.signal, timeoutMilliseconds: verifyMilliseconds });
        setFound({ kind, answer: result });
      } else {
        const { result } = await call('checkFabric', { headers: there, signal: mine.signal, timeoutMilliseconds: checkMilliseconds });
        setFound({ kind, answer: result, region });
      }
    } catch (problem) {
      if (!mine.signal.aborted) setError(problem);
    } finally {
      setRunning(null);
    }
  };
  return (
    <section class="card verify" aria-labelledby="verify-title">
      <h2 id="verify-title">{words('verifyTitle', { fabric: fabric.value })}</h2>
      <p class="hint">{words('verifyHint')}</p>
      <div class="row">
        <Button kind="primary" disabled={running !== null} onClick={() => void run('verify')}>
          {words('verify')}
        </Button>
        <Button disabled={running !== null} onClick={() => void run('check')}>
          {words('check')}
        </Button>
        <Select bare label={words('checkedRegion')} value={region} onValue={setRegion} options={topology.regions.map(one => [one.name, one.name] as const)} disabled={running !== null} />
      </div>
      {running && <Busy what={words(running === 'verify' ? 'verifying' : 'checking')} onCancel={() => stop.current?.abort()} />}
      {error !== null && <ErrorBox error={error} />}
      {found?.kind === 'verify' && <Verified answer={found.answer} />}
      {found?.kind === 'check' && <Checked answer={found.answer} region={found.region} />}
      <ShowCalls curl={`${curlOf('verifyReplication', { query: { compare: 'true' } })}\n${curlOf('checkFabric', {})}${region === topology.self ? '' : ` -H 'x-gf-region: ${region}'`}`} />
    </section>
  );
}

function Verified({ answer }: { answer: Verification }) {
  const regions = [...new Set(answer.collections.flatMap(one => Object.keys(one.regions)))];
  const verdicts = answer.collections.flatMap(one => Object.values(one.regions));
  const worst = (['different', 'unknown', 'moving'] as const).find(verdict => verdicts.includes(verdict)) ?? 'equal';
  return (
    <>
      <p role="status" class={`notice ${worst === 'equal' ? 'good' : 'warn'}`}>
        {words(`all_${worst}`)}
      </p>
      {Object.entries(answer.silent).map(([region, problem]) => (
        <p key={region} class="hint bad">
          {region}: {problem}
        </p>
      ))}
      <div class="scrolling" tabIndex={0} role="region" aria-label={words('verify')}>
        <table class="regions">
          <thead>
            <tr>
              <th scope="col">{words('collection')}</th>
              <th scope="col" class="number">
                {words('documents')}
              </th>
              <th scope="col">{words('root', { region: answer.region })}</th>
              {regions.map(region => (
                <th key={region} scope="col">
                  {region}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {answer.collections.map(one => (
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td class="number">{formatNumber(one.documents)}</td>
                <td>
                  <code title={one.root}>{one.root.slice(0, 12)}</code>
                </td>
                {regions.map(region => (
                  <td key={region}>{one.regions[region] ? <span class={`badge ${badges[one.regions[region]]}`}>{words(one.regions[region])}</span> : '–'}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function Checked({ answer, region }: { answer: CheckReport; region: string }) {
  return (
    <>
      <p role="status" class={`notice ${answer.differences === 0 ? 'good' : 'warn'}`}>
        {words(answer.differences === 0 ? 'agrees' : 'differs', { region, count: answer.differences })}
      </p>
      {answer.disagreements.length > 0 && (
        <ul>
          {answer.disagreements.map(one => (
            <li key={one}>{one}</li>
          ))}
        </ul>
      )}
      <div class="scrolling" tabIndex={0} role="region" aria-label={words('check')}>
        <table class="regions">
          <thead>
            <tr>
              <th scope="col">{words('collection')}</th>
              <th scope="col">{words('index')}</th>
              <th scope="col" class="number">
                {words('compared')}
              </th>
              <th scope="col" class="number">
                {words('differences')}
              </th>
            </tr>
          </thead>
          <tbody>
            {answer.collections.flatMap(one => [
              <tr key={one.name}>
                <th scope="row">{one.name}</th>
                <td>–</td>
                <td class="number">{formatNumber(one.documents)}</td>
                <td class="number">{formatNumber(one.differences)}</td>
              </tr>,
              ...one.indexes.map(index => (
                <tr key={`${one.name} ${index.name}`}>
                  <th scope="row">{one.name}</th>
                  <td>{index.isBuilding ? words('building', { name: index.name }) : `${index.name} (${index.type})`}</td>
                  <td class="number">{formatNumber(index.entries)}</td>
                  <td class="number">{formatNumber(index.differences)}</td>
                </tr>
              )),
            ])}
            <tr>
              <th scope="row">{words('changeLog')}</th>
              <td>–</td>
              <td class="number">{formatNumber(answer.changeRecords)}</td>
              <td class="number">{formatNumber(answer.differences - answer.collections.reduce((sum, one) => sum + one.differences, 0))}</td>
            </tr>
          </tbody>
        </table>
      </div>
    </>
  );
}
