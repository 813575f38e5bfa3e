import { stem } from "../../text/stem.js";

/** Words of one meaning for what developers remember; the first stands for all. Never opposites, never a part for a whole. */
const SYNONYMS = `
database db databases
postgres postgresql
kubernetes k8s
environment env
repository repo
configuration config configured configure
directory folder dir
pr pull-request
javascript js
typescript ts
documentation docs documented
maximum max most
minimum min least
authentication auth
email e-mail mail
image picture
because since as
remove delete removed drop
require need needed required requires
begin start started
end finish
fail break breaks broke failed failure
old legacy
function func method
parameter argument param arg
variable var vars
application app
dependency dependencies deps
forbid forbidden disallow disallowed
manually hand
frontend front-end
backend back-end
below under
above over
ok okay fine acceptable
name called named
check verify validate verified checked
show print display shows prints
later newer
build built
write written wrote
read reads
send sent
come came
show shown
throw thrown threw
know known knew
choose chosen chose
find found
split splits
lose lost
mean meant
occur take-place takes-place took-place
every each
hold held
`;

/**
 * Words that change nothing when they are there or not: what is used, kept, set or made, and who says so. Of two words that
 * tell memories apart (get and put, every and for, what and how), at most one may stand here.
 */
const WEAK = `
use used using uses usage via through
keep kept live lives lie lies located contain contains hold holds have has had stay stays serve served serves
set make made do done does did run runs ran goes put give gives given gave
must shall should will would can could may might always please
be become so thus therefore now just simply also too currently already still yet instead rather than such
our we us you your it its they them their he she this that these those there here
by of in on at for with as to into from inside during about and but the a an is are was were been being
decision decided decide agreed agree note reason cause caused due because since say says mean means
which who whom whose where when if while
happen happens occur occurs
all any
case way thing kind sort
etc e.g i.e
der die das den dem des ein eine einen einem einer und ist sind wird werden im am an auf zu zum zur von vom mit fuer bei
le la les l un une du de d et est sont dans sur pour par avec en au aux ce cette qui que
el los las uno una unos unas y es son esta estan del para por con se lo al
os as um uma uns e ou sao na nos nas da dos das em com ao
и в на с по для из от к о об это
`;

/** Words that turn what is said into its contrary. */
const NEGATIONS = `
not no never none nothing nobody neither nor cannot forbid forbids forbidden disallow disallowed avoid prohibited
nicht kein keine keinen keinem keiner nie niemals
pas jamais aucun aucune ne n
nunca ningún ninguna jamás
não nenhum nenhuma
не нет никогда нельзя
`;

/** Words that turn a condition into its contrary. */
const EXCEPTIONS = "without unless except ohne sans sin sem без";

/** Pairs of opposites: a memory with one in place of the other says the contrary, or speaks of the other side. */
const OPPOSITES = `
always never
on off
true false
yes no
enable disable
enabled disabled
allow forbid
allowed forbidden
include exclude
public private
required optional
synchronous asynchronous
sync async
ascending descending
asc desc
first last
before after
above below
light dark
single double
short detailed
short long
client server
read write
up down
open closed
start stop
increase decrease
import export
encode decode
upload download
minimum maximum
tabs spaces
merge rebase
manual automatic
manually automatically
mutable immutable
stateful stateless
strict loose
integer float
local remote
internal external
input output
parent child
empty full
net gross
more fewer
faster slower
keep skip
everyone only
nullable required
uses forbids
return throw
`;

/** Words that bind what is said to a place: another one makes it another memory, not a newer value of the same. */
const SCOPES = `
production prod staging stage development dev test testing local locally ci qa preview sandbox canary
windows linux macos mac ubuntu debian alpine ios android web mobile desktop
frontend backend client server api cli worker gateway
x86 x86_64 amd64 arm64 arm
firefox chrome safari edge
python go rust java javascript typescript ruby php kotlin swift scala elixir c c++ c#
read write connect min max minimum maximum
produktion
`;

