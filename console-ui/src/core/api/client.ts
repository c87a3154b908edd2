import { signal } from '@preact/signals';
import { expired, session } from '../session';
import { fabric } from '../router';
import type { Answers } from './answers';
import { errorText } from './errorText';
import { operations, type OperationInputs } from './operations';

export type OperationName = keyof typeof operations;
export type Answer<Name extends OperationName> = Name extends keyof Answers ? Answers[Name] : unknown;

type Required<T> = keyof T extends never ? { path?: Record<never, string> } : { path: T };

/** What a call takes: the path's parameters without tenant and fabric, the query's, the body. A string or Blob is sent as it is. */
export type Input<Name extends OperationName> = Required<OperationInputs[Name]['path']> & {
  query?: Partial<OperationInputs[Name]['query']> & Record<string, string | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** After how long to give up; 30 seconds unless told, 0 for never. */
  timeoutMilliseconds?: number;
  /** Another fabric than the page's. */
  fabric?: string;
};

/** A refusal, with what is needed to act on it and to report it. */
export class ApiError extends Error {
  constructor(
    message: string,
    readonly status: number,
    readonly errorNum: number,
    readonly requestId: string,
    readonly operation: string,
    readonly body: Record<string, unknown>,
  ) {
    super(message);
  }
}

/** The request never reached an answer: no network, or the time is over. */
export class Unreachable extends Error {}

/** How often in a row the server could not be reached; the shell shows a bar when it is not zero. */
export const failedAttempts = signal(0);

export interface Reply<T> {
  value: T;
  status: number;
  headers: Headers;
  milliseconds: number;
  bytes: number;
}

/** Calls the server and gives the answer's JSON. Throws ApiError, Unreachable, or an AbortError when the caller cancelled. */
export async function call<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Answer<Name>> {
  return (await callWithReply(name, input)).value;
}

/** As `call`, with status, headers, time and size. */
export async function callWithReply<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Reply<Answer<Name>>> {
  const started = performance.now();
  const response = await send(name, input);
  const text = await response.text();
  const value = parse(text);
  return {
    value: value as Answer<Name>,
    status: response.status,
    headers: response.headers,
    milliseconds: performance.now() - started,
    // What came over the line may be compressed.
    bytes: response.headers.has('content-encoding') ? text.length : Number(response.headers.get('content-length')) || text.length,
  };
}

/** As `call`, with the response itself, for streaming. Errors are thrown as by `call`. */
export async function send<Name extends OperationName>(name: Name, input: Input<Name>): Promise<Response> {
  for (;;) {
    const token = session.value?.token;
    const response = await reach(name, input as Input<OperationName>, token);
    if (response.ok || response.status === 304) return response;
    if (response.status === 401 && name !== 'logIn' && token && (await signedInAgain(token))) continue;
    throw await refusal(name, response);
  }
}

async function reach(name: OperationName, input: Input<OperationName>, token: string | undefined): Promise<Response> {
  const limit = input.timeoutMilliseconds ?? 30_000;
  const timeout = limit > 0 ? AbortSignal.timeout(limit) : undefined;
  const signals = [input.signal, timeout].filter(one => one !== undefined);
  const { body } = input;
  const raw = typeof body === 'string' || body instanceof Blob;
  try {
    const response = await fetch(addressOf(name, input), {
      method: operations[name][0],
      headers: {
        ...(token ? { authorization: `bearer ${token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...input.headers,
      },
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body),
      signal: signals.length ? AbortSignal.any(signals) : undefined,
      cache: 'no-store',
    });
    failedAttempts.value = 0;
    return response;
  } catch (error) {
    if (input.signal?.aborted) throw error;
    if (timeout?.aborted) throw new Unreachable(`No answer within ${limit / 1000} seconds`);
    failedAttempts.value++;
    throw new Unreachable('The server cannot be reached');
  }
}

// One login in place serves every request that waits for it.
function signedInAgain(refused: string): Promise<boolean> {
  if (session.value && session.value.token !== refused) return Promise.resolve(true);
  expired.value = true;
  return new Promise(resolve => {
    const stop = session.subscribe(now => {
      if (now?.token === refused) return;
      resolve(now !== null);
      queueMicrotask(() => stop());
    });
  });
}

async function refusal(name: OperationName, response: Response): Promise<ApiError> {
  const body = (parse(await response.text().catch(() => '')) ?? {}) as Record<string, unknown>;
  const message = typeof body.errorMessage === 'string' ? errorText(body.errorMessage) : `The server answered ${response.status}`;
  return new ApiError(message, response.status, Number(body.errorNum) || response.status, response.headers.get('x-gdn-requestid') ?? '', name, body);
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}

/** The path and query of a call. */
export function addressOf(name: OperationName, input: { path?: Record<string, string>; query?: Record<string, string | undefined>; fabric?: string }): string {
  const given: Record<string, string> = { tenant: session.value?.tenant ?? '_mm', fabric: input.fabric ?? fabric.value, ...input.path };
  const path = operations[name][1].replace(/\{(\w+)\}/g, (_, parameter: string) => encodeURIComponent(given[parameter] ?? ''));
  const query = new URLSearchParams(Object.entries(input.query ?? {}).filter((pair): pair is [string, string] => pair[1] !== undefined)).toString();
  return query ? `${path}?${query}` : path;
}

/** The same call as a line for a shell; the token comes from the variable TOKEN. */
export function curlOf<Name extends OperationName>(name: Name, input: Input<Name>): string {
  const body = input.body === undefined ? '' : ` \\\n  -H 'content-type: application/json' -d ${quote(typeof input.body === 'string' ? input.body : JSON.stringify(input.body))}`;
  const address = window.location.origin + addressOf(name, input as Input<OperationName>);
  return `curl -X ${operations[name][0]} ${quote(address)} \\\n  -H "authorization: bearer $TOKEN"${body}`;
}

const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

