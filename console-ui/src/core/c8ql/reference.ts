/** A function as the server describes it in `/_api/c8ql/reference`. */
export interface FunctionReference {
  name: string;
  signature: string;
  category: string;
  minArguments: number;
  maxArguments: number | null;
  summary: string;
  example: string;
  exampleResult: string;
}

export interface OperationReference {
  name: string;
  syntax: string;
  summary: string;
}

/** The language as this server speaks it. */
export interface Reference {
  functions: FunctionReference[];
  operations?: OperationReference[];
}

export interface CatalogueCollection {
  name: string;
  isEdge: boolean;
}

/** What completion may offer; each list is asked for when it is needed, so none of them delays typing. */
export interface Catalogue {
  reference(): Reference;
  /** The same list as long as it has not changed. */
  collections(): readonly CatalogueCollection[];
  graphs(): readonly string[];
  views(): readonly string[];
  /** Paths of fields seen in a sample of the collection: `name`, `address.zip`, `tags[*]`. */
  fields(collection: string): Promise<readonly string[]>;
}
