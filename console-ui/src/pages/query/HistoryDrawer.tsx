import { useMemo, useState } from 'preact/hooks';
import { formatDuration, formatTime } from '../../core/messages';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { QueryText } from '../queries/QueryText';
import { clearHistory, entries, type HistoryEntry, searchHistory } from './history';
import { words } from './messages';

const TEXT_MAX = 600;

/** The last 200 runs of this user, newest first. */
export function HistoryDrawer({ onOpen, onRun, onClose }: { onOpen(entry: HistoryEntry): void; onRun(entry: HistoryEntry): void; onClose(): void }) {
  const [typed, setTyped] = useState('');
  const found = useMemo(() => searchHistory(entries.value, typed), [entries.value, typed]);
  return (
    <Dialog
      drawer
      wide
      title={words('history')}
      onClose={onClose}
      actions={
        entries.value.length > 0 && (
          <Button icon="trash" onClick={clearHistory}>
            {words('historyClear')}
          </Button>
        )
      }
    >
      <Field label={words('historySearch')} bare type="search" placeholder={words('historySearch')} value={typed} onValue={setTyped} data-first />
      {found.length === 0 && <p class="hint">{entries.value.length === 0 ? words('historyEmpty') : words('historyNothing')}</p>}
      <ul class="history">
        {found.map(entry => (
          <li key={`${entry.at}`}>
            <div class="history-head">
              <span class="numbers muted">{formatTime(entry.at)}</span>
              {entry.error ? <span class="badge bad">{words('failed')}</span> : <span class="numbers">{words('statusRows', { count: entry.rows, time: formatDuration(entry.milliseconds) })}</span>}
              {entry.fabric !== '_system' && <span class="badge">{entry.fabric}</span>}
            </div>
            <QueryText text={entry.text} lengthMax={TEXT_MAX} />
            {entry.error && <p class="hint bad">{entry.error}</p>}
            <div class="row">
              <Button small kind="primary" icon="play" onClick={() => onRun(entry)}>
                {words('runAgain')}
              </Button>
              <Button small icon="edit" onClick={() => onOpen(entry)}>
                {words('openInTab')}
              </Button>
              <CopyButton text={entry.text}>{words('copyText')}</CopyButton>
            </div>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
