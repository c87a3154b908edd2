import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { toast } from '../../ui/Toast';
import { words } from './messages';
import { forget, runs } from './runs';
import { activeId, activeTab, changeTab, closeTab, openTab, type QueryTab, tabs, titleOf } from './tabs';

/** The open queries; a double click renames one, and a closed one can be had back. */
export function TabStrip() {
  const [renamed, setRenamed] = useState<QueryTab | null>(null);
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => row.current!.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [activeTab.value.id]);
  return (
    <div class="query-tabs">
      <div class="query-tab-row" ref={row} role="group" aria-label={words('openQueries')}>
        {tabs.value.map((tab, index) => {
          const isActive = tab.id === activeTab.value.id;
          const title = titleOf(tab) || words('untitled', { number: index + 1 });
          return (
            <div key={tab.id} class={isActive ? 'query-tab active' : 'query-tab'}>
              <button type="button" aria-pressed={isActive} onClick={() => (activeId.value = tab.id)} onDblClick={() => setRenamed(tab)} onMouseDown={event => event.button === 1 && close(tab.id)} title={title}>
                {tab.saved && <Icon name="saved" size={12} />}
                {runs.value.get(tab.id)?.state === 'running' && <span class="spinner" aria-hidden="true" />}
                <span>{title}</span>
              </button>
              <button type="button" class="query-tab-close" aria-label={words('closeTab', { name: title })} onClick={() => close(tab.id)}>
                <Icon name="close" size={12} />
              </button>
            </div>
          );
        })}
      </div>
      <Button small icon="plus" data-new onClick={() => openTab()}>
        {words('new')}
      </Button>
      {renamed && <RenameDialog tab={renamed} onClose={() => setRenamed(null)} />}
    </div>
  );
}

function RenameDialog({ tab, onClose }: { tab: QueryTab; onClose(): void }) {
  const [name, setName] = useState(titleOf(tab));
  const rename = () => {
    changeTab(tab.id, { name: name.trim() || undefined });
    onClose();
  };
  return (
    <Dialog
      title={words('renameTab')}
      onClose={onClose}
      onSubmit={rename}
      actions={
        <Button kind="primary" type="submit">
          {words('rename')}
        </Button>
      }
    >
      <Field label={words('name')} value={name} onValue={setName} data-first />
    </Dialog>
  );
}

function close(id: string): void {
  const index = tabs.value.findIndex(tab => tab.id === id);
  const tab = tabs.value[index];
  forget(id);
  closeTab(id);
  if (tab?.text.trim()) toast({ kind: 'note', text: words('tabClosed'), action: { text: words('undo'), run: () => openTab({ ...tab }) } });
}
