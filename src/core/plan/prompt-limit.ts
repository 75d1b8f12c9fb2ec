/** Most bytes that the prompts of a class may take in a scenario: about 50 million tokens. They are held until the run is over, once for the process and once for each sending thread. */
export const MOST_PROMPT_BYTES = 256 * 2 ** 20;

/** Of our synthetic texts, on average; a word with its part of the full stops takes 5.9. */
export const BYTES_OF_A_TOKEN = 5.4;
