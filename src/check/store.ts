import type { Connection } from '../resolve/connection.js';

/** What makes two connections one store, whatever they are called and whoever's they are. */
export function storeOf({ model: { backend } }: Connection): string {
  const where = backend.type === 'azureblob' ? [backend.account, backend.container] : [backend.bucket];
  return JSON.stringify([backend.type, backend.endpoint ?? '', ...where]);
}

/** Whether both lead to one bucket or container: paths of theirs then may meet. */
export const isSameStore = (one: Connection, other: Connection): boolean => one === other || storeOf(one) === storeOf(other);
