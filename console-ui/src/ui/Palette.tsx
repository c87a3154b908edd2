import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { Icon } from './Icon';
import { bestOf, paletteSources, type PaletteEntry } from './paletteSources';
import { words } from './messages';
import { useLater } from './useLater';

const most = 24;

/** Ctrl+K: type a few letters, Enter goes there. */
export default function Palette({ onClose }: { onClose(): void }) {
  const [typed, setTyped] = useState('');
  const [entries, setEntries] = useState<PaletteEntry[]>([]);
  const [at, setAt] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current!.showModal();
    // Sources answer in their own time; a slow or failing one does not keep the others back.
    for (const source of paletteSources())
      void Promise.resolve(source()).then(
        more => setEntries(before => [...before, ...more]),
        () => undefined,
      );
  }, []);
  const shown = useLater(typed);
  const found = useMemo(() => bestOf(entries, shown, most), [entries, shown]);
  const choose = (entry: PaletteEntry | undefined) => {
    if (!entry) return;
    onClose();
    entry.run();
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      const next = Math.min(found.length - 1, Math.max(0, at + step));
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    } else if (event.key === 'Enter') {
      event.preventDefault();
      // Fast fingers are ahead of the list.
      choose(shown === typed ? found[at] : bestOf(entries, typed, 1)[0]);
    }
    event.stopPropagation();
  };
  return (
    <dialog
      ref={dialog}
      class="dialog palette"
      aria-label={words('palettePlaceholder')}
      onCancel={event => {
        event.preventDefault();
        onClose();
      }}
      onMouseDown={event => event.target === dialog.current && onClose()}
    >
      <div class="palette-input">
        <Icon name="search" size={18} />
        <input
          role="combobox"
          aria-label={words('palettePlaceholder')}
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length ? `${id}-${at}` : undefined}
          placeholder={words('palettePlaceholder')}
          value={typed}
          onInput={event => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={keys}
          autoFocus
          autocomplete="off"
          spellcheck={false}
        />
      </div>
      <div id={`${id}-list`} role="listbox" aria-label={words('results', { count: found.length })} class="palette-list">
        {found.map((entry, index) => (
          <div key={entry.id} id={`${id}-${index}`} role="option" aria-selected={index === at} onPointerMove={() => setAt(index)} onClick={() => choose(entry)}>
            <Icon name={entry.icon} />
            <span class="palette-title">{entry.title}</span>
            <span class="palette-kind">{entry.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="palette-empty">{words('paletteEmpty')}</p>}
    </dialog>
  );
}
