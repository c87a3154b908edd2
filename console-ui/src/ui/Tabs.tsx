import { useEffect, useRef } from 'preact/hooks';
import type { ComponentChildren } from 'preact';

export interface TabsProps {
  label: string;
  tabs: readonly { id: string; title: ComponentChildren }[];
  selected: string;
  onSelect(id: string): void;
  /** Buttons at the right end of the row. */
  children?: ComponentChildren;
}

/** A row of tabs; arrow keys move. The panel is the caller's: give it `role="tabpanel"` and `id="panel-ID"`. */
export function Tabs({ label, tabs, selected, onSelect, children }: TabsProps) {
  const row = useRef<HTMLDivElement>(null);
  // A narrow row scrolls; the selected one must not be beyond its end.
  useEffect(() => row.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest', inline: 'center' }), [selected]);
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = tabs[(tabs.findIndex(tab => tab.id === selected) + step + tabs.length) % tabs.length];
    onSelect(next.id);
    row.current?.querySelector<HTMLElement>(`[data-tab="${CSS.escape(next.id)}"]`)?.focus();
  };
  return (
    <div class="tabs">
      <div ref={row} role="tablist" aria-label={label} class="tab-row" onKeyDown={move}>
        {tabs.map(tab => (
          <button key={tab.id} type="button" role="tab" data-tab={tab.id} aria-selected={tab.id === selected} tabIndex={tab.id === selected ? 0 : -1} onClick={() => onSelect(tab.id)}>
            {tab.title}
          </button>
        ))}
      </div>
      {children && <div class="tab-extra">{children}</div>}
    </div>
  );
}
