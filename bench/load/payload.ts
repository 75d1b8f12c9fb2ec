/** The body that every tool posts where cost is measured: as small as a real question to a small model. */
export const SMALL_POST = JSON.stringify({ inputs: "The service was quick and the food was good." });
