import { shortcuts } from '../core/shortcuts';
import { Dialog } from '../ui/Dialog';
import { shellWords } from './messages';

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const nameOf = (key: string) => ({ mod: isMac ? '⌘' : 'Ctrl', ctrl: 'Ctrl', shift: 'Shift', alt: isMac ? '⌥' : 'Alt', enter: 'Enter', escape: 'Esc', tab: 'Tab', space: shellWords('spaceKey') })[key] ?? (key.length === 1 ? key.toUpperCase() : key);

/** The list of keys under `?`. */
export function KeyHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={shellWords('keys')} onClose={onClose}>
      <dl class="key-list">
        {shortcuts.value.map(one => (
          <div key={one.keys}>
            <dt>
              {one.keys.split(' ').map((chord, index) => (
                <span key={index}>
                  {(chord === '+' ? ['+'] : chord.split('+')).map(part => (
                    <kbd key={part}>{nameOf(part)}</kbd>
                  ))}
                </span>
              ))}
            </dt>
            <dd>{one.title()}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
