import { type Generator, integerBetween } from "./random.ts";

/** Ours, written for this purpose: short and long words of support tickets and reviews, one to three tokens each. */
export const WORDS: readonly string[] =
  `about above account across address after again agent ago all almost already also always amount answer any
anything app arrived as ask at available away back bad balance bank battery be because before began below best better
between big bill bought box brand bring broken browser but button buy by call came camera can cancel card care careful
case change charge cheap check clear clearly click close code cold color come compare complete computer confirm connect
could country credit customer daily damaged date day dead deal decide delay delivery desk device did different display
do does door down download early easy either email empty end enough error even evening every exactly expect expensive
explain extra fail fair far fast feel few file fine first fix for form found four free friend from full further gave
get give glad go good got great half hand happen happy hard has have hear heavy help her here high him his home hour
house how however if important in inside instead into invoice is issue it item its just keep keyboard kind know label
large last late later learn least leave left less let letter light like line list little log long look lost lot loud
love low machine made mail make many match may maybe me mean meeting message middle might minute missing model money
month more morning most move much must my name near need never new next nice night no noise nor not note nothing notice
now number of off offer office often old on once one online only open or order other our out outside over own package
page paid paper part password past pay people perhaps phone photo place plan please point poor possible power price
print problem product promise put question quick quickly quiet quite rather reach read ready real really reason receipt
received recommend refund remain remember repair reply report request reset return right room run safe said same save
say screen second see seem sell send service set several she ship shipping shop short should show side sign signal
simple since size slow small so some soon sorry sound speak stand start state station step still stop store story
street strong such suggest support sure system table take tell than thank that the their them then there they thing
think this those three through ticket time to today together tomorrow too took top total toward town tracking train
trust try turn twice two under unit until up update upgrade us use user usual value very video visit voice wait walk
want warm was water way we website week well went were what when where which while white who whole why will window
wish with within without word work world would write wrong year yes yesterday yet you your`.split(/\s+/);

/**
 * English-looking sentences of a uniformly drawn number of words.
 *
 * @param words least and most words, both included, integers 1 ≤ min ≤ max.
 */
export function syntheticText(next: Generator, [min, max]: readonly [number, number]): string {
  let left = integerBetween(next, min, max);
  const sentences: string[] = [];
  while (left > 0) {
    const length = Math.min(left, integerBetween(next, 6, 16));
    const words = Array.from({ length }, () => syntheticWord(next)).join(" ");
    sentences.push(`${words.charAt(0).toUpperCase()}${words.slice(1)}.`);
    left -= length;
  }
  return sentences.join(" ");
}

export function syntheticWord(next: Generator): string {
  return WORDS[integerBetween(next, 0, WORDS.length - 1)]!;
}
