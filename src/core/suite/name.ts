import { InputError } from "../errors.ts";
import { readDocument } from "./document.ts";

/** The name that a suite gives itself, also where the rest of it has mistakes; undefined if there is none to be read. */
export function suiteNameIn(text: string, file: string): string | undefined {
  try {
    const value = readDocument(text, file).value();
    const name = typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
    return typeof name === "string" && name !== "" ? name : undefined;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return undefined;
  }
}
