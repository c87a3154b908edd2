/** An event of a text/event-stream. */
export interface ServerEvent {
  name: string;
  data: string;
}

/** Takes the text of a stream in pieces of any size, and gives the events that are complete. */
export class EventReader {
  private rest = '';

  read(piece: string): ServerEvent[] {
    const blocks = (this.rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.rest = blocks.pop() ?? '';
    return blocks.map(eventOf).filter(event => event.data !== '');
  }
}

function eventOf(block: string): ServerEvent {
  const event = { name: 'message', data: [] as string[] };
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event') event.name = value;
    else if (field === 'data') event.data.push(value);
  }
  return { name: event.name, data: event.data.join('\n') };
}

/** The events of a response's body, until it ends or the request is cancelled. */
export async function* eventsOf(response: Response): AsyncGenerator<ServerEvent> {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const events = new EventReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield* events.read(value);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
