import { getOctokit } from "./vendor-lazy.js";

export { getOctokit };