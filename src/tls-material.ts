import { createPrivateKey, X509Certificate } from "node:crypto";
import { dirname, join } from "node:path";
import { InputError, InputErrors } from "./core/errors.ts";
import type { ParsedSuite } from "./core/suite/parse.ts";
import type { TlsMaterial } from "./core/suite/suite.ts";

/** A certificate or a key is a few kilobytes, a bundle of every authority in the world less than one megabyte. */
const MOST_BYTES = 16 * 1024 * 1024;

type ReadText = (path: string, what: string, maxBytes?: number) => Promise<string>;

/**
 * Reads the files that `target.tls` names, relative to the suite's own folder, and checks them as far as it can be done
 * without the endpoint: each holds what it should, and the key belongs to the certificate.
 *
 * @throws {InputErrors} with the position of each file's key in the suite. What a file holds is never part of it.
 */
export async function readTlsMaterial(suiteFile: string, { suite, locate }: ParsedSuite, readText: ReadText): Promise<TlsMaterial> {
  const { tls } = suite.target;
  const errors: InputError[] = [];
  const complain = (key: keyof TlsMaterial, message: string, hint: string | undefined) =>
    void errors.push(
      new InputError(`target.tls.${key}: ${message}`, {
        ...(hint === undefined ? {} : { hint }),
        position: locate(["target", "tls", key]),
      }),
    );
  const read = async (key: keyof TlsMaterial, what: string, problemOf: (pem: string) => readonly [string, string] | undefined) => {
    const path = tls[key];
    if (path === undefined) return undefined;
    try {
      const pem = await readText(join(dirname(suiteFile), path), what, MOST_BYTES);
      const problem = problemOf(pem);
      if (problem === undefined) return pem;
      complain(key, `${path} ${problem[0]}`, problem[1]);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      complain(key, error.message, error.hint);
    }
    return undefined;
  };
  const ca = await read("ca", "certificate file", certificateProblem);
  const cert = await read("cert", "certificate file", certificateProblem);
  const key = await read("key", "key file", keyProblem);
  if (cert !== undefined && key !== undefined && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key)))
    complain("key", `${tls.key} is not the key of the certificate ${tls.cert}`, "give the two files that were made together");
  if (errors.length > 0) throw new InputErrors(errors);
  return { ca, cert, key };
}

const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]+?-----END \1-----/g;

function certificateProblem(text: string): readonly [string, string] | undefined {
  const blocks = text.match(BLOCK) ?? [];
  if (blocks.length === 0) {
    return text.includes("PRIVATE KEY-----")
      ? ["holds a key and no certificate", "is it the file for tls.key?"]
      : ["holds no certificate in PEM", "it begins with -----BEGIN CERTIFICATE-----; openssl x509 -inform der turns DER into PEM"];
  }
  return blocks.every(isCertificate) ? undefined : ["holds a certificate that cannot be read", "is the file complete?"];
}

const isCertificate = (pem: string): boolean => readable(() => new X509Certificate(pem));

function keyProblem(text: string): readonly [string, string] | undefined {
  if (!text.includes("PRIVATE KEY-----")) {
    return text.includes("-----BEGIN CERTIFICATE-----")
      ? ["holds a certificate and no key", "is it the file for tls.cert?"]
      : ["holds no key in PEM", "it begins with -----BEGIN PRIVATE KEY----- or the like"];
  }
  if (/ENCRYPTED/.test(text)) return ["holds an encrypted key", "decrypt it before the run: openssl pkey -in … -out …"];
  return readable(() => createPrivateKey(text)) ? undefined : ["holds a key that cannot be read", "is the file complete?"];
}

function readable(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch {
    return false;
  }
}
