/** English words too common to tell texts apart. Words that mean something in code (`for`, `if`, `not`, `null`) are kept out. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a about am an and are as at be because been being but by can could did do does doing " +
    "from had has have having he her here hers him his how i in into is it its me my of on or our ours " +
    "she should so some such than that the their theirs them then there these they this those to too " +
    "us very was we were what when where which who whom why will with would you your yours"
  ).split(" "),
);
