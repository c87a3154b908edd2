import type { PageProps } from '../../app/pages';
import { usePlace } from '../../core/place';
import { href, navigate } from '../../core/router';
import { LinkButton } from '../../ui/Button';
import { Tabs } from '../../ui/Tabs';
import { words } from './messages';
import { RunningQueries, SlowQueries } from './QueryActivity';
import { SavedQueries } from './SavedQueries';
import './queries.css';

/** Saved queries, and what runs or ran slowly. */
export default function QueriesPage({ params }: PageProps) {
  const tab = params.tab ?? 'saved';
  usePlace([{ text: words('title') }]);
  return (
    <div class="page queries-page">
      <div class="page-head">
        <h1>{words('title')}</h1>
        <div class="actions">
          <LinkButton kind="primary" icon="plus" data-new href={href('/query')}>
            {words('newQuery')}
          </LinkButton>
        </div>
      </div>
      <Tabs
        label={words('title')}
        tabs={[
          { id: 'saved', title: words('saved') },
          { id: 'running', title: words('running') },
          { id: 'slow', title: words('slow') },
        ]}
        selected={tab}
        onSelect={id => navigate(id === 'saved' ? '/queries' : `/queries/${id}`, { replace: true })}
      />
      <div role="tabpanel" id={`panel-${tab}`} class="stack" aria-label={words(tab === 'running' ? 'running' : tab === 'slow' ? 'slow' : 'saved')}>
        {tab === 'running' ? <RunningQueries /> : tab === 'slow' ? <SlowQueries /> : <SavedQueries />}
      </div>
    </div>
  );
}
