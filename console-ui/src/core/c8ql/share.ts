// A query in an address: compressed, in the hash, so that no server logs it.

/** What a shared link opens. */
export interface SharedQuery {
  text: string;
  binds?: Record<string, { type: string; text: string }>;
}

export async function packQuery(query: SharedQuery): Promise<string> {
  const bytes = await through(new Blob([JSON.stringify(query)]).stream().pipeThrough(new CompressionStream('deflate-raw')));
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** The query of a link, or null when the text is none. */
export async function unpackQuery(packed: string): Promise<SharedQuery | null> {
  try {
    const bytes = Uint8Array.from(atob(packed.replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0));
    const plain = await through(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
    const query = JSON.parse(new TextDecoder().decode(plain)) as SharedQuery;
    return typeof query.text === 'string' ? query : null;
  } catch {
    return null;
  }
}

const through = async (stream: ReadableStream): Promise<Uint8Array> => new Uint8Array(await new Response(stream).arrayBuffer());
