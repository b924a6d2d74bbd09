import type { EventEmitter } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Server {
  readonly url: string;
  /** The headers of each request so far. */
  readonly requests: readonly http.IncomingHttpHeaders[];
  readonly close: () => Promise<void>;
}

/** How the server answers its first, second, ... request; the last answer stands for all further ones. */
export type Behaviour = (request: http.IncomingMessage, response: http.ServerResponse) => void;

export async function serve(...behaviours: readonly Behaviour[]): Promise<Server> {
  const requests: http.IncomingHttpHeaders[] = [];
  const server = http.createServer((request, response) => {
    requests.push(request.headers);
    const behaviour = behaviours[Math.min(requests.length, behaviours.length) - 1];
    behaviour?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/speech.zip`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** As a good server does: whole, or from where it is asked, if the version is the one asked for. */
export function sends(file: Buffer, etag = '"one"'): Behaviour {
  return (request, response) => {
    const { range, 'if-range': ifRange } = request.headers;
    const first = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (first === 0 || (ifRange !== undefined && ifRange !== etag)) {
      response.writeHead(200, { 'content-length': file.length, etag }).end(file);
      return;
    }
    const contentRange = `bytes ${first}-${file.length - 1}/${file.length}`;
    const body = file.subarray(first);
    response
      .writeHead(206, { 'content-length': body.length, 'content-range': contentRange, etag })
      .end(body);
  };
}

/**
 * Promises the whole file, sends so much of it, and cuts the connection when `client` says with an event
 * 'bytes' that so many have come: a cut at once would lose what is still on its way.
 */
export function cutsAfter(
  bytes: number,
  file: Buffer,
  client: EventEmitter<{ bytes: [number] }>,
  etag = '"one"',
): Behaviour {
  return (_request, response) => {
    const cut = (done: number): void => {
      if (done !== bytes) return;
      client.off('bytes', cut);
      response.destroy();
    };
    client.on('bytes', cut);
    response.writeHead(200, { 'content-length': file.length, etag });
    response.write(file.subarray(0, bytes));
  };
}

/** Sends a body in chunks, so without saying how long it is. */
export function sendsChunked(body: Buffer): Behaviour {
  return (_request, response) => {
    response.writeHead(200);
    response.write(body);
    response.end();
  };
}

export function answers(status: number, headers: http.OutgoingHttpHeaders = {}): Behaviour {
  return (_request, response) => {
    response.writeHead(status, headers).end('no file here');
  };
}

/** Takes the request, and never answers. */
export const staysSilent: Behaviour = () => undefined;
