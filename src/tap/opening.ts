import { BodyReader } from './body-reader.js';

/** How a connection begins: with questions about encryption, then as a session, or for another purpose. */
export type OpeningState =
  /** It is not known yet. */
  | { readonly kind: 'open' }
  /** A session; `rest` is what the client has sent behind the start. */
  | { readonly kind: 'session'; readonly parameters: ReadonlyMap<string, string>; readonly rest: Buffer }
  /** It asks to cancel a statement of another connection. */
  | { readonly kind: 'cancel' }
  | { readonly kind: 'encrypted' }
  /** Another protocol, or none. */
  | { readonly kind: 'unreadable' };

const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const PROTOCOL_MAJOR = 3;
/** `MAX_STARTUP_PACKET_LENGTH` of the server. */
const STARTUP_BYTES_MOST = 10_000;
const REQUEST_BYTES = 8;
/** First byte of a TLS handshake: the client speaks TLS without having asked (`sslnegotiation=direct`). */
const TLS_HANDSHAKE = 0x16;
const YES_TO_SSL = 'S'.charCodeAt(0);
const YES_TO_GSS = 'G'.charCodeAt(0);
const NO = 'N'.charCodeAt(0);

const OPEN: OpeningState = { kind: 'open' };

/** Follows a connection up to where its session begins. */
export class Opening {
  private received: Buffer = Buffer.alloc(0);
  private isAsked = false;

  /** Takes bytes of the client's. */
  fromClient(chunk: Buffer): OpeningState {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    if (!this.isAsked) return this.read();
    // A client waits for the answer, and sends nothing until then.
    return this.received.length > STARTUP_BYTES_MOST ? { kind: 'unreadable' } : OPEN;
  }

  /** Takes bytes of the server's: the one byte that answers a question about encryption. */
  fromServer(chunk: Buffer): OpeningState {
    if (!this.isAsked || chunk.length !== 1) return { kind: 'unreadable' };
    const [answer] = chunk;
    if (answer === YES_TO_SSL || answer === YES_TO_GSS) return { kind: 'encrypted' };
    if (answer !== NO) return { kind: 'unreadable' };
    this.isAsked = false;
    return this.read();
  }

  private read(): OpeningState {
    const { received } = this;
    if (received[0] === TLS_HANDSHAKE) return { kind: 'encrypted' };
    if (received.length < REQUEST_BYTES) return OPEN;
    const length = received.readInt32BE(0);
    const code = received.readInt32BE(4);
    if (length < REQUEST_BYTES || length > STARTUP_BYTES_MOST) return { kind: 'unreadable' };
    if (code === CANCEL_REQUEST) return { kind: 'cancel' };
    if (code >> 16 !== PROTOCOL_MAJOR && code !== SSL_REQUEST && code !== GSS_REQUEST) return { kind: 'unreadable' };
    if (received.length < length) return OPEN;
    const rest = received.subarray(length);
    if (code >> 16 === PROTOCOL_MAJOR)
      return { kind: 'session', parameters: readParameters(received.subarray(REQUEST_BYTES, length)), rest };
    this.received = rest;
    this.isAsked = true;
    return OPEN;
  }
}

/** Pairs of texts, up to an empty one. */
function readParameters(body: Buffer): ReadonlyMap<string, string> {
  const reader = new BodyReader(body, 0, body.length);
  const parameters = new Map<string, string>();
  while (reader.has(2)) {
    const name = reader.text();
    if (name === '') break;
    parameters.set(name, reader.text());
  }
  return parameters;
}
