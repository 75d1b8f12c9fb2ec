import { allTensors, type FoundTensor, foundTensor } from "./tensors.ts";

/** A model that the files of a repository name. `tensors`: undefined where they do not say. */
export type TritonModel = { readonly name: string; readonly path: string; readonly tensors: readonly FoundTensor[] | undefined };

/**
 * A model of a Triton model repository from its `config.pbtxt`: name and inputs. Text format of protocol buffers, read by
 * what a person sees in it; a file written in another way has its name and no inputs.
 *
 * Source: triton-inference-server/server, docs/user_guide/model_configuration.md.
 */
export function tritonModel(path: string, text: string): TritonModel {
  const plain = text.replace(/#.*$/gm, "");
  const folder = path.split("/").at(-2);
  const name = /^\s*name\s*:\s*"([^"]+)"/m.exec(plain.replace(/\{[^{}]*\}/g, ""))?.[1] ?? folder ?? "model";
  // With a batch size the dimension of the batch is not written.
  const isBatched = Number(/^\s*max_batch_size\s*:\s*(\d+)/m.exec(plain)?.[1] ?? 0) > 0;
  const list =
    /\binput\s*:?\s*\[([\s\S]*?\})\s*\]/.exec(plain)?.[1] ?? [...plain.matchAll(/\binput\s*\{[^{}]*\}/g)].map(([one]) => one).join();
  const inputs = [...list.matchAll(/\{([^{}]*)\}/g)].map(([, body = ""]) => {
    const dims = /\bdims\s*:\s*\[([^\]]*)\]/.exec(body)?.[1]?.split(",").map(Number) ?? [];
    const datatype = /\bdata_type\s*:\s*TYPE_(\w+)/.exec(body)?.[1];
    const shape = isBatched ? [-1, ...dims] : dims;
    return foundTensor(/\bname\s*:\s*"([^"]+)"/.exec(body)?.[1], shape, datatype === "STRING" ? "BYTES" : datatype);
  });
  return { name, path, tensors: allTensors(inputs) };
}
