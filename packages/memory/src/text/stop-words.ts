/** English words too common to tell texts apart. Words that mean something in code (`for`, `if`, `not`, `null`) are kept out. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    "a about am an and are as at be because been being but by can could did do does doing " +
    "from had has have having he her here hers him his how i in into is it its me my of on or our ours " +
    "she should so some such than that the their theirs them then there these they this those to too " +
    "us very was we were what when where which who whom why will with would you your yours"
  ).split(" "),
);

/** Words of a question that say little of what it is about, and stand in any text. They count for less. */
export const LIGHT_WORDS: ReadonlySet<string> = new Set(
  (
    "actually again all already also although always another any anybody anyone anything away back become becomes both came " +
    "come comes cannot else ends even ever every everybody everyone everything except find found gave get gets getting give gives given go " +
    "goes going gone gets got happen happened happens instead just keep keeps kept know known let like likely lot made make makes making " +
    "many may maybe might mine more most much must need needed needs nobody nor now nowadays often one ones only other others otherwise our own per " +
    "please put puts quite rather really said same saw say says see seem seems seen set several shall shows since someone something still " +
    "take taken takes tell thing things think though though told took try trying until upon use used using usually want wanted wants way ways " +
    "well went whether whose within without work works working yet"
  ).split(" "),
);
