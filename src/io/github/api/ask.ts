import type { openClient } from "../connection.ts";
import { requestError, statusOf } from "../connection.ts";

/** What every part of the API works with: the client, the repository, and a way to ask that names the permission it needs. */
export type Asking = {
  readonly client: Awaited<ReturnType<typeof openClient>>;
  readonly repo: { readonly owner: string; readonly repo: string };
  /**
   * @param doing completes "the token may not …".
   * @param permission the line of the job's `permissions` that allows it.
   */
  readonly ask: <T>(doing: string, permission: string, request: () => Promise<T>) => Promise<T>;
};

export const PER_PAGE = 100;

export const askIn = async <T>(doing: string, permission: string, request: () => Promise<T>): Promise<T> => {
  try {
    return await request();
  } catch (error) {
    throw requestError(error, doing, permission);
  }
};

export function undefinedFor404(error: unknown): undefined {
  if (statusOf(error) !== 404) throw error;
}
