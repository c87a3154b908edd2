import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { call, curlOf } from '../../../core/api/client';
import type { Topology } from '../../../core/map/topology';
import { formatDuration, locale } from '../../../core/messages';
import { changeQuery, location } from '../../../core/router';
import { Busy } from '../../../ui/Busy';
import { Button } from '../../../ui/Button';
import { ErrorBox } from '../../../ui/ErrorBox';
import { Select } from '../../../ui/Field';
import { ShowCalls } from '../../../ui/ShowCalls';
import { useLoad } from '../../../ui/useLoad';
import { words } from './messages';
import { eventBeside, eventsUntil, recordingOf, timeIn, topologyAt, type Recording } from './replay';

export interface ReplayProps {
  topology: Topology;
  /** What the map is to show; null for the present. */
  onShow(topology: Topology | null): void;
  onClose(): void;
}

/** Plays on the map what regions, links and copies did during the last ten minutes. */
export function Replay({ topology, onShow, onClose }: ReplayProps) {
  const loaded = useLoad(signal => call('readTopologyHistory', { signal, timeoutMilliseconds: 15_000 }).then(answer => recordingOf(answer.result)), []);
  if (loaded.error !== null && !loaded.value) return <ErrorBox error={loaded.error} onRetry={loaded.reload} />;
  if (!loaded.value) return <Busy onCancel={onClose} />;
  return <Player recording={loaded.value} topology={topology} onShow={onShow} onClose={onClose} onReload={loaded.reload} />;
}

const speeds = ['1', '10', '30', '60'];
const frameMilliseconds = 100;
/** Without motion the map does not run: it goes from one event to the next. */
const calmMilliseconds = 2000;
const isCalm = () => matchMedia('(prefers-reduced-motion: reduce)').matches;

function Player({ recording, topology, onShow, onClose, onReload }: ReplayProps & { recording: Recording; onReload(): void }) {
  const { from, to } = recording;
  const within = (time: number) => Math.min(to, Math.max(from, time));
  const [time, setTime] = useState(() => within(timeIn(recording, Date.parse(location.value.query.get('replay') ?? '') || from)));
  const [playing, setPlaying] = useState(false);
  const [speed, setSpeed] = useState('10');
  const now = useRef(time);
  now.current = time;
  const shown = useMemo(() => topologyAt(topology, recording, time), [recording, time]);
  useEffect(() => onShow(shown), [shown]);
  useEffect(() => () => onShow(null), []);
  useEffect(() => {
    if (!playing) changeQuery({ replay: new Date(time).toISOString() });
  }, [playing, time]);
  useEffect(() => {
    if (!playing) return;
    const calm = isCalm();
    const timer = setInterval(
      () => {
        const event = eventBeside(recording, now.current, 1) ?? to;
        // However fast, every event has a frame of its own.
        const next = calm ? event : Math.min(event, now.current + frameMilliseconds * Number(speed));
        setTime(within(next));
        if (next >= to) setPlaying(false);
      },
      calm ? calmMilliseconds : frameMilliseconds,
    );
    return () => clearInterval(timer);
  }, [playing, speed, recording]);
  const clock = new Intl.DateTimeFormat(locale(), { timeStyle: 'medium' });
  const goTo = (next: number | null) => {
    setPlaying(false);
    if (next !== null) setTime(within(next));
  };
  const [before, after] = [eventBeside(recording, time, -1), eventBeside(recording, time, 1)];
  const told = eventsUntil(recording, time, 5);
  const text = words('at', { time: clock.format(time), ago: formatDuration(Math.max(0, Math.round((to - time) / 1000) * 1000)) });
  return (
    <div class="replay" role="group" aria-label={words('title')}>
      <div class="row">
        <Button kind="primary" small icon={playing ? 'stop' : 'play'} aria-pressed={playing} onClick={() => (time >= to && !playing ? (setTime(from), setPlaying(true)) : setPlaying(!playing))}>
          {words(playing ? 'pause' : 'play')}
        </Button>
        <Button small disabled={before === null} onClick={() => goTo(before)}>
          {words('before')}
        </Button>
        <Button small disabled={after === null} onClick={() => goTo(after)}>
          {words('after')}
        </Button>
        <Select bare label={words('speed')} value={speed} onValue={setSpeed} options={speeds.map(one => [one, words('times', { speed: one })] as const)} />
        <strong class="numbers replay-time">{text}</strong>
        <Button small icon="refresh" onClick={onReload}>
          {words('again')}
        </Button>
        <Button small icon="close" onClick={onClose}>
          {words('now')}
        </Button>
      </div>
      <div class="replay-track">
        <div class="replay-marks" aria-hidden="true">
          {recording.events.map((event, index) => (
            <span key={index} class={`event-${event.kind}`} style={{ insetInlineStart: `${((event.at - from) / Math.max(1, to - from)) * 100}%` }} />
          ))}
        </div>
        <input type="range" aria-label={words('slider')} aria-valuetext={text} min={from} max={to} step={1000} value={time} onInput={event => goTo(Number(event.currentTarget.value))} />
      </div>
      <ol class="timeline" aria-label={words('events')} aria-live={playing ? 'off' : 'polite'}>
        {told.length === 0 && <li>{words('nothing')}</li>}
        {told.map((event, index) => (
          <li key={`${event.at} ${index}`} class={`event-${event.kind}`}>
            <time dateTime={new Date(event.at).toISOString()}>{clock.format(event.at)}</time>
            <span>
              {event.region}: {event.text}
            </span>
          </li>
        ))}
      </ol>
      <p class="hint">{words('how')}</p>
      <ShowCalls curl={curlOf('readTopologyHistory', {})} />
    </div>
  );
}
