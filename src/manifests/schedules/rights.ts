import type { NamespaceModel } from '../../model/model.js';
import { accountWithRights } from '../account.js';
import type { Manifest } from '../manifest.js';
import { scheduleServiceAccount } from '../names.js';

/** What the pods of schedules may: make TaskRuns of their namespace, and nothing else. */
export const renderScheduleRights = (model: NamespaceModel): readonly Manifest[] =>
  accountWithRights(model, scheduleServiceAccount, [{ apiGroups: ['tekton.dev'], resources: ['taskruns'], verbs: ['create'] }]);
