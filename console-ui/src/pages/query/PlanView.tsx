import { useMemo, useState } from 'preact/hooks';
import { call } from '../../core/api/client';
import { formatDuration } from '../../core/messages';
import { layoutPlan, type PlanBox } from '../../core/plan/layout';
import type { IndexAdvice } from '../../core/plan/model';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { ErrorBox } from '../../ui/ErrorBox';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import { forgetFacts } from './facts';
import { JsonText } from './JsonView';
import { words } from './messages';
import type { Run } from './runs';
import './plan.css';

/** The plan of a query as a picture, first step on top; a profile shows what each step really did. */
export function PlanView({ run, onAgain }: { run: Run; onAgain(): void }) {
  const [isRaw, setRaw] = useState(false);
  const plan = run.plan!;
  const picture = useMemo(() => layoutPlan(plan.nodes, run.figures), [plan, run.figures]);
  const advice = run.advice ?? picture.boxes.flatMap(box => box.advice ?? []);
  const raw = useMemo(() => JSON.stringify(run.statistics ? { plan, stats: run.statistics, profile: run.stages } : plan, null, 2), [plan, run.statistics]);
  return (
    <div class="plan-view">
      <div class="toolbar">
        <span class="plan-summary">
          {picture.isMeasured
            ? words('planMeasured', { time: formatDuration((run.statistics?.executionTime ?? 0) * 1000), scanned: run.statistics?.scannedFull ?? 0, indexed: run.statistics?.scannedIndex ?? 0, filtered: run.statistics?.filtered ?? 0 })
            : words('planEstimated', { cost: Math.round(plan.estimatedCost), rows: Math.round(plan.estimatedNrItems) })}
        </span>
        <Button small icon="code" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
          {words('planRaw')}
        </Button>
        {plan.text && (
          <CopyButton text={plan.text}>
            {words('planCopy')}
          </CopyButton>
        )}
      </div>
      {isRaw ? (
        <JsonText text={raw} label={words('planRaw')} />
      ) : (
        <div class="plan-scroll" tabIndex={0} role="region" aria-label={words('plan')}>
          {advice.map(one => (
            <Advice key={`${one.collection} ${one.fields.join()}`} advice={one} onCreated={onAgain} />
          ))}
          <Picture boxes={picture.boxes} links={picture.links} width={picture.width} height={picture.height} isMeasured={picture.isMeasured} />
          {run.stages && <Stages stages={run.stages} />}
          <Rules rules={plan.rules} />
        </div>
      )}
    </div>
  );
}

function Picture({ boxes, links, width, height, isMeasured }: ReturnType<typeof layoutPlan>) {
  return (
    <div class="plan-picture" style={{ width: `${width}px`, height: `${height}px` }}>
      <svg width={width} height={height} aria-hidden="true">
        {links.map(link => (
          <path
            key={link.key}
            class={link.isSubquery ? 'plan-link subquery' : 'plan-link'}
            d={link.isSubquery ? `M${link.from[0]} ${link.from[1]}V${link.to[1]}H${link.to[0]}` : `M${link.from[0]} ${link.from[1]}V${link.to[1]}`}
            stroke-width={link.width}
            fill="none"
          />
        ))}
      </svg>
      <ol>
        {boxes.map(box => (
          <li key={box.key} class={box.isFullScan ? 'plan-box full-scan' : 'plan-box'} style={{ left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` }} title={box.detail}>
            <Box box={box} isMeasured={isMeasured} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function Box({ box, isMeasured }: { box: PlanBox; isMeasured: boolean }) {
  const percent = Math.round(box.share * 100);
  return (
    <>
      <div class="plan-title">
        {box.isFullScan && <Icon name="warning" size={14} />}
        <strong>{box.title}</strong>
        <span class="plan-rows numbers">
          {box.rows !== null ? (
            <>
              <b>{words('planRows', { count: box.rows })}</b> <span class="muted">{words('planOf', { count: Math.round(box.estimatedRows) })}</span>
            </>
          ) : (
            <span class="muted">≈ {words('planRows', { count: Math.round(box.estimatedRows) })}</span>
          )}
        </span>
      </div>
      <code class="plan-detail">{box.detail}</code>
      {(box.seconds !== null || !isMeasured) && (
        <div class="plan-share">
          <span class="plan-bar">
            <span style={{ width: `${Math.max(percent, 1)}%` }} />
          </span>
          <span class="numbers muted">{box.seconds !== null ? `${formatDuration(box.seconds * 1000)} · ${percent} %` : words('planCost', { percent })}</span>
        </div>
      )}
    </>
  );
}

function Advice({ advice, onCreated }: { advice: IndexAdvice; onCreated(): void }) {
  const [state, setState] = useState<'offered' | 'creating' | 'created'>('offered');
  const [error, setError] = useState<unknown>(null);
  const name = `${advice.collection}(${advice.fields.join(', ')})`;
  const create = async () => {
    setState('creating');
    setError(null);
    try {
      await call('createPersistentIndex', { query: { collection: advice.collection }, body: { type: advice.type, fields: advice.fields } });
      forgetFacts(advice.collection);
      setState('created');
      toast(words('indexCreated', { name }));
      onCreated();
    } catch (problem) {
      setError(problem);
      setState('offered');
    }
  };
  return (
    <div class="plan-advice">
      <Icon name="warning" size={18} />
      <div>
        <strong>{words('indexAdvice', { name })}</strong>
        <div>{advice.reason ?? words('fullScan', { name: advice.collection })}</div>
        {error !== null && <ErrorBox error={error} />}
      </div>
      <Button kind="primary" small icon="bolt" disabled={state !== 'offered'} onClick={() => void create()}>
        {words('createIndex')}
      </Button>
    </div>
  );
}

function Stages({ stages }: { stages: Record<string, number> }) {
  const shown = Object.entries(stages).filter(([, seconds]) => seconds > 0);
  const whole = shown.reduce((sum, [, seconds]) => sum + seconds, 0);
  return (
    <section class="plan-stages">
      <h3>{words('stages')}</h3>
      <dl>
        {shown.map(([name, seconds]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="plan-bar">
                <span style={{ width: `${Math.max(1, (seconds / whole) * 100)}%` }} />
              </span>
              <span class="numbers">{formatDuration(seconds * 1000)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Rules({ rules }: { rules: readonly string[] }) {
  return (
    <section class="plan-rules">
      <h3>{words('rules')}</h3>
      {rules.length === 0 ? <p class="hint">{words('noRules')}</p> : <div class="chips">{rules.map(rule => <span key={rule} class="badge">{rule}</span>)}</div>}
    </section>
  );
}
