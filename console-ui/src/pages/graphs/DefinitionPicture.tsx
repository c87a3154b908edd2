import type { GraphDefinition } from '../../core/api/answers';
import { words } from './messages';

/** Which edges lead from which collections to which, one row for each kind of edge. */
export function DefinitionPicture({ graph }: { graph: GraphDefinition }) {
  return (
    <div class="definition" aria-label={words('definition')} role="group">
      {graph.edgeDefinitions.map(({ collection, from, to }) => (
        <p key={collection} class="definition-row">
          <span class="definition-ends">{from.join(', ')}</span>
          <span class="definition-edge">
            <span>{collection}</span>
            <svg width="100%" height="10" aria-hidden="true">
              <line x1="0" y1="5" x2="100%" y2="5" />
              <svg x="100%" overflow="visible">
                <path d="M-8 0L0 5L-8 10" />
              </svg>
            </svg>
          </span>
          <span class="definition-ends">{to.join(', ')}</span>
        </p>
      ))}
      {graph.orphanCollections.length > 0 && <p class="muted">{words('orphans', { collections: graph.orphanCollections.join(', ') })}</p>}
    </div>
  );
}
