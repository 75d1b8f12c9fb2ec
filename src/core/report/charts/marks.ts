import { dot, type Markish, text } from "@observablehq/plot";

/** A value worth reading: a small dot that says it when pointed at, and to those who hear the page. */
export type Spoken = { readonly x: number; readonly y: number; readonly colour: string; readonly says: string };

export const spokenDots = (points: readonly Spoken[]): Markish =>
  dot(points, { x: "x", y: "y", r: 3.5, fill: "colour", stroke: "var(--ground)", title: "says" });

/** A line of text below the horizontal axis: what is measured along it. */
export const axisNote = (says: string): Markish => text([says], { frameAnchor: "bottom", dy: 36, className: "note" });
