import { error } from '../define.js';

export const resolveCatalogue = {
};
