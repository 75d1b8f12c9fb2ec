/** What is asked where a suite names no payload and the protocol needs a text: something any model can read. */
export const SAMPLE_TEXT = "The delivery was late, but the support was friendly and quick.";
