/** What a thread does for the cache, by question. */
import { keep, type KeepQuestion } from './keep';
import { missingObjects } from './objects';
import { publish, type PublishQuestion } from './publish';
import { relink, type RelinkQuestion } from './relink';
import { allKept, type KeptQuestion } from './standing';
import { walk, type WalkQuestion } from './walk';

export interface MissingQuestion {
  readonly do: 'missing';
  readonly objects: string;
  readonly wanted: readonly (readonly [md5: string, size: number])[];
}

export type Question = KeepQuestion | PublishQuestion | RelinkQuestion | WalkQuestion | MissingQuestion | KeptQuestion;

interface Answers {
  readonly keep: ReturnType<typeof keep>;
  readonly publish: ReturnType<typeof publish>;
  readonly relink: ReturnType<typeof relink>;
  readonly walk: ReturnType<typeof walk>;
  readonly missing: ReturnType<typeof missingObjects>;
  readonly kept: boolean;
}
export type AnswerTo<Q extends Question> = Answers[Q['do']];

/** Throws what the disk of the cache throws; what is wrong with the data is an answer. */
export function answer(question: Question): Answers[Question['do']] {
  switch (question.do) {
    case 'keep':
      return keep(question);
    case 'publish':
      return publish(question);
    case 'relink':
      return relink(question);
    case 'walk':
      return walk(question);
    case 'missing':
      return missingObjects(question.objects, question.wanted);
    case 'kept':
      return allKept(question);
  }
}
