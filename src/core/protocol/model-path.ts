import { InputError } from "../errors.ts";
import type { Target } from "../suite/suite.ts";

/** The target's own path, or the one that its model gives. @throws {InputError} where there is neither. */
export function modelPath({ path, model, protocol }: Target, pathOf: (model: string) => string): string {
  if (path !== undefined) return path;
  if (model !== undefined) return pathOf(encodeURIComponent(model));
  throw new InputError(`protocol ${protocol} needs the name of the model`, { hint: "write it under target.model, or give target.path" });
}
