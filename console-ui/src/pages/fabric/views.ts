// What the page shows of a cluster beside the map. One file to fetch: they say much the same in much the same words, which shrinks well together.
export { PromoteRegion } from './cluster/PromoteRegion';
export { RegionGroups } from './cluster/RegionGroups';
export { VerifyFabric } from './cluster/VerifyFabric';
export { ConflictInspector } from './conflicts/ConflictInspector';
export { Replay } from './replay/Replay';
export { SpreadWatch } from './spread/SpreadWatch';
