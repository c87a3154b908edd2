import type { Reference } from '../c8ql/reference';
import type { Sample } from '../live/samples';
import type { Topology } from '../map/topology';

// The answers' shapes, as far as the console reads them. The API document leaves bodies open, so they are written here once, per operation.

export interface CollectionInfo {
  id: string;
  name: string;
  /** 2 holds documents, 3 edges. */
  type: 2 | 3;
  collectionModel?: string;
  isSystem?: boolean;
  isSpot?: boolean;
  isLocal?: boolean;
  /** Kept counters, where the server gives them with the list. */
  figures?: { count?: number; documentsSize?: number; indexes?: number | { count: number; size: number }; indexEntries?: number };
  /** The regions that keep it, where the server tells. */
  regions?: string[];
  [setting: string]: unknown;
}

export interface CollectionFigures extends Omit<CollectionInfo, 'figures'> {
  count: number;
  figures: { indexes: { count: number; size: number }; viewIndexes: { count: number; size: number }; documentsSize: number; [figure: string]: unknown };
}

export interface IndexInfo {
  id: string;
  name: string;
  type: string;
  fields: (string | { name: string; [option: string]: unknown })[];
  unique?: boolean;
  sparse?: boolean;
  selectivityEstimate?: number;
  /** Of a vector index. */
  params?: { metric: string; dimension: number };
  /** Of an index of several ranges where others are equal. */
  prefixFields?: string[];
  [setting: string]: unknown;
}

export type Verdict = 'equal' | 'different' | 'moving' | 'unknown';

/** Whether the copies of a fabric's collections are the same, as one region compared them. */
export interface Verification {
  region: string;
  collections: { name: string; documents: number; root: string; regions: Record<string, Verdict> }[];
  /** Regions that did not answer, and why. */
  silent: Record<string, string>;
}

/** Whether what one region stores agrees with itself. */
export interface CheckReport {
  differences: number;
  changeRecords: number;
  collections: { name: string; documents: number; differences: number; indexes: { name: string; type: string; entries: number; isBuilding: boolean; differences: number }[] }[];
  disagreements: string[];
}

/** How regions and links were, as each region saw it, on the clock of the region that is asked. */
export interface TopologyHistory {
  self: string;
  from: string;
  to: string;
  stepMaxMilliseconds: number;
  regions: {
    region: string;
    moments: {
      at: string;
      readiness: 'up' | 'catchingUp' | 'readOnly';
      outOfService: string[];
      links: { to: string; isConnected: boolean; isCut: boolean; delayMilliseconds: number; lagMilliseconds: number | null }[];
    }[];
  }[];
  events: { at: string; region: string; peer: string | null; kind: string; text: string }[];
}

/** Which regions have a write, as the region that wrote it knows. */
export interface Arrivals {
  revision: string;
  writtenIn: string;
  regions: { region: string; state: 'written' | 'arrived' | 'notYet' | 'notKept'; atMostMilliseconds: number | null; roundTripMilliseconds: number | null; isConnected: boolean }[];
}

/** Where and when something was written last; nulls where that is not known. */
interface Written {
  revision: string | null;
  at: string | null;
  writtenIn: string | null;
}

/** Who wrote a document, as one region knows it. */
export interface DocumentHistory extends Written {
  region: string;
  document: string;
  exists: boolean;
  /** The logs were read from here on; null when they hold everything. */
  logFrom: string | null;
  attributes: (Written & { path: string[]; source: 'metadata' | 'log' | null })[];
  hasMoreAttributes: boolean;
  writes: { revision: string; at: string; writtenIn: string; parts: { kind: string; path: string[] }[] }[];
  regions: (Written & { region: string; verdict: Verdict; exists: boolean | null; problem: string | null })[];
}

export type Document = Record<string, unknown>;

export interface QueryStatistics {
  writesExecuted?: number;
  writesIgnored?: number;
  scannedFull?: number;
  scannedIndex?: number;
  filtered?: number;
  executionTime?: number;
  peakMemoryUsage?: number;
  [figure: string]: unknown;
}

export interface CursorAnswer {
  result: unknown[];
  hasMore: boolean;
  id?: string;
  count?: number;
  cached?: boolean;
  extra?: { stats?: QueryStatistics; warnings?: { code: number; message: string }[]; profile?: unknown; plan?: unknown };
}

export interface DatacenterInfo {
  _key: string;
  name: string;
  host: string;
  local: boolean;
  status: number;
  spot_region?: boolean;
  tags: { api?: string; url?: string };
  locationInfo: { city: string; countrycode: string; countryname: string; latitude: string; longitude: string; url: string };
}

/** A saved query; what an older server does not tell is missing. */
export interface SavedQuery {
  name: string;
  value: string;
  parameter?: Record<string, unknown>;
  userid?: string;
  description?: string;
  created?: string;
  changed?: string;
  runs?: { calls: number; errors: number; lastRun: string | null; lastError: { at: string; errorNum: number; errorMessage: string } | null; averageMilliseconds: number | null };
}

/** A query that runs, or ran slowly. */
export interface QueryActivity {
  id: string;
  query: string;
  bindVars: Record<string, unknown>;
  started: string;
  /** Seconds. */
  runTime: number;
  state: string;
  user?: string;
  peakMemoryUsage?: number;
}

export interface EdgeDefinition {
  collection: string;
  from: string[];
  to: string[];
}