const UNITS = `
ms millisecond milliseconds msec
s sec secs second seconds sek sekunden
min mins minute minutes minuten
h hr hrs hour hours stunden
d day days tage tagen дней
w week weeks wochen
kb kib kilobyte kilobytes
mb mib megabyte megabytes
gb gib gigabyte gigabytes
tb tib terabyte terabytes
% percent pct prozent
px pixel pixels
b byte bytes
usd dollar dollars $
eur euro euros €
`;

const NUMBERS =
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty";

const lines = (text: string): readonly (readonly string[])[] =>
  text
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));

/** Each word of each line by its stem, as the stem of the line's first. */
function byFirst(text: string): ReadonlyMap<string, string> {
  return new Map(
    lines(text).flatMap(([first = "", ...rest]) =>
      [first, ...rest].map((word) => [rootOf(word.replace("-", "")), rootOf(first)] as const),
    ),
  );
}

/** The stem that stands for all stems of one meaning. */
export const MEANINGS: ReadonlyMap<string, string> = byFirst(SYNONYMS);

/** Words without accents, not stems, and which way they turn what is said. */
export const NEGATING: ReadonlyMap<string, "not" | "without"> = new Map([
  ...lines(NEGATIONS)
    .flat()
    .map((word) => [plain(word), "not"] as const),
  ...EXCEPTIONS.split(" ").map((word) => [plain(word), "without"] as const),
]);

/** Words that count for nothing though their stem does not. */
export const WEAK_WORDS: ReadonlySet<string> = new Set(["called", "named"]);

/** Stems that count for nothing. */
export const WEAK_STEMS: ReadonlySet<string> = new Set(
  lines(WEAK)
    .flat()
    .map((word) => meaningOf(plain(word))),
);

/** Stems of scope words, each as what stands for it. */
export const SCOPE_STEMS: ReadonlySet<string> = new Set(
  lines(SCOPES)
    .flat()
    .map((word) => meaningOf(word)),
);

/** Words of units and what stands for them. */
export const UNIT_OF: ReadonlyMap<string, string> = new Map(
  lines(UNITS).flatMap(([first = "", ...rest]) => [first, ...rest].map((word) => [word, first] as const)),
);

/** Number words and their digits. */
export const NUMBER_OF: ReadonlyMap<string, string> = new Map(
  NUMBERS.split(" ").map((word, index) => [word, String(index)] as const),
);

/** Which words each word is the opposite of, as what stands for their stems. */
export const OPPOSITE_OF: ReadonlyMap<string, ReadonlySet<string>> = opposites();

/** A word in lower case and without accents. */
export function plain(word: string): string {
  return word
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]+/g, "")
    .normalize("NFC")
    .toLowerCase();
}

/** What stands for a word that is plain. */
export function meaningOf(word: string): string {
  const key = rootOf(word);
  return MEANINGS.get(key) ?? key;
}

/** Whether two words that were written together have a meaning of their own: pull request, take place. */
export function isCompound(together: string): boolean {
  return MEANINGS.has(rootOf(together));
}

/** The stem, without what makes a noun of a verb and an adverb of an adjective: integration, lazily. */
function rootOf(word: string): string {
  return stem(american(word))
    .replace(/(?<=^[a-z]{3,}at)ion$/, "")
    .replace(/(?<=^[a-z]{4,})li$/, "");
}

/** American spelling of what is British: colour, behaviour, normalise, initialised, licence. */
function american(word: string): string {
  return word
    .replace(/^(behavi|col|fav|flav|hon|lab|neighb)our/, "$1or")
    .replace(/(?<=[a-z]{3}[^aeiou])is(e|ed|es|ing|ation|er)$/, "iz$1")
    .replace(/lys(e|ed|es|ing)$/, "lyz$1")
    .replace(/^licence/, "license");
}

function opposites(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [one = "", other = ""] of lines(OPPOSITES)) {
    for (const [from, to] of [
      [one, other],
      [other, one],
    ] as const) {
      const key = meaningOf(from);
      found.set(key, (found.get(key) ?? new Set()).add(meaningOf(to)));
    }
  }
  return found;
}
