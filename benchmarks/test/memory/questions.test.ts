import { describe, expect, test } from "vitest";
import { sample, seededRandom } from "../../lib/random.js";
import { QUESTION_STYLES, readHistory, readQuestions } from "../../memory/project-history.js";

const history = await readHistory();
const questions = await readQuestions();
const records = new Map(history.map((record) => [record.id, record]));

/** Words that a question and a record may share without being about the same thing. */
const COMMON = new Set(
  "a an the is are was were do does did i we to of in on for and or how what why when which where who with my me it that this from by at be can has have not no".split(
    " ",
  ),
);

function words(text: string): readonly string[] {
  const found = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(found)].filter((word) => word.length > 1 && !COMMON.has(word));
}

describe("the history", () => {
  test("has some 420 records in the order of their times, none twice", () => {
    expect(history.length).toBeGreaterThanOrEqual(400);
    expect(records.size).toBe(history.length);
    expect(new Set(history.map(({ content }) => content.toLowerCase())).size).toBe(history.length);
    const times = history.map(({ recordedAt }) => recordedAt);
    expect(times).toEqual([...times].sort((one, other) => one - other));
  });

  test("has contents of 20 to 600 characters, tags and importances", () => {
    for (const { id, content, tags, importance } of history) {
      expect(content.length, id).toBeGreaterThanOrEqual(20);
      expect(content.length, id).toBeLessThanOrEqual(600);
      expect(tags.length, id).toBeGreaterThan(0);
      expect(importance, id).toBeGreaterThan(0);
      expect(importance, id).toBeLessThanOrEqual(1);
    }
  });

  test("a corrected record ended after it was written", () => {
    const corrected = history.filter(({ validTo }) => validTo !== undefined);
    expect(corrected.length).toBeGreaterThanOrEqual(8);
    for (const { id, recordedAt, validTo } of corrected) expect(validTo, id).toBeGreaterThan(recordedAt);
  });
});

describe("the questions", () => {
  test("are at least 240, none twice, each with records that exist and are still true", () => {
    expect(questions.length).toBeGreaterThanOrEqual(240);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(new Set(questions.map(({ question }) => question.toLowerCase())).size).toBe(questions.length);
    for (const { id, answers } of questions) {
      expect(answers.length, id).toBeGreaterThan(0);
      for (const answer of answers) {
        expect(records.has(answer), `${id}: ${answer}`).toBe(true);
        expect(records.get(answer)?.validTo, `${id}: ${answer}`).toBeUndefined();
      }
    }
  });

  test("are split by the seeded draw that the README states", () => {
    const drawn = sample(
      questions.map(({ id }) => id),
      60,
      seededRandom("developer questions"),
    );
    const tune = questions.filter(({ split }) => split === "tune").map(({ id }) => id);
    expect([...tune].sort()).toEqual([...drawn].sort());
  });

  test("share at most one word with their records in a third of the cases, and every style is there", () => {
    const shared = questions.map(({ question, answers }) => {
      const asked = words(question);
      const texts = answers.map((id) => {
        const record = records.get(id);
        return new Set(words(`${record?.content} ${record?.tags.join(" ")}`));
      });
      return Math.max(...texts.map((text) => asked.filter((word) => text.has(word)).length));
    });
    const few = shared.filter((count) => count <= 1).length;
    expect(few / questions.length).toBeGreaterThan(0.3);
    for (const style of QUESTION_STYLES) {
      expect(questions.filter((question) => question.style === style).length, style).toBeGreaterThan(20);
    }
  });
});