export interface GraphDefinition {
  name: string;
  edgeDefinitions: EdgeDefinition[];
  orphanCollections: string[];
}

/** What a view searches in a collection or a field. */
export interface ViewLink {
  analyzers?: string[];
  includeAllFields?: boolean;
  fields?: Record<string, ViewLink>;
}

export interface View {
  name: string;
  links: Record<string, ViewLink>;
}

export interface AnalyzerInfo {
  name: string;
  type: string;
  properties: Record<string, unknown>;
  features: string[];
}

export interface FabricInfo {
  name: string;
  isSystem: boolean;
  options: Record<string, unknown>;
}

export interface WrittenDocument {
  _id: string;
  _key: string;
  _rev: string;
  _oldRev?: string;
  new?: Document;
}

export interface ImportResult {
  created: number;
  errors: number;
  unprocessed: number;
  details?: { errors: { document: unknown; errorNumber: number; errorMessage: string }[]; unprocessed: unknown[] };
}

/** What the attributes of a sample of documents look like. */
export interface CollectionSample {
  count: number;
  sampled: number;
  isComplete: boolean;
  fields: { path: string; count: number; share: number; nulls: number; types: Record<string, number>; min?: unknown; max?: unknown; top: { value: unknown; count: number }[] }[];
}

/** How much is read from and written to a collection at present. */
export interface CollectionTraffic {
  name: string;
  readsPerSecond: number;
  writesPerSecond: number;
}

/** Work that goes on for long in a fabric. */
export interface Job {
  id: string;
  kind: 'indexBuild' | 'viewBuild' | 'indexRemoval' | 'contentsRemoval' | 'expiry' | 'logTrimming' | 'snapshotReceipt' | 'import' | 'check';
  /** Null when it is gone, or all of the fabric. */
  collection: string | null;
  /** What of it, such as an index. */
  subject: string | null;
  done: number;
  /** Null when nobody knows. */
  total: number | null;
  unit: 'documents' | 'entries' | 'records' | 'bytes';
  /** From 0 to 1; null when nobody knows. */
  share: number | null;
  started: string;
  canCancel: boolean;
}

/** What a call answers; calls that are not listed answer `unknown`. */
export interface Answers {
  logIn: { jwt: string; tenant: string; username: string };
  listCollections: { result: CollectionInfo[] };
  readCollection: CollectionInfo;
  readCollectionProperties: CollectionInfo;
  readCollectionFigures: CollectionFigures;
  countDocuments: { count: number };
  createCollection: CollectionInfo;
  listIndexes: { indexes: IndexInfo[] };
  runQuery: CursorAnswer;
  readNextBatch: CursorAnswer;
  executeRestqlByName: CursorAnswer;
  fetchRestqlBatch: CursorAnswer;
  readDocument: Document;
  replaceDocument: WrittenDocument;
  updateDocument: WrittenDocument;
  insertDocuments: WrittenDocument | WrittenDocument[];
  importDocuments: { result: ImportResult };
  importLines: { created: number; errors: number; empty: number; updated: number; ignored: number; details: string[]; rejects?: { row: number; errorNum: number; errorMessage: string }[] };
  sampleCollection: { result: CollectionSample };
  listMetrics: { result: { span: string; stepSeconds: number; samples: Sample[] } };
  listCollectionTraffic: { result: { seconds: number; busy: number; collections: CollectionTraffic[] } };
  listJobs: { result: Job[] };
  describeTopology: { result: Topology };
  listTopologyEvents: { result: { at: string; region: string; peer: string | null; kind: string; text: string }[] };
  readDocumentHistory: { result: DocumentHistory };
  verifyReplication: { result: Verification };
  checkFabric: { result: CheckReport };
  listRegions: { result: { groups: Record<string, string[]> } };
  promoteRegion: { silent?: string[] };
  readTopologyHistory: { result: TopologyHistory };
  readArrivals: { result: Arrivals };
  handOverConsole: { result: { code: string; region: string; url: string; expiresInSeconds: number } };
  authenticateByCode: { jwt: string; tenant: string; username: string };
  describeConsole: { version: string; region: string; isDemo: boolean; isCluster: boolean; label: string; color: string };
  readLocalDataCenter: DatacenterInfo;
  listDataCenters: DatacenterInfo[];
  listUserFabrics: { result: FabricInfo[] };
  listFabrics: { result: string[] };
  readVersion: { server: string; license: string; version: string };
  addRegion: { joinFile: string };
  readHealth: { status: string; version: string; region: string; state: string; isHome: boolean; uptimeSeconds: number };
  listRestql: { result: SavedQuery[] };
  importRestql: { result: { created: number; errors: number; details?: { errors: { query: { name: string }; errorMessage: string }[] } } };
  listRunningQueries: QueryActivity[];
  listSlowQueries: QueryActivity[];
  readQueryProperties: { slowQueryThreshold: number };
  formatQuery: { result: { query: string } };
  readLanguageReference: { result: Reference };
  createIndex: IndexInfo;
  listGraphs: { graphs: GraphDefinition[] };
  readGraph: { graph: GraphDefinition };
  addGraphEdgeDefinition: { graph: GraphDefinition };
  replaceGraphEdgeDefinition: { graph: GraphDefinition };
  removeGraphEdgeDefinition: { graph: GraphDefinition };
  listViews: { result: { name: string }[] };
  readViewProperties: { result: View };
  listAnalyzers: { result: AnalyzerInfo[] };
}
