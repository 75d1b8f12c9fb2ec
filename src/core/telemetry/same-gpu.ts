import type { Gpu, SampledSource } from "./scrape.ts";

type Scrapes = Pick<SampledSource, "scrapes">;

/** The GPUs that these sources name. One that several of them tell of is one, in the words of the one that says most of it. */
export function gpusTogether(sources: readonly Scrapes[]): readonly Gpu[] {
  const modelsFirst = sources.map(firstGpus).sort((a, b) => Number(namesModels(b)) - Number(namesModels(a)));
  return modelsFirst.reduce<readonly Gpu[]>(
    (known, gpus) => [...known, ...gpus.filter((gpu) => !known.some((each) => isSame(each, gpu)))],
    [],
  );
}

/** Whether two sources tell of a GPU in common, as an exporter and the server that uses the GPU do. */
export const shareGpu = (one: Scrapes, other: Scrapes): boolean =>
  firstGpus(one).some((gpu) => firstGpus(other).some((each) => isSame(each, gpu)));

const firstGpus = ({ scrapes }: Scrapes): readonly Gpu[] => scrapes.find(({ scrape }) => scrape.gpus.length > 0)?.scrape.gpus ?? [];
const namesModels = (gpus: readonly Gpu[]): boolean => gpus.some(({ model }) => model !== undefined);

/** A source that does not know its host has keys without one. NVIDIA's tools write a UUID with or without its prefix. */
function isSame(one: Gpu, other: Gpu): boolean {
  if (one.key === other.key) return true;
  const isHostless = one.key.startsWith("/") || other.key.startsWith("/");
  return isHostless && bare(one.uuid) === bare(other.uuid);
}

const bare = (uuid: string): string => uuid.replace(/^GPU-/, "").toLowerCase();
