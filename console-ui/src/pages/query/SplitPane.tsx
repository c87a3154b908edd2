import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { recall, remember } from '../../core/preferences';
import { words } from './messages';

const [SHARE_MIN, SHARE_MAX, STEP] = [0.12, 0.85, 0.03];

/** Two panes with a bar between them that can be dragged, or moved by the arrow keys. The share is remembered under `name`. */
export function SplitPane({ name, initial, first, second }: { name: string; initial: number; first: ComponentChildren; second: ComponentChildren }) {
  const [share, setShare] = useState(() => recall(`split.${name}`, initial));
  const host = useRef<HTMLDivElement>(null);
  const change = (next: number) => {
    const kept = Math.min(SHARE_MAX, Math.max(SHARE_MIN, next));
    setShare(kept);
    remember(`split.${name}`, kept);
  };
  const drag = (event: PointerEvent) => {
    event.preventDefault();
    const bar = event.currentTarget as HTMLElement;
    bar.setPointerCapture(event.pointerId);
    const box = host.current!.getBoundingClientRect();
    bar.onpointermove = move => change((move.clientY - box.top) / box.height);
    bar.onpointerup = () => (bar.onpointermove = null);
  };
  return (
    <div class="split" ref={host}>
      <div class="split-first" style={{ flexBasis: `${share * 100}%` }}>
        {first}
      </div>
      <div
        class="split-bar"
        role="separator"
        aria-orientation="horizontal"
        aria-label={words('resize')}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={Math.round(SHARE_MIN * 100)}
        aria-valuemax={Math.round(SHARE_MAX * 100)}
        tabIndex={0}
        onPointerDown={drag}
        onDblClick={() => change(initial)}
        onKeyDown={event => {
          const step = { ArrowUp: -STEP, ArrowDown: STEP }[event.key];
          if (!step) return;
          event.preventDefault();
          change(share + step);
        }}
      />
      <div class="split-second">{second}</div>
    </div>
  );
}
