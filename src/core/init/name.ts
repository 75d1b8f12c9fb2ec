/** A name that can stand in a suite as it is: no control characters, and nothing that a suite would fill in. */
export const isName = (value: unknown): value is string =>
  typeof value === "string" && value !== "" && value.length <= 200 && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) && !value.includes("${");
