import { UserError } from '../../pipeline/errors.ts';

/** What a server makes of the request for the rest of a file. */
export type Answer =
  | {
      readonly kind: 'body';
      readonly body: AsyncIterable<Uint8Array>;
      /** Where in the file the body begins: what was asked for, or 0. */
      readonly from: number;
      readonly etag: string | undefined;
    }
  | { readonly kind: 'again'; readonly reason: string; readonly afterSeconds?: number }
  /** What is there is not the beginning of what the server has. */
  | { readonly kind: 'start-anew'; readonly reason: string };

export interface Request {
  readonly url: string;
  /** Bytes that are there already; the rest is asked for. */
  readonly have: number;
  /** How long the whole file should be. */
  readonly bytes: number;
  /** The version that those bytes are of, if the server told. */
  readonly etag: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Asks once, following redirects (RFC 9110: ranges in section 14, If-Range in 13.1.5).
 *
 * @throws UserError when asking again would not help: no such file, not allowed, another length
 */
export async function answerOf({ url, have, bytes, etag, signal }: Request): Promise<Answer> {
  // A body that was compressed on the way could not be gone on from.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  if (have > 0) {
    headers['range'] = `bytes=${have}-`;
    if (etag !== undefined) headers['if-range'] = etag;
  }
  const response = await fetch(url, { headers, signal });
  const { status, body } = response;
  if ((status === 200 || status === 206) && body !== null) {
    const from = status === 206 ? have : 0;
    const length = status === 206 ? rangeOf(response) : { first: 0, total: lengthOf(response) };
    if (length.total !== undefined && length.total !== bytes) {
      await body.cancel();
      throw wrongSize(url, length.total, bytes);
    }
    if (length.first !== from) {
      await body.cancel();
      return { kind: 'start-anew', reason: 'sent another part than it was asked for' };
    }
    return { kind: 'body', body, from, etag: strongEtag(response) };
  }
  await body?.cancel();
  if (status === 416) return { kind: 'start-anew', reason: 'status 416' };
  if (status === 408 || status === 429 || status >= 500) {
    const afterSeconds = Number(response.headers.get('retry-after') ?? 0);
    return {
      kind: 'again',
      reason: `status ${status}`,
      afterSeconds: Number.isFinite(afterSeconds) ? afterSeconds : 0,
    };
  }
  throw new UserError(
    'download-refused',
    `${url} answers with status ${status} instead of the file. Look whether the address is still right, or name another place with --url.`,
  );
}

function wrongSize(url: string, got: number, wanted: number): UserError {
  return new UserError(
    'wrong-size',
    `${url} has ${got} bytes, not the ${wanted} that the file should have: it is another file, or a page in its place. Name the right place with --url.`,
  );
}

/** Of `Content-Range: bytes 100-199/200`; an unknown total is `*`. */
function rangeOf(response: Response): { first: number | undefined; total: number | undefined } {
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(response.headers.get('content-range') ?? '');
  const total = range?.[2];
  return {
    first: range === null ? undefined : Number(range[1]),
    total: total === undefined || total === '*' ? undefined : Number(total),
  };
}

function lengthOf(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  return length === null ? undefined : Number(length);
}

/** If-Range takes strong ones only. */
function strongEtag(response: Response): string | undefined {
  const etag = response.headers.get('etag');
  return etag === null || etag.startsWith('W/') ? undefined : etag;
}
