import manifest from "../package.json" with { type: "json" };

/** How records and reports name the program that made them. */
export const TOOL = `tailgate ${manifest.version}`;
