/**
 * The compiled Task of a service as one real Pod, in a namespace that enforces Pod Security `restricted`, with real stores.
 * All of it shares one cluster; the subjects are in pod/.
 */
import { afterAll, beforeAll } from 'vitest';
import { type Bed, makeBed } from './pod/bed.js';
import { testFeedback } from './pod/feedback.js';
import { testIsolation } from './pod/isolation.js';
import { testLingeringPredictor } from './pod/lingering.js';
import { testOutcomes } from './pod/outcomes.js';

let made: Bed | undefined;
beforeAll(async () => {
  made = await makeBed();
});
afterAll(() => made?.stop());
const bed = (): Bed => {
  if (!made) throw new Error('there is no cluster');
  return made;
};

testOutcomes(bed);
testIsolation(bed);
testLingeringPredictor(bed);
testFeedback(bed);
