import { later } from '../../ui/Later';

// What is below the map, whose code is fetched once the map is there.
const views = () => import('./views');

export const SpreadWatch = later('spread', async () => (await views()).SpreadWatch);
export const Replay = later('replay', async () => (await views()).Replay);
export const ConflictInspector = later('conflicts', async () => (await views()).ConflictInspector);
export const VerifyFabric = later('verify', async () => (await views()).VerifyFabric);
export const RegionGroups = later('groups', async () => (await views()).RegionGroups);
export const PromoteRegion = later('promote', async () => (await views()).PromoteRegion);
