/** The messages of one gRPC response, as they arrive. */
export type FrameReader = {
  /** Takes bytes in any cut; false once what came cannot be a sequence of messages. */
  readonly feed: (chunk: Uint8Array, atNs: number) => boolean;
  /** Whether bytes of an unfinished message have come. */
  readonly isInside: () => boolean;
  /** Why the bytes are no messages, after `feed` said so. */
  readonly flaw: () => string | undefined;
};

/** One message with the arrival of its first byte; `bytes` is undefined for one that is longer than what is kept. */
export type Frame = { readonly bytes: Uint8Array | undefined; readonly length: number; readonly atNs: number; readonly endNs: number };

/**
 * Cuts a response into its messages: each has a byte that says whether it is compressed, four bytes of length, and its
 * bytes. A compressed message is a flaw, since none was asked for.
 *
 * @param keep most bytes of a message that are kept; of a longer one only the length and the times are known.
 *
 * Source: grpc/grpc, doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message.
 */
export function openFrames(keep: number, onFrame: (frame: Frame) => void): FrameReader {
  const prefix = new Uint8Array(PREFIX);
  let [prefixLength, atNs, length, received] = [0, 0, 0, 0];
  let bytes: Uint8Array | undefined;
  let flaw: string | undefined;

  function begin(): boolean {
    if (prefix[0] !== 0) {
      flaw = prefix[0] === 1 ? "a message is compressed, and none was asked for" : "the answer is no sequence of gRPC messages";
      return false;
    }
    length = new DataView(prefix.buffer).getUint32(1);
    bytes = length <= keep ? new Uint8Array(length) : undefined;
    received = 0;
    return true;
  }

  function endIfWhole(endNs: number): void {
    if (prefixLength < PREFIX || received < length) return;
    onFrame({ bytes, length, atNs, endNs });
    prefixLength = 0;
    bytes = undefined;
  }

  return {
    feed(chunk, now) {
      for (let from = 0; from < chunk.length; ) {
        if (prefixLength < PREFIX) {
          if (prefixLength === 0) atNs = now;
          prefix[prefixLength++] = chunk[from++]!;
          if (prefixLength < PREFIX) continue;
          if (!begin()) return false;
        } else {
          const part = chunk.subarray(from, from + length - received);
          bytes?.set(part, received);
          received += part.length;
          from += part.length;
        }
        endIfWhole(now);
      }
      return true;
    },
    isInside: () => prefixLength > 0,
    flaw: () => flaw,
  };
}

const PREFIX = 5;

/** One message with its prefix, as it is sent. */
export function frame(message: Uint8Array): Uint8Array {
  const framed = new Uint8Array(PREFIX + message.length);
  new DataView(framed.buffer).setUint32(1, message.length);
  framed.set(message, PREFIX);
  return framed;
}
